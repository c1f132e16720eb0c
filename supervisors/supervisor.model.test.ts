/**
 * The supervisor against a small oracle of OTP's rules, which knows neither
 * promises nor timers: a list of children, a list of times and a loop.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { RestartType } from "./child_spec.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";
import { ScriptedChildren, steadyRandom } from "./supervisor_test_kit.ts";

/** All delays are multiples of it, so that time moves from one timer to the next. */
const STEP_MS = 100;

interface OracleChild {
  id: string;
  restart: RestartType;
  state: "running" | "waiting" | "backingOff" | "parked" | "stopped";
  dueAt: number;
  order: number;
  series: number;
  returnedAt: number;
  crashes: number[];
}

type Rules = Required<Pick<SupervisorOptions, "strategy" | "whenExceeded" | "intensity">>;

class Oracle {
  now = 0;
  readonly log: string[] = [];
  readonly failing = new Map<string, number>();
  children: OracleChild[] = [];
  isOver = false;
  #crashes: number[] = [];
  #order = 0;
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  add(id: string, restart: RestartType): void {
    const child: OracleChild = {
      id,
      restart,
      state: "waiting",
      dueAt: 0,
      order: 0,
      series: 0,
      returnedAt: -Infinity,
      crashes: [],
    };
    this.children.push(child);
    this.#startWaiting(child);
  }

  remove(id: string): void {
    const child = this.find(id);
    if (child.state === "running") this.log.push(`stop ${id}`);
    const scope = this.#scope(child).filter((other) => other !== child);
    this.children = this.children.filter((other) => other !== child);
    if (scope[0] !== undefined) this.#startWaiting(scope[0]);
  }

  end(id: string, how: "crash" | "normal"): void {
    const child = this.find(id);
    child.state = "stopped";
    if (child.restart === "permanent" || (child.restart === "transient" && how === "crash")) {
      this.#recover(child);
    } else if (child.restart === "temporary") {
      this.children = this.children.filter((other) => other !== child);
    }
  }

  unpark(id: string): void {
    const child = this.find(id);
    child.state = "waiting";
    child.crashes = [];
    this.#crashes = [];
    child.series = 0;
    this.#startWaiting(child);
  }

  step(): void {
    this.now += STEP_MS;
    for (;;) {
      const due = this.children
        .filter((child) => child.state === "backingOff" && child.dueAt <= this.now)
        .sort((a, b) => a.order - b.order)[0];
      if (due === undefined) return;
      due.state = "waiting";
      this.#startWaiting(due);
    }
  }

  stop(): void {
    this.isOver = true;
    this.#stopAll(this.children, "stopped");
  }

  find(id: string): OracleChild {
    return this.children.find((child) => child.id === id)!;
  }

  #recover(child: OracleChild): void {
    const { strategy, whenExceeded, intensity } = this.#rules;
    const oldest = this.now - intensity.windowMs;
    const times = strategy === "one_for_one" && whenExceeded === "park"
      ? child.crashes
      : this.#crashes;
    times.push(this.now);
    const isExceeded = times.filter((time) => time >= oldest).length > intensity.restartsMax;
    if (isExceeded && whenExceeded === "escalate") return this.stop();
    const scope = this.#scope(child);
    const falling = strategy === "one_for_all" ? scope : scope.slice(scope.indexOf(child));
    this.#stopAll(falling.filter((other) => other !== child), "waiting");
    if (isExceeded) {
      child.state = "parked";
      return;
    }
    if (this.now - child.returnedAt > intensity.windowMs) child.series = 0;
    const delay = Math.min(200 * 2 ** child.series, limits.restartDelayMsMax);
    child.series += 1;
    child.state = "backingOff";
    child.dueAt = child.returnedAt = this.now + delay;
    child.order = this.#order++;
  }

  #startWaiting(child: OracleChild): void {
    const isHeldUp = this.#scope(child).some(({ state }) => /backingOff|parked/.test(state));
    if (this.#rules.strategy === "one_for_all" && isHeldUp) return;
    for (const next of this.#scope(child)) {
      if (next.state === "running" || next.state === "stopped") continue;
      if (next.state !== "waiting") return;
      const failing = this.failing.get(next.id) ?? 0;
      if (failing === 0) {
        this.log.push(`start ${next.id}`);
        next.state = "running";
        continue;
      }
      this.failing.set(next.id, failing - 1);
      this.log.push(`fail ${next.id}`);
      this.end(next.id, "crash");
      if (next.restart !== "temporary") return;
    }
  }

  #stopAll(group: OracleChild[], state: "waiting" | "stopped"): void {
    for (const child of group.toReversed()) {
      if (child.state === "running") this.log.push(`stop ${child.id}`);
      child.state = state;
    }
  }

  #scope(child: OracleChild): OracleChild[] {
    return this.#rules.strategy === "one_for_one" ? [child] : [...this.children];
  }
}

