import { describe, expect, test } from "vitest";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Backoff } from "./backoff.ts";
import { steadyRandom } from "./supervisor_test_kit.ts";

describe("Backoff", () => {
  test("doubles from 200 ms to 30 s and stays there", async () => {
    const clock = new SimulatedClock();
    const backoff = new Backoff(clock, steadyRandom, 30_000);
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt++) {
      const next = backoff.next();
      expect(next.attempt).toBe(attempt);
      delays.push(next.delayMs);
      // The wait itself is no quiet, though the last ones are as long as the window.
      await clock.advance(next.delayMs + 10_000);
    }
    expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]);
  });

  test("starts anew after a quiet window, and not before", async () => {
    const clock = new SimulatedClock();
    const backoff = new Backoff(clock, steadyRandom, 1_000);
    backoff.next();
    await clock.advance(200 + 1_000);
    expect(backoff.next()).toEqual({ delayMs: 400, attempt: 2 });
    await clock.advance(400 + 1_001);
    expect(backoff.next()).toEqual({ delayMs: 200, attempt: 1 });
  });

  test("keeps children apart by up to a fifth", () => {
    const clock = new SimulatedClock();
    const random = seededRandom(7);
    const delays = Array.from({ length: 200 }, () => new Backoff(clock, random, 1).next().delayMs);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(160);
    expect(Math.max(...delays)).toBeLessThanOrEqual(240);
    expect(new Set(delays).size).toBeGreaterThan(40);
  });
});
