import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MarketOutcomes } from "../prediction/market_outcome.ts";
import { chunksBetween, isUnchanged, type PickCount, planSettlement } from "./settlement_plan.ts";
import { sumDifferences } from "./settlement_sums.ts";

const OUTCOMES: MarketOutcomes = {
  finalScore: { state: "decided", pick: "2-1", voidPicks: [] },
  firstScorer: { state: "decided", pick: "p10", voidPicks: ["p12"] },
  possession: { state: "open" },
};

function count(market: string, pick: string, change: Partial<PickCount> = {}): PickCount {
  return { market, pick, late: false, predictions: 10, ...change };
}

function plan(...counts: PickCount[]) {
  return planSettlement(counts, OUTCOMES, 1);
}

describe("planSettlement", () => {
  test("gives every cell its points once", () => {
    const { cells, setAside } = plan(
      count("finalScore", "2-1"),
      count("finalScore", "2-1", { late: true, predictions: 3 }),
      count("firstScorer", "p12"),
      count("possession", "55"),
    );
    expect(setAside).toEqual([]);
    expect(cells.map(({ points, mark, predictions }) => [points, mark, predictions])).toEqual([
      [5, "settled", 10],
      [0, "void", 3],
      [0, "void", 10],
      [0, "open", 10],
    ]);
  });

  test("sets aside what is no pick, with its reason, and goes on", () => {
    const { cells, setAside } = plan(
      count("finalScore", "99-0"),
      count("corners", "7"),
      count("toQualify", "home"),
      count("finalScore", "2-1"),
    );
    expect(cells).toHaveLength(1);
    expect(setAside.map(({ pick, reason }) => [pick, reason])).toEqual([
      ["99-0", expect.stringContaining("0 to 20")],
      ["7", "the match has no such market"],
      ["home", "the match has no such market"],
    ]);
  });
});

describe("isUnchanged", () => {
  const before = plan(count("finalScore", "2-1"), count("firstScorer", "p10"));

  test("holds for the same points and marks in any order", () => {
    const same = plan(count("firstScorer", "p10"), count("finalScore", "2-1"));
    expect(isUnchanged(same, before)).toBe(true);
  });

  test("does not without a run that was written to its end, nor for another result", () => {
    expect(isUnchanged(before, null)).toBe(false);
    const [score, scorer] = before.cells;
    expect(isUnchanged({ ...before, cells: [score!, { ...scorer!, points: 0 }] }, before))
      .toBe(false);
    expect(isUnchanged({ ...before, cells: [score!, { ...scorer!, mark: "void" }] }, before))
      .toBe(false);
    expect(isUnchanged({ ...before, cells: [score!, { ...scorer!, late: true }] }, before))
      .toBe(false);
    expect(isUnchanged({ ...before, cells: [score!] }, before)).toBe(false);
  });
});

describe("chunksBetween", () => {
  test("is one chunk for everybody where nobody predicted", () => {
    expect(chunksBetween([])).toEqual([{ number: 1, after: null, upTo: null }]);
  });

  test("holds every user in one chunk, also one that nobody counted", () => {
    const ids = fc.uniqueArray(fc.string()).map((ids) => ids.sort());
    fc.assert(fc.property(ids, fc.string(), (lastIds, user) => {
      const chunks = chunksBetween(lastIds);
      expect(chunks.map(({ number }) => number)).toEqual(chunks.map((_, index) => index + 1));
      const holding = chunks.filter(({ after, upTo }) =>
        (after === null || user > after) && (upTo === null || user <= upTo)
      );
      expect(holding).toHaveLength(1);
    }));
  });
});

describe("sumDifferences", () => {
  const planned = plan(count("finalScore", "2-1"), count("finalScore", "99-0"));
  const right = [
    { ...count("finalScore", "2-1"), points: 50 },
    { ...count("finalScore", "99-0"), points: 0 },
  ];

  test("is empty where every cell has its sum", () => {
    expect(sumDifferences(planned, right)).toEqual([]);
  });

  test("names every cell that has another sum, is missing, or was not planned", () => {
    expect(sumDifferences(planned, [{ ...right[0]!, points: 45 }, right[1]!])).toEqual([{
      market: "finalScore",
      pick: "2-1",
      late: false,
      planned: { predictions: 10, points: 50 },
      found: { predictions: 10, points: 45 },
    }]);
    expect(sumDifferences(planned, [right[0]!])).toHaveLength(1);
    const late = { ...right[0]!, late: true };
    expect(sumDifferences(planned, [...right, late])).toHaveLength(1);
  });
});
