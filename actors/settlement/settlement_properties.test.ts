/** What must hold of points whatever is predicted, decided, corrected and done twice. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Market, MARKETS } from "../prediction/market.ts";
import type { MarketOutcome, MarketOutcomes } from "../prediction/market_outcome.ts";
import { PointsBook } from "./points_book.testing.ts";
import type { Prediction } from "./settlement_difference.ts";
import { isUnchanged } from "./settlement_plan.ts";
import { sumDifferences } from "./settlement_sums.ts";

const PICKS: Record<Market, string[]> = {
  finalScore: ["0-0", "1-0", "2-1", "1-2", "3-1"],
  firstScorer: ["none", "p9", "p10"],
  possession: ["50", "52", "55", "60"],
  matchWinner: ["home", "draw", "away"],
  toQualify: ["home", "away"],
};
/** As rows of a database may hold them: also what is no pick and no market. */
const POISON: Record<string, string[]> = { finalScore: ["-1-0", "99-0"], corners: ["7"] };

const outcomeOf = (market: Market): fc.Arbitrary<MarketOutcome> =>
  fc.oneof(
    fc.constant({ state: "open" as const }),
    fc.constant({ state: "void" as const, why: "abandoned" as const }),
    fc.record({
      state: fc.constant("decided" as const),
      pick: fc.constantFrom(...PICKS[market]),
      voidPicks: fc.constantFrom<string[]>([], ["p9"]),
    }),
  );

const outcomes: fc.Arbitrary<MarketOutcomes> = fc.record({
  finalScore: outcomeOf("finalScore"),
  firstScorer: outcomeOf("firstScorer"),
  possession: outcomeOf("possession"),
  matchWinner: outcomeOf("matchWinner"),
  toQualify: outcomeOf("toQualify"),
}, { requiredKeys: ["finalScore", "firstScorer", "possession", "matchWinner"] });

const marketAndPick = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...MARKETS).chain((market) => pickOf(market, PICKS)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("finalScore", "corners").chain((m) => pickOf(m, POISON)),
  },
);

function pickOf(market: string, picks: Record<string, string[]>) {
  return fc.record({
    market: fc.constant(market),
    pick: fc.constantFrom(...picks[market]!),
  });
}

const predictions: fc.Arbitrary<Prediction[]> = fc.uniqueArray(
  fc.tuple(fc.nat(15), marketAndPick, fc.boolean(), fc.boolean()),
  { selector: ([user, { market }]) => `${user} ${market}`, maxLength: 40 },
).map((rows) =>
  rows.map(([user, { market, pick }, late, also]) => (
    { id: `${user}-${market}`, user: `u${user}`, market, pick, late: late && also }
  ))
);

const chunkUsers = fc.integer({ min: 1, max: 6 });

/** Points of every prediction after one run alone. */
function fromScratch(all: Prediction[], outcomes: MarketOutcomes): Record<string, number> {
  const book = new PointsBook(all);
  book.commitAll(book.open("alone", outcomes, 100));
  return pointsIn(book, all);
}

function pointsIn(book: PointsBook, all: Prediction[]): Record<string, number> {
  return Object.fromEntries(all.map(({ id }) => [id, book.points(id)]));
}

describe("settling", () => {
  test("and amending is settling the amended result, with the first run's rows as they were", () => {
    fc.assert(fc.property(predictions, outcomes, outcomes, chunkUsers, (all, a, b, size) => {
      const book = new PointsBook(all);
      book.commitAll(book.open("a", a, size));
      const rowsOfA = structuredClone(book.rows);
      expect(pointsIn(book, all)).toEqual(fromScratch(all, a));
      const run = book.open("b", b, size);
      book.commitAll(run);
      expect(pointsIn(book, all)).toEqual(fromScratch(all, b));
      expect(book.rows.slice(0, rowsOfA.length)).toEqual(rowsOfA);
      expect(book.rows.every(({ points }) => points !== 0)).toBe(true);
      expect(sumDifferences(run.plan, book.sums())).toEqual([]);
    }));
  });

  test("does not mind chunks twice, in any order, or of a superseded run", () => {
    const moves = fc.array(
      fc.record({ open: fc.nat(9), run: fc.nat(3), chunk: fc.nat(15) }),
      { maxLength: 30 },
    );
    const results = fc.array(outcomes, { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(predictions, results, chunkUsers, moves, (all, results, size, moves) => {
      const book = new PointsBook(all);
      const runs = [book.open("0", results[0]!, size)];
      const given = [fromScratch(all, results[0]!)];
      for (const { open, run, chunk } of moves) {
        const next = results[runs.length];
        if (open === 0 && next !== undefined) {
          runs.push(book.open(String(runs.length), next, size));
          given.push(fromScratch(all, next));
        }
        const which = runs[run % runs.length]!;
        const rows = book.commit(which, which.chunks[chunk % which.chunks.length]!);
        if (which !== runs.at(-1)) expect(rows).toEqual([]);
        for (const { id } of all) {
          expect([0, ...given.map((points) => points[id])]).toContain(book.points(id));
        }
      }
      const last = runs.at(-1)!;
      for (const chunk of [...last.chunks].reverse()) book.commit(last, chunk);
      expect(pointsIn(book, all)).toEqual(given.at(-1));
      expect(book.commitAll(last)).toEqual([]);
      expect(sumDifferences(last.plan, book.sums())).toEqual([]);
    }));
  });

  test("again what was settled to its end writes nothing where the plan is unchanged", () => {
    let unchanged = 0;
    fc.assert(fc.property(predictions, outcomes, outcomes, (all, a, b) => {
      const book = new PointsBook(all);
      const before = book.open("a", a, 3);
      book.commitAll(before);
      for (const [id, result] of [["same", a], ["b", b]] as const) {
        const run = book.open(id, result, 3);
        if (id === "same") expect(isUnchanged(run.plan, before.plan)).toBe(true);
        if (!isUnchanged(run.plan, before.plan)) continue;
        unchanged += 1;
        expect(book.commitAll(run)).toEqual([]);
      }
    }));
    expect(unchanged).toBeGreaterThan(0);
  });

  test("finds the sum of a cell that lost or won a point", () => {
    fc.assert(fc.property(predictions, outcomes, fc.nat(), (all, a, which) => {
      fc.pre(all.length > 0);
      const book = new PointsBook(all);
      const run = book.open("a", a, 3);
      book.commitAll(run);
      const { id: prediction, user, market } = all[which % all.length]!;
      book.rows.push({ prediction, run: "nobody", user, market, points: 1 });
      expect(sumDifferences(run.plan, book.sums())).toHaveLength(1);
    }));
  });
});
