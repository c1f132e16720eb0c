import { beforeEach, describe, expect, test } from "vitest";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { SnapshotKeeper } from "./snapshot_keeper.ts";

describe("SnapshotKeeper", () => {
  let clock: SimulatedClock;
  let called: number;
  let keeper: SnapshotKeeper;
  beforeEach(() => {
    clock = new SimulatedClock();
    called = 0;
    keeper = new SnapshotKeeper(clock, () => void called++);
  });

  test("is due after 32 entries, not after 31", () => {
    keeper.committed(31, false);
    expect(keeper.isDue).toBe(false);
    keeper.committed(1, false);
    expect(keeper.isDue).toBe(true);
    expect(keeper.pending).toBe(32);
  });

  test("is due at a new phase, whatever else", () => {
    keeper.committed(1, true);
    expect(keeper.isDue).toBe(true);
    expect(called).toBe(0);
  });

  test("is due 2 s after an entry, and says so", async () => {
    keeper.committed(1, false);
    await clock.advance(1_999);
    expect([keeper.isDue, called]).toEqual([false, 0]);
    await clock.advance(1);
    expect([keeper.isDue, called]).toEqual([true, 1]);
  });

  test("no entry waits longer than 2 s, however they follow each other", async () => {
    for (let entry = 0; entry < 5; entry++) {
      keeper.committed(1, false);
      await clock.advance(500);
    }
    expect(keeper.isDue).toBe(true);
  });

  test("written begins anew: nothing pending, nothing due, and time alone makes nothing due", async () => {
    keeper.committed(3, true);
    keeper.written();
    expect([keeper.isDue, keeper.pending]).toEqual([false, 0]);
    await clock.advance(10_000);
    expect([keeper.isDue, called]).toEqual([false, 0]);
    keeper.committed(1, false);
    await clock.advance(2_000);
    expect([keeper.isDue, called]).toEqual([true, 1]);
  });

  test("stop calls its timer off", async () => {
    keeper.committed(1, false);
    keeper.stop();
    await clock.advance(10_000);
    expect(called).toBe(0);
  });
});
