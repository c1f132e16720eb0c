import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { RestartIntensity } from "./restart_intensity.ts";

describe("RestartIntensity", () => {
  test("counts both edges of the window", async () => {
    const clock = new SimulatedClock();
    const intensity = new RestartIntensity(clock, { restartsMax: 1, windowMs: 1_000 });
    expect(intensity.note()).toBe("allowed");
    await clock.advance(1_000);
    expect(intensity.inWindow()).toBe(1);
    expect(intensity.note()).toBe("exceeded");
    await clock.advance(1_001);
    expect(intensity.note()).toBe("allowed");
  });

  test("forget starts anew", () => {
    const intensity = new RestartIntensity(new SimulatedClock(), {
      restartsMax: 0,
      windowMs: 1_000,
    });
    expect(intensity.note()).toBe("exceeded");
    intensity.forget();
    expect(intensity.inWindow()).toBe(0);
  });

  test("agrees with counting all times ever noted", async () => {
    const rule = fc.record({ restartsMax: fc.nat(4), windowMs: fc.integer({ min: 1, max: 50 }) });
    await fc.assert(fc.asyncProperty(rule, fc.array(fc.nat(30)), async (rule, pauses) => {
      const clock = new SimulatedClock(0);
      const intensity = new RestartIntensity(clock, rule);
      const times: number[] = [];
      for (const ms of pauses) {
        await clock.advance(ms);
        times.push(clock.now());
        const counted = times.filter((time) => time >= clock.now() - rule.windowMs).length;
        expect(intensity.note()).toBe(counted > rule.restartsMax ? "exceeded" : "allowed");
      }
    }));
  });
});
