import { afterEach, beforeEach, expect, test } from "vitest";
import type { CellStore } from "../actors/ports/cell.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { type Child, type Exit, lastingChild } from "./child_spec.ts";
import { StandBy } from "./stand_by.ts";

let clock: SimulatedClock;
let file: SqliteFile;
let cells: CellStore;
let log: string[];
beforeEach(() => {
  clock = new SimulatedClock();
  file = new SqliteFile(":memory:", { synchronous: "off" });
  cells = new SqliteCell(file, clock);
  log = [];
});
afterEach(() => file.close());

const away = new Failure("storeUnavailable", "it is away", { retryable: true });

function worker(holder: string): () => Child {
  return () => {
    log.push(`${holder} works`);
    return lastingChild(() => void log.push(`${holder} rests`));
  };
}

const begin = (holder: string, work = worker(holder), store: CellStore = cells) =>
  StandBy.start({ cells: store, clock, key: "lease/replay", holder, work });

test("StandBy: one works, the others start as well and wait", async () => {
  const [first, second, third] = [await begin("a"), await begin("b"), await begin("c")];
  await clock.advance(60_000);
  expect(log).toEqual(["a works"]);
  expect([first, second, third].map(({ isWorking }) => isWorking)).toEqual([true, false, false]);
  for (const one of [third, second, first]) await one.stop();
  expect(log).toEqual(["a works", "a rests"]);
});

test("StandBy: another goes on at the next look when the first stops", async () => {
  const [first, second] = [await begin("a"), await begin("b")];
  await first.stop();
  await clock.advance(limits.leaseRoundMs);
  expect(log).toEqual(["a works", "a rests", "b works"]);
  await second.stop();
});

test("StandBy: another goes on within a lease and a look when the first died", async () => {
  await cells.lease("lease/replay", "died", limits.leaseMs);
  const second = await begin("b");
  await clock.advance(limits.leaseMs - 1);
  expect(log).toEqual([]);
  await clock.advance(limits.leaseRoundMs + 1);
  expect(log).toEqual(["b works"]);
  await second.stop();
});

test("StandBy: who lost the lease rests, and works again when it is free", async () => {
  let isAway = false;
  const shaky: CellStore = Object.assign(Object.create(cells), {
    lease: (...args: Parameters<CellStore["lease"]>) =>
      isAway ? Promise.reject(away) : cells.lease(...args),
    release: (...args: Parameters<CellStore["release"]>) => cells.release(...args),
  });
  const one = await begin("a", worker("a"), shaky);
  isAway = true;
  await clock.advance(10_000);
  expect(log).toEqual(["a works", "a rests"]);
  isAway = false;
  await clock.advance(limits.leaseMs + limits.leaseRoundMs);
  expect(log).toEqual(["a works", "a rests", "a works"]);
  await one.stop();
});

test("StandBy: work that a store was away for is begun again", async () => {
  const crashed = [Promise.withResolvers<Exit>(), Promise.withResolvers<Exit>()];
  const one = await begin("a", () => {
    const { promise } = crashed[log.push("a works") - 1]!;
    return { exited: promise, stop: () => Promise.resolve() };
  });
  crashed[0]!.resolve({ kind: "crash", reason: "it is away", cause: away });
  await clock.advance(1);
  await clock.advance(limits.leaseRoundMs);
  expect(log).toEqual(["a works", "a works"]);
  crashed[1]!.resolve({ kind: "shutdown" });
  await one.stop();
  expect(await one.exited).toEqual({ kind: "shutdown" });
});

test("StandBy: ends where its work crashes, and its lease is free at once", async () => {
  const crashed = Promise.withResolvers<Exit>();
  const one = await begin("a", () => ({ exited: crashed.promise, stop: () => Promise.resolve() }));
  crashed.resolve({ kind: "crash", reason: "it fell" });
  expect(await one.exited).toMatchObject({ kind: "crash", reason: "it fell" });
  expect(await cells.lease("lease/replay", "b", 1_000)).toMatchObject({ outcome: "granted" });
});

test("StandBy: ends where its work cannot begin, and leaves the lease to others", async () => {
  await cells.lease("lease/replay", "died", limits.leaseMs);
  const one = await begin("a", () => {
    throw new Error("there is nothing to play");
  });
  await clock.advance(limits.leaseMs + limits.leaseRoundMs);
  expect(await one.exited).toMatchObject({ kind: "crash", reason: "there is nothing to play" });
  expect(await cells.lease("lease/replay", "b", 1_000)).toMatchObject({ outcome: "granted" });
});
