import { expect, test } from "vitest";
import { systemClock } from "../runtime/clock.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { watchEventLoop } from "./event_loop_lag.ts";

/** Holds this process up. */
function stall(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

test("watchEventLoop is on time where nobody holds the loop up", async () => {
  const clock = new SimulatedClock();
  const seen: number[] = [];
  const watch = watchEventLoop(clock, (seconds) => seen.push(seconds));
  await clock.advance(1_000);
  expect(seen).toEqual(Array(10).fill(0));
  expect(watch.lagSeconds()).toBe(0);
  watch.cancel();
  await clock.advance(1_000);
  expect(seen).toHaveLength(10);
});

test("watchEventLoop tells of a stall while it lasts, before its timer comes, and after", async () => {
  let sawIt = () => {};
  const seen = new Promise<void>((resolve) => (sawIt = resolve));
  const watch = watchEventLoop(systemClock, (seconds) => seconds > 0.14 && sawIt());
  stall(250);
  expect(watch.lagSeconds()).toBeGreaterThan(0.14);
  await seen;
  watch.cancel();
  expect(watch.lagSeconds()).toBeGreaterThan(0.14);
});
