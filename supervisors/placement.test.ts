import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PARTITIONS } from "../actors/ports/partition.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Placement, type PlacementOptions } from "./placement.ts";

let clock: SimulatedClock;
let file: SqliteFile;
let cells: CellStore;
beforeEach(() => {
  clock = new SimulatedClock();
  file = new SqliteFile(":memory:", { synchronous: "off" });
  cells = new SqliteCell(file, clock);
});
afterEach(() => file.close());

/** A node and what it was told. */
async function join(node: string, store: CellStore = cells, change: Partial<Moves> = {}) {
  const tokens = new Map<number, number>();
  const losses: string[] = [];
  const placement = new Placement({
    ...{ cells: store, clock, events: silentEvents, node },
    gained(partition, token) {
      tokens.set(partition, token);
      return Promise.resolve();
    },
    lost(partition, reason) {
      tokens.delete(partition);
      losses.push(reason);
      return Promise.resolve();
    },
    ...change,
  });
  await placement.begin();
  return { placement, tokens, losses };
}

type Moves = Pick<PlacementOptions, "gained" | "lost">;

type Node = Awaited<ReturnType<typeof join>>;
const owned = (...nodes: Node[]) => nodes.flatMap(({ placement }) => placement.partitions());
const everyPartition = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) await clock.advance(100);
}

/** As if its process were gone: nobody renews, nobody gives back. */
function silenced(placement: Placement): Promise<void> {
  cells.depart = () => Promise.resolve();
  cells.release = () => Promise.resolve();
  return placement.stop();
}

/** As a store that was emptied: it forgets the lease and gives it to the same node under a new token. */
async function regrant(partition: number): Promise<number> {
  await cells.release(`lease/${partition}`, "a");
  const lease = await cells.lease(`lease/${partition}`, "a", limits.leaseMs);
  return lease.outcome === "granted" ? lease.token : 0;
}

