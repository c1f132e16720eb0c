import { beforeEach, expect, test } from "vitest";
import type { RunChunk, SettlementRun, Settlements } from "../ports/settlements.ts";
import { Failure } from "../../runtime/failure.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { Patience } from "./patience.ts";
import { RunSums } from "./run_sums.ts";

const CELL = { market: "finalScore", pick: "2-1", late: false } as const;
const RUN = { matchId: "one", run: 1 } as SettlementRun;
const chunk = (number: number) => ({ number, run: 1 }) as RunChunk;
const CHUNKS = [chunk(1), chunk(2)];

let asked: string[];
let points: Record<number, number>;
let failing: number;
let sums: RunSums;
beforeEach(() => {
  asked = [];
  points = { 1: 10, 2: 5 };
  failing = 0;
  const settlements = {
    sums: (_run: SettlementRun, { number }: RunChunk) => {
      asked.push(`sums ${number}`);
      if (number === failing) return Promise.reject(new Failure("broken", "It is broken"));
      return Promise.resolve([{ ...CELL, points: points[number]! }]);
    },
    counts: () => {
      asked.push("counts");
      return Promise.resolve([{ ...CELL, predictions: 3 }]);
    },
    planOf: () =>
      Promise.resolve({
        ...{ rulesVersion: 1, outcomes: {}, setAside: [] },
        cells: [{ ...CELL, predictions: 3, points: 5, mark: "exact" }],
      }),
  } as unknown as Settlements;
  const clock = new SimulatedClock();
  const random = { fraction: () => 0.5, bytes: (length: number) => new Uint8Array(length) };
  sums = new RunSums(
    settlements,
    new Patience({ who: "The test", clock, random, events: silentEvents }),
  );
});

test("what was asked while the run went on is not asked again", async () => {
  await sums.add(RUN, chunk(1));
  await sums.add(RUN, chunk(1));
  await sums.add(RUN, chunk(2));
  sums.count(RUN, CHUNKS);
  expect(await sums.differences(RUN, CHUNKS)).toEqual([]);
  expect(asked).toEqual(["sums 1", "sums 2", "counts"]);
});

test("chunks that a worker before us wrote are read in the end", async () => {
  await sums.add(RUN, chunk(2));
  expect(await sums.differences(RUN, CHUNKS)).toEqual([]);
  expect(asked).toEqual(["sums 2", "counts", "sums 1"]);
});

test("where sums differ everything is read again the next time", async () => {
  points[2] = 6;
  await sums.add(RUN, chunk(1));
  await sums.add(RUN, chunk(2));
  expect(await sums.differences(RUN, CHUNKS)).toMatchObject([{ found: { points: 16 } }]);
  points[2] = 5;
  asked = [];
  expect(await sums.differences(RUN, CHUNKS)).toEqual([]);
  expect(asked.toSorted()).toEqual(["counts", "sums 1", "sums 2"]);
});

test("what waiting does not cure is thrown, and the chunk is not taken for read", async () => {
  failing = 2;
  await expect(sums.add(RUN, chunk(2))).rejects.toMatchObject({ code: "broken" });
  failing = 0;
  await sums.add(RUN, chunk(1));
  expect(await sums.differences(RUN, CHUNKS)).toEqual([]);
});
