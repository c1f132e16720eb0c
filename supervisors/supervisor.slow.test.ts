/**
 * Children that take their time to start and to stop, crashing at any moment:
 * what must hold whatever overlaps.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { silentEvents } from "../runtime/business_events.ts";
import { pause } from "../runtime/clock.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";
import { ScriptedChildren } from "./supervisor_test_kit.ts";

const IDS = ["a", "b", "c"];
const strategy = fc.constantFrom<SupervisorOptions["strategy"]>(
  "one_for_one",
  "rest_for_one",
  "one_for_all",
);
const crashes = fc.array(fc.record({ id: fc.constantFrom(...IDS), waitMs: fc.nat(600) }), {
  maxLength: 20,
});

test("Supervisor with slow children: one life each, nobody before those it leans on", async () => {
  await fc.assert(
    fc.asyncProperty(strategy, crashes, fc.nat(), crashAtAnyMoment),
    { numRuns: 150 },
  );
});

async function crashAtAnyMoment(
  strategy: SupervisorOptions["strategy"],
  crashes: { id: string; waitMs: number }[],
  seed: number,
): Promise<void> {
  const clock = new SimulatedClock(0);
  const random = seededRandom(seed);
  const children = new ScriptedChildren();
  const idle = () => pause(clock, Math.floor(random.fraction() * 500));
  const pass = async (ms: number) => {
    await clock.advance(0); // The news of a crash goes before the timers of its moment.
    for (let passed = 0; passed < ms; passed += 50) await clock.advance(50);
  };
  const tooEarly: string[] = [];
  const startsAfter = (id: string) => () => {
    const place = IDS.indexOf(id);
    const leansOn = strategy === "one_for_one" ? [] : IDS.slice(0, place);
    const outlived = strategy === "one_for_one" ? [] : IDS.slice(place + 1);
    if (!leansOn.every((other) => children.isAlive(other))) tooEarly.push(`${id} leans on nobody`);
    if (outlived.some((other) => children.isAlive(other))) tooEarly.push(`${id} is late`);
    return idle();
  };
  const starting = Supervisor.start({
    id: "tree",
    strategy,
    whenExceeded: "escalate",
    intensity: { restartsMax: 100, windowMs: 60_000 },
    clock,
    random,
    events: silentEvents,
    children: IDS.map((id) =>
      children.spec(id, { startsAfter: startsAfter(id), stopsAfter: idle })
    ),
  });
  await pass(2_000);
  const supervisor = await starting;

  for (const { id, waitMs } of crashes) {
    if (children.isAlive(id)) children.crash(id);
    await pass(waitMs);
  }
  // Twenty crashes of one child push its delay to 30 s and a fifth, starts and stops included.
  await pass(45_000);
  expect(supervisor.status().map(({ state }) => state)).toEqual(IDS.map(() => "running"));
  expect(IDS.every((id) => children.isAlive(id))).toBe(true);
  expect(children.log.filter((line) => line.startsWith("twice"))).toEqual([]);
  expect(tooEarly).toEqual([]);
  children.takeLog();

  const stopping = supervisor.stop("over");
  await pass(3_000);
  await stopping;
  expect(children.log).toEqual(["stop c", "stop b", "stop a"]);
  expect(IDS.some((id) => children.isAlive(id))).toBe(false);
}