describe("Placement", () => {
  test("one node owns everything at once, each partition under a token", async () => {
    const alone = await join("a");
    expect(alone.placement.partitions()).toEqual(everyPartition);
    expect(sorted([...alone.tokens.keys()])).toEqual(everyPartition);
    expect(alone.placement.tokenOf("any-match")).toBeGreaterThan(0);
    await alone.placement.stop();
    expect(alone.tokens.size).toBe(0);
  });

  test("of several each owns a share, all of them everything, nobody what another owns", async () => {
    const nodes = [await join("a"), await join("b"), await join("c")];
    await pass(3 * limits.leaseRoundMs);
    expect(sorted(owned(...nodes))).toEqual(everyPartition);
    for (const node of nodes) {
      expect(node.placement.partitions().length).toBeGreaterThan(PARTITIONS / 8);
      expect(sorted([...node.tokens.keys()])).toEqual(node.placement.partitions());
    }
    for (const { placement } of nodes) await placement.stop();
  });

  test("at no moment two nodes own one partition, whoever comes and goes", async () => {
    const nodes = [await join("a")];
    const check = () => {
      const all = owned(...nodes);
      expect(new Set(all).size).toBe(all.length);
    };
    for (const name of ["b", "c", "d"]) {
      nodes.push(await join(name));
      for (let step = 0; step < 12; step++) {
        check();
        await pass(100);
      }
    }
    await nodes.shift()!.placement.stop();
    for (let step = 0; step < 12; step++) {
      check();
      await pass(100);
    }
    expect(sorted(owned(...nodes))).toEqual(everyPartition);
    for (const { placement } of nodes) await placement.stop();
  });

  test("only a share moves when one comes", async () => {
    const first = await join("a");
    const second = await join("b");
    await pass(1_000);
    const before = new Set(first.placement.partitions());
    const third = await join("c");
    await pass(1_000);
    expect(first.placement.partitions().every((partition) => before.has(partition))).toBe(true);
    for (const { placement } of [first, second, third]) await placement.stop();
  });

  test("what a stopped node gave back is owned at the next round, under higher tokens", async () => {
    const first = await join("a");
    const before = new Map(first.tokens);
    const second = await join("b");
    await pass(1_000);
    await first.placement.stop();
    await pass(2 * limits.leaseRoundMs);
    expect(second.placement.partitions()).toEqual(everyPartition);
    for (const [partition, token] of second.tokens) {
      expect(token).toBeGreaterThan(before.get(partition)!);
    }
    await second.placement.stop();
  });

  test("a store that says nothing at all is waited for no longer, and asked again", async () => {
    let isSilent = false;
    const silent = new Proxy(cells, {
      get: (target, name) => (...args: unknown[]) =>
        isSilent
          ? new Promise(() => {})
          : (target[name as "get"] as (...args: unknown[]) => unknown).apply(target, args),
    });
    const only = await join("a", silent);
    isSilent = true;
    await pass(limits.leaseSilentMsMax - limits.leaseRoundMs);
    expect(only.placement.partitions()).toEqual(everyPartition);
    // What is left of a lease then: a second but for the look.
    await pass(limits.leaseRoundMs + limits.leaseHeldRoundMs);
    expect(only.placement.partitions()).toEqual([]);
    isSilent = false;
    await pass(limits.leaseRenewMs + limits.leaseRoundMs);
    expect(only.placement.partitions()).toEqual(everyPartition);
    await only.placement.stop();
  });

  test("who cannot reach the store drops everything after 2 s; others take over after the lease", async () => {
    let isAway = false;
    const away = new Proxy(cells, {
      get: (target, name) => (...args: unknown[]) =>
        isAway
          ? Promise.reject(new Error("away"))
          : (target[name as "get"] as (...args: unknown[]) => unknown).apply(target, args),
    });
    const first = await join("a", away);
    const second = await join("b");
    await pass(1_000);
    isAway = true;
    await pass(limits.leaseSilentMsMax - limits.leaseRoundMs);
    expect(first.placement.partitions().length).toBeGreaterThan(0);
    const overlap = () => new Set(owned(first, second)).size === owned(first, second).length;
    for (let step = 0; step < 40; step++) {
      expect(overlap()).toBe(true);
      await pass(100);
    }
    expect(first.placement.partitions()).toEqual([]);
    expect(first.losses.at(-1)).toMatch(/silent/);
    expect(second.placement.partitions()).toEqual(everyPartition);
    isAway = false;
    await pass(2 * limits.leaseRoundMs);
    expect(sorted(owned(first, second))).toEqual(everyPartition);
    expect(first.placement.partitions().length).toBeGreaterThan(0);
    for (const { placement } of [first, second]) await placement.stop();
  });

  test("what a dead node leaves is owned within its lease and a fifth of a round", async () => {
    const first = await join("a");
    const second = await join("b");
    await pass(1_000);
    const dead = silenced(first.placement);
    await pass(limits.leaseMs);
    await pass(limits.leaseRoundMs + limits.leaseHeldRoundMs);
    expect(second.placement.partitions()).toEqual(everyPartition);
    await second.placement.stop();
    await dead;
  });

  test("a partition that could not be taken over is given up and taken over again", async () => {
    let failures = 3;
    const taken: number[] = [];
    const { placement, losses } = await join("a", cells, {
      gained(partition) {
        if (partition === 7 && failures-- > 0) return Promise.reject(new Error("no door"));
        taken.push(partition);
        return Promise.resolve();
      },
    });
    await pass(4 * limits.leaseRoundMs);
    expect(sorted(taken)).toEqual(everyPartition);
    expect(losses).toEqual(["no door", "no door", "no door"]);
    await placement.stop();
  });

  test("a loss that takes its time costs no lease, and the next gain waits for it", async () => {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const steps: string[] = [];
    const { placement } = await join("a", cells, {
      gained: (partition, token) => Promise.resolve(void steps.push(`${partition} under ${token}`)),
      lost: (partition) => partition === 7 ? over : Promise.resolve(),
    });
    steps.length = 0;
    const token = await regrant(7);
    await pass(2 * limits.leaseMs);
    expect(placement.partitions()).toEqual(everyPartition);
    expect(steps).toEqual([]);
    resolve();
    await pass(100);
    expect(steps).toEqual([`7 under ${token}`]);
    await placement.stop();
  });

  test("a store that was emptied moves nothing: each owns its share again, under new tokens", async () => {
    const nodes = [await join("a"), await join("b")];
    await pass(1_000);
    const before = nodes.map(({ tokens }) => new Map(tokens));
    for (const [at, node] of ["a", "b"].entries()) {
      for (const partition of before[at]!.keys()) await cells.release(`lease/${partition}`, node);
      await cells.depart("nodes", node);
    }
    for (let step = 0; step < 20; step++) {
      await pass(100);
      for (const [at, { placement }] of nodes.entries()) {
        expect(placement.partitions().every((partition) => before[at]!.has(partition))).toBe(true);
      }
    }
    for (const [at, { placement, tokens }] of nodes.entries()) {
      expect(placement.partitions()).toEqual(sorted([...before[at]!.keys()]));
      for (const [partition, token] of tokens) {
        expect(token).toBeGreaterThan(before[at]!.get(partition)!);
      }
      await placement.stop();
    }
  });
});
