import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Admission } from "./admission.ts";

describe("Admission", () => {
  test("lets a burst in, then as many a second as it may", async () => {
    const clock = new SimulatedClock();
    const admission = new Admission(clock);
    const entered = () => {
      for (let count = 0;; count++) if (!admission.enter(0).admitted) return count;
    };
    expect(entered()).toBe(limits.handshakesBurstMax);
    await clock.advance(100);
    expect(entered()).toBe(limits.handshakesPerSecondMax / 10);
    await clock.advance(60_000);
    expect(entered()).toBe(limits.handshakesBurstMax);
  });

  test("holds the sockets that have not said Hello to a number", () => {
    const admission = new Admission(new SimulatedClock());
    expect(admission.enter(limits.greetingSocketsMax - 1)).toEqual({ admitted: true });
    expect(admission.enter(limits.greetingSocketsMax)).toEqual({
      admitted: false,
      reason: "busy",
      retryAfterMs: limits.busyRetryMs,
    });
  });

  test("lets nobody in once closed", () => {
    const admission = new Admission(new SimulatedClock());
    admission.close();
    expect(admission.enter(0)).toMatchObject({ admitted: false, reason: "draining" });
  });
});