const rules: fc.Arbitrary<Rules> = fc.record({
  strategy: fc.constantFrom("one_for_one", "rest_for_one", "one_for_all"),
  whenExceeded: fc.constantFrom("park", "escalate"),
  intensity: fc.record({
    restartsMax: fc.integer({ min: 0, max: 5 }),
    windowMs: fc.constantFrom(1_000, 5_000, 30_000),
  }),
});
const restart = fc.constantFrom<RestartType>("permanent", "permanent", "transient", "temporary");
const pick = fc.nat(100);
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("crash" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("finish" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("failStarts" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unpark" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("add" as const), pick, restart }) },
);

test("Supervisor does what the OTP oracle says", async () => {
  await fc.assert(
    fc.asyncProperty(
      rules,
      fc.array(restart, { minLength: 1, maxLength: 4 }),
      fc.array(action, { minLength: 1, maxLength: 25 }),
      runAgainstOracle,
    ),
    { numRuns: 400 },
  );
});

async function runAgainstOracle(
  rules: Rules,
  restarts: RestartType[],
  actions: ({ do: string; pick: number; restart?: RestartType })[],
): Promise<void> {
  const clock = new SimulatedClock(0);
  const children = new ScriptedChildren();
  const oracle = new Oracle(rules);
  const settled = async () => {
    for (let turn = 0; turn < 6; turn++) await clock.advance(0);
  };
  for (const [index, restart] of restarts.entries()) oracle.add(`c${index}`, restart);
  const supervisor = await Supervisor.start({
    id: "tree",
    ...rules,
    clock,
    random: steadyRandom,
    events: silentEvents,
    children: restarts.map((restart, index) => children.spec(`c${index}`, { restart })),
  });
  let named = restarts.length;

  for (const { do: what, pick, restart } of actions) {
    const among = (state?: string) =>
      oracle.children.filter((child) => state === undefined || child.state === state);
    const chosen = (state?: string) => among(state)[pick % Math.max(1, among(state).length)]?.id;
    if (what === "wait") {
      for (let steps = 0; steps < pick; steps++) {
        oracle.step();
        await clock.advance(STEP_MS);
        await settled();
      }
    } else if (what === "add") {
      const id = `c${named++}`;
      oracle.add(id, restart!);
      void supervisor.add(children.spec(id, { restart: restart! }));
    } else {
      const id = chosen(
        what === "crash" || what === "finish"
          ? "running"
          : what === "unpark"
          ? "parked"
          : undefined,
      );
      if (id === undefined) continue;
      if (what === "crash") {
        oracle.end(id, "crash");
        children.crash(id);
      } else if (what === "finish") {
        oracle.end(id, "normal");
        children.exit(id, { kind: "normal" });
      } else if (what === "unpark") {
        oracle.unpark(id);
        expect(supervisor.unpark(id)).toBe("unparked");
      } else if (what === "remove") {
        oracle.remove(id);
        void supervisor.remove(id);
      } else {
        oracle.failing.set(id, pick % 4);
        children.failStarts(id, pick % 4);
      }
    }
    await settled();
    expect(children.log).toEqual(oracle.log);
    expect(supervisor.status().map(({ id, state }) => [id, state])).toEqual(
      oracle.children.map(({ id, state }) => [id, state]),
    );
    if (oracle.isOver) break;
  }
  if (!oracle.isOver) {
    oracle.stop();
    void supervisor.stop("over");
    await settled();
  }
  expect(children.log).toEqual(oracle.log);
  const exit = await supervisor.exited;
  expect(["shutdown", "crash"]).toContain(exit.kind);
  expect(oracle.children.some(({ id }) => children.isAlive(id))).toBe(false);
}
