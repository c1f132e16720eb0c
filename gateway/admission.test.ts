import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { seededRandom, systemRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Admission, type AdmissionPorts } from "./admission.ts";

const PROXY = "10.0.0.1";
const HERE = "192.0.2.1";

function open(ports: Partial<AdmissionPorts> = {}) {
  const clock = new SimulatedClock();
  const admission = new Admission({
    clock,
    random: { ...systemRandom, fraction: () => 0 },
    isProxy: (address) => address === PROXY,
    strain: { lagMs: () => 0, memoryBytes: () => 0 },
    ...ports,
  });
  /** How many of that address come in until one is refused, and what that one hears. */
  const rush = (address: string) => {
    for (let count = 0;; count++) {
      const entry = admission.enter(address);
      if (!entry.admitted) return [count, entry.reason];
    }
  };
  return { clock, admission, rush };
}

describe("Admission", () => {
  test("lets a burst in, then as many a second as it may", async () => {
    const { clock, rush } = open();
    expect(rush(PROXY)).toEqual([limits.handshakesBurstMax, "busy"]);
    await clock.advance(100);
    expect(rush(PROXY)).toEqual([limits.handshakesPerSecondMax / 10, "busy"]);
    await clock.advance(60_000);
    expect(rush(PROXY)).toEqual([limits.handshakesBurstMax, "busy"]);
  });

  test("lets one address have its share, and others theirs", async () => {
    const { clock, rush } = open();
    expect(rush(HERE)).toEqual([limits.addressHandshakesBurstMax, "tooManyHandshakes"]);
    expect(rush("192.0.2.2")[0]).toBe(limits.addressHandshakesBurstMax);
    await clock.advance(100);
    expect(rush(HERE)[0]).toBe(limits.addressHandshakesPerSecondMax / 10);
  });

  test("holds the sockets that have not said Hello to a number, of an address and of all", () => {
    const { admission } = open();
    const sockets = Array.from({ length: limits.greetingSocketsMax }, () => ({}));
    const ofOne = sockets.slice(0, limits.addressGreetingSocketsMax);
    for (const socket of ofOne) admission.opened(socket, HERE);
    expect(admission.enter(HERE)).toEqual({
      admitted: false,
      reason: "tooManyGreeting",
      retryAfterMs: limits.busyRetryMs,
    });
    expect(admission.enter("192.0.2.2")).toEqual({ admitted: true });
    for (const socket of sockets.slice(ofOne.length)) admission.opened(socket, PROXY);
    expect(admission.enter("192.0.2.2")).toMatchObject({ reason: "busy" });
    for (const socket of sockets) admission.greeted(socket);
    // However often it is said, it was one.
    admission.greeted(sockets[0]!);
    expect(admission.enter(HERE)).toEqual({ admitted: true });
    for (const socket of ofOne) admission.opened(socket, HERE);
    expect(admission.enter(HERE)).toMatchObject({ reason: "tooManyGreeting" });
  });

  test.each([
    ["late", { lagMs: () => limits.admissionLagMsMax + 1, memoryBytes: () => 0 }],
    ["large", { lagMs: () => 0, memoryBytes: () => limits.admissionMemoryBytesMax + 1 }],
  ])("lets nobody in while the process is %s", (_name, strain) => {
    expect(open({ strain }).admission.enter(HERE)).toMatchObject({ reason: "busy" });
  });

  test.each([
    ["lag", { lagMs: () => limits.admissionLagMsMax, memoryBytes: () => 0 }],
    ["memory", { lagMs: () => 0, memoryBytes: () => limits.admissionMemoryBytesMax }],
  ])("lets everybody in while its %s is at the limit and not past it", (_, strain) => {
    expect(open({ strain }).admission.enter(HERE)).toEqual({ admitted: true });
  });

  test("is open again once the process has its breath back", async () => {
    let lagMs = limits.admissionLagMsMax + 1;
    let memoryBytes = 0;
    const strain = { lagMs: () => lagMs, memoryBytes: () => memoryBytes };
    const { admission, clock } = open({ strain });
    expect(admission.enter(HERE)).toMatchObject({ reason: "busy" });
    lagMs = 0;
    expect(admission.enter(HERE)).toEqual({ admitted: true });
    memoryBytes = limits.admissionMemoryBytesMax + 1;
    await clock.advance(250);
    expect(admission.enter(HERE)).toMatchObject({ reason: "busy" });
    memoryBytes = 0;
    await clock.advance(250);
    expect(admission.enter(HERE)).toEqual({ admitted: true });
  });

  test("has those that it turns away together come back apart", () => {
    const strain = { lagMs: () => limits.admissionLagMsMax + 1, memoryBytes: () => 0 };
    const { admission } = open({ strain, random: seededRandom(7) });
    const times = Array.from({ length: 1_000 }, () => {
      const entry = admission.enter(HERE);
      return entry.admitted ? 0 : entry.retryAfterMs;
    });
    expect(Math.min(...times)).toBeGreaterThan(limits.busyRetryMs * 0.5);
    expect(Math.min(...times)).toBeLessThan(limits.busyRetryMs * 0.55);
    expect(Math.max(...times)).toBeGreaterThan(limits.busyRetryMs * 0.95);
    expect(Math.max(...times)).toBeLessThanOrEqual(limits.busyRetryMs);
  });

  test("looks without taking", () => {
    const { admission, rush } = open();
    for (let look = 0; look < 10; look++) expect(admission.look(HERE).admitted).toBe(true);
    expect(rush(HERE)[0]).toBe(limits.addressHandshakesBurstMax);
    expect(admission.look(HERE)).toMatchObject({ admitted: false });
  });

  test("forgets addresses that have their whole share again", async () => {
    const { clock, admission } = open();
    const enter = async (prefix: string) => {
      for (let at = 0; at < limits.addressesKeptMax; at++) {
        admission.enter(`${prefix}${at}`);
        if (at % 4_000 === 0) await clock.advance(2_000);
      }
    };
    await enter("a");
    expect(admission.addresses).toBe(limits.addressesKeptMax);
    await clock.advance(1_000);
    await enter("b");
    expect(admission.addresses).toBe(limits.addressesKeptMax);
  });

  test("lets nobody in once closed", () => {
    const { admission } = open();
    admission.close();
    expect(admission.enter(HERE)).toMatchObject({ admitted: false, reason: "draining" });
  });
});
