/**
 * What tests of supervision share: children that do what the test says and
 * write down what their supervisor did with them, time that stands still, and
 * the events that were heard.
 */
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { assert } from "../runtime/failure.ts";
import type { Random } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { Child, ChildSpec, Exit, RestartType } from "./child_spec.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";

interface Script {
  restart?: RestartType;
  shutdownMs?: number;
  /** So many starts reject first. */
  startsFailing?: number;
  /** `stop` waits for it. */
  stopsAfter?: () => Promise<void>;
  /** `start` waits for it. */
  startsAfter?: () => Promise<void>;
}

export class ScriptedChildren {
  /** "start a", "fail a", "stop a", in order; "twice a" where one was still alive. */
  readonly log: string[] = [];
  readonly #lives = new Map<string, (exit: Exit) => void>();
  readonly #failing = new Map<string, number>();

  spec(id: string, script: Script = {}): ChildSpec {
    this.failStarts(id, script.startsFailing ?? 0);
    return {
      id,
      restart: script.restart ?? "permanent",
      shutdownMs: script.shutdownMs ?? 1_000,
      start: () => this.#start(id, script),
    };
  }

  failStarts(id: string, times: number): void {
    this.#failing.set(id, times);
  }

  isAlive(id: string): boolean {
    return this.#lives.has(id);
  }

  crash(id: string, reason = `${id} fell`): void {
    this.exit(id, { kind: "crash", reason });
  }

  exit(id: string, exit: Exit): void {
    const end = this.#lives.get(id);
    assert(end !== undefined, `only a living child ends: ${id}`);
    this.#lives.delete(id);
    end(exit);
  }

  /** What was written since the last time. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  async #start(id: string, script: Script): Promise<Child> {
    await script.startsAfter?.();
    const failing = this.#failing.get(id) ?? 0;
    if (failing > 0) {
      this.#failing.set(id, failing - 1);
      this.log.push(`fail ${id}`);
      throw new Error(`${id} cannot start`);
    }
    this.log.push(this.#lives.has(id) ? `twice ${id}` : `start ${id}`);
    const { promise: exited, resolve } = Promise.withResolvers<Exit>();
    this.#lives.set(id, resolve);
    return {
      exited,
      stop: async () => {
        this.log.push(`stop ${id}`);
        await script.stopsAfter?.();
        if (this.#lives.get(id) === resolve) this.#lives.delete(id);
        resolve({ kind: "shutdown" });
      },
    };
  }
}

/** Without jitter: delays are 200, 400, 800 … ms exactly. */
export const steadyRandom: Random = {
  fraction: () => 0.5,
  bytes: (count) => new Uint8Array(count),
};

/** A stage on which a test starts a supervisor; `pass` lets time go by and news arrive. */
export function stage(options: Partial<SupervisorOptions> = {}) {
  const clock = new SimulatedClock();
  const children = new ScriptedChildren();
  const heard: string[] = [];
  const events: BusinessEvents = Object.assign(
    Object.create(silentEvents),
    {
      childRestarted: (id, reason, attempt, delayMs) =>
        heard.push(`restarted ${id} #${attempt} in ${delayMs}: ${reason}`),
      childParked: (id, reason) => heard.push(`parked ${id}: ${reason}`),
      childUnparked: (id) => heard.push(`unparked ${id}`),
      warned: (message) => heard.push(message),
    } satisfies Partial<BusinessEvents>,
  );
  const start = (more: Partial<SupervisorOptions> = {}) =>
    Supervisor.start({
      id: "tree",
      strategy: "one_for_one",
      whenExceeded: "park",
      clock,
      random: steadyRandom,
      events,
      ...options,
      ...more,
    });
  const settled = async () => {
    for (let turn = 0; turn < 5; turn++) await clock.advance(0);
  };
  const pass = async (ms = 0) => {
    await settled();
    await clock.advance(ms);
    await settled();
  };
  return { clock, children, heard, start, pass };
}

export const states = (supervisor: Supervisor) =>
  supervisor.status().map(({ id, state }) => `${id} ${state}`);
