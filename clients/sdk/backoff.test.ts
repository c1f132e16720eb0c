import { describe, expect, test } from "vitest";
import { backoffDelayMs } from "./backoff.ts";

describe("backoffDelayMs", () => {
  test("never leaves 500 ms to 20 s", () => {
    for (let failures = 1; failures < 2_000; failures++) {
      expect(backoffDelayMs(failures, 0)).toBe(500);
      expect(backoffDelayMs(failures, 0.999_999)).toBeLessThanOrEqual(20_000);
    }
  });

  test("doubles its ceiling with every failure until 20 s", () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7].map((failures) => backoffDelayMs(failures, 1));
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  });

  test("spreads over the whole interval", () => {
    expect(backoffDelayMs(4, 0.5)).toBe(4_250);
  });
});
