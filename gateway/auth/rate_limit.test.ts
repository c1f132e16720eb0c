import { expect, test } from "vitest";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { RateLimit } from "./rate_limit.ts";

test("RateLimit gives each its burst and then its rate", async () => {
  const clock = new SimulatedClock();
  const shares = new RateLimit({ perSecond: 2, burst: 3 }, 10, clock);
  expect([1, 2, 3, 4].map(() => shares.take("a"))).toEqual([0, 0, 0, 500]);
  expect(shares.take("b")).toBe(0);
  await clock.advance(400);
  expect(shares.take("a")).toBe(100);
  await clock.advance(100);
  expect([1, 2].map(() => shares.take("a"))).toEqual([0, 500]);
});

test("RateLimit keeps no more than it was told, the busiest first", () => {
  const shares = new RateLimit({ perSecond: 1, burst: 1 }, 3, new SimulatedClock());
  for (let stranger = 0; stranger < 1_000; stranger++) {
    expect(shares.take(`s${stranger}`)).toBe(0);
    expect(shares.take("busy") > 0).toBe(stranger > 0);
    expect(shares.kept).toBeLessThanOrEqual(3);
  }
});
