import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CellStore } from "../actors/ports/cell.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { Exit } from "./child_spec.ts";
import { Lease } from "./lease.ts";

let clock: SimulatedClock;
let file: SqliteFile;
let cells: CellStore;
beforeEach(() => {
  clock = new SimulatedClock();
  file = new SqliteFile(":memory:", { synchronous: "off" });
  cells = new SqliteCell(file, clock);
});
afterEach(() => file.close());

const acquire = (holder: string, store: CellStore = cells) =>
  Lease.acquire({ cells: store, clock, key: "lease/all", holder });

/** Cells whose leases do as they are told. */
function leasing(lease: CellStore["lease"]): CellStore {
  return Object.assign(Object.create(cells), {
    lease,
    release: (key: string, holder: string) => cells.release(key, holder),
  });
}

function exitOf(lease: Lease): { exit: Exit | null } {
  const seen: { exit: Exit | null } = { exit: null };
  void lease.exited.then((exit) => (seen.exit = exit));
  return seen;
}

describe("Lease", () => {
  test("is granted at once where it is free, with a token that grows with every grant", async () => {
    const first = await acquire("a");
    await first.stop();
    const second = await acquire("b");
    expect(second.token).toBeGreaterThan(first.token);
    await second.stop();
  });

  test("is renewed every second: nobody else is granted it, however long", async () => {
    const lease = await acquire("a");
    const seen = exitOf(lease);
    await clock.advance(60_000);
    expect(seen.exit).toBeNull();
    expect(await cells.lease("lease/all", "b", 1_000)).toEqual({ outcome: "held", by: "a" });
    await lease.stop();
    expect(seen.exit).toEqual({ kind: "shutdown" });
    expect(await cells.lease("lease/all", "b", 1_000)).toMatchObject({ outcome: "granted" });
  });

  test("who died is waited for, a lease and a renewal at most", async () => {
    const died = await cells.lease("lease/all", "died", limits.leaseMs);
    const startedAt = clock.now();
    let granted: Lease | null = null;
    void acquire("b").then((lease) => (granted = lease));
    for (let step = 0; granted === null && step < 100; step++) await clock.advance(100);
    expect(clock.now() - startedAt).toBeLessThanOrEqual(limits.leaseMs + limits.leaseRenewMs);
    expect(granted!.token).toBeGreaterThan(died.outcome === "granted" ? died.token : Infinity);
    await granted!.stop();
  });

  test("who lives is named, and not waited for longer than that", async () => {
    const lease = await acquire("process-1");
    const asking = acquire("process-2");
    const refused = expect(asking).rejects.toMatchObject({
      code: "leaseHeld",
      retryable: true,
      message: expect.stringMatching(/lease\/all as process-1 holds it.*stop that process first/),
    });
    await clock.advance(limits.leaseMs + 2 * limits.leaseRenewMs);
    await refused;
    await lease.stop();
  });

  test("ends when it passed to another", async () => {
    const lease = await acquire("a");
    const seen = exitOf(lease);
    await cells.release("lease/all", "a");
    await cells.lease("lease/all", "b", 60_000);
    await clock.advance(limits.leaseRenewMs);
    expect(seen.exit).toMatchObject({ kind: "crash", reason: expect.stringMatching(/passed to/) });
  });

  test("goes on when it lapsed and nobody took it", async () => {
    const lease = await acquire("a");
    const seen = exitOf(lease);
    await cells.release("lease/all", "a");
    await clock.advance(5 * limits.leaseRenewMs);
    expect(seen.exit).toBeNull();
    expect(await cells.lease("lease/all", "b", 1_000)).toMatchObject({ outcome: "held" });
    await lease.stop();
  });

  for (
    const [how, silentMs, lease] of [
      ["fails", 2_000, () => Promise.reject(new Error("away"))],
      ["never answers", 2_500, () => new Promise<never>(() => {})],
    ] as const
  ) {
    test(`ends ${silentMs} ms after the last word where the store ${how}, before the lease does`, async () => {
      let isAway = false;
      const owned = await acquire(
        "a",
        leasing((key, holder, ms) => isAway ? lease() : cells.lease(key, holder, ms)),
      );
      const seen = exitOf(owned);
      await clock.advance(10_000);
      isAway = true;
      await clock.advance(silentMs - 1);
      expect(seen.exit).toBeNull();
      await clock.advance(1);
      expect(seen.exit).toMatchObject({ kind: "crash", reason: expect.stringMatching(/silent/) });
      expect(await cells.lease("lease/all", "b", 1_000)).toMatchObject({ outcome: "held" });
    });
  }

  test("outlives a store that is silent for less", async () => {
    let isAway = false;
    const owned = await acquire(
      "a",
      leasing((key, holder, ms) =>
        isAway ? Promise.reject(new Error("away")) : cells.lease(key, holder, ms)
      ),
    );
    const seen = exitOf(owned);
    for (let turn = 0; turn < 5; turn++) {
      isAway = true;
      await clock.advance(limits.leaseRenewMs);
      isAway = false;
      await clock.advance(limits.leaseRenewMs);
    }
    expect(seen.exit).toBeNull();
    await owned.stop();
  });
});
