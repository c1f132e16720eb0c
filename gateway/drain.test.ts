import { expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { drain } from "./drain.ts";

async function drainOf(count: number) {
  const clock = new SimulatedClock(0);
  const told: { at: number; code: number; reason: string; retryAfterMs: number }[] = [];
  const leavers = Array.from({ length: count }, () => ({
    close: (code: number, reason: string, retryAfterMs: number) =>
      void told.push({ at: clock.now(), code, reason, retryAfterMs }),
  }));
  const done = drain(leavers, { clock, random: seededRandom(1), code: 4014, deadlineMs: 10_000 });
  await clock.advance(10_000);
  await done;
  return told;
}

test.each([5, 12, 1_000, 7_300])(
  "drain tells %i sockets in slices within the deadline",
  async (count) => {
    const told = await drainOf(count);
    const slices = new Map<number, number>();
    for (const { at } of told) slices.set(at, (slices.get(at) ?? 0) + 1);
    expect(told).toHaveLength(count);
    expect(slices.size).toBeGreaterThanOrEqual(limits.drainSlicesMin);
    expect(Math.max(...slices.values())).toBeLessThanOrEqual(limits.drainSliceSocketsMax);
    expect(Math.max(...slices.keys())).toBeLessThanOrEqual(7_500);
  },
);

test("drain gives each its own time to return", async () => {
  const told = await drainOf(50);
  expect(told.every(({ code, reason }) => code === 4014 && reason === "draining")).toBe(true);
  expect(new Set(told.map(({ retryAfterMs }) => retryAfterMs)).size).toBeGreaterThan(40);
  expect(told.every(({ retryAfterMs }) => retryAfterMs <= limits.drainRetryMsMax)).toBe(true);
});

test("drain of nobody is over at once", async () => {
  expect(await drainOf(0)).toEqual([]);
});
