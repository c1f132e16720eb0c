import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { changedCounts, RankHistogram } from "./rank_histogram.ts";

/** The same rule, counted member by member. */
const rankIn = (scores: number[], score: number) => 1 + scores.filter((s) => s > score).length;

const histogramOf = (scores: number[]) =>
  new RankHistogram(scores.map((score) => ({ score, members: 1 })));

describe("RankHistogram", () => {
  test("equal scores share a rank and the next skip: 1, 2, 2, 4", () => {
    const ranks = histogramOf([9, 7, 7, 3]);
    expect([9, 7, 7, 3].map((score) => ranks.rankOf(score))).toEqual([1, 2, 2, 4]);
    expect(ranks.page()).toEqual([
      { score: 9, members: 1, rank: 1 },
      { score: 7, members: 2, rank: 2 },
      { score: 3, members: 1, rank: 4 },
    ]);
  });

  test("ranks a score that nobody has, beyond both ends as well", () => {
    const ranks = histogramOf([9, 7, 7, 3]);
    expect([10, 8, 5, 0, -4, 400_000, -400_000].map((score) => ranks.rankOf(score)))
      .toEqual([1, 2, 4, 5, 5, 1, 5]);
    expect(new RankHistogram().rankOf(5)).toBe(1);
    expect(new RankHistogram().page()).toEqual([]);
  });

  test("counts members and points, and forgets who leaves", () => {
    const ranks = histogramOf([9, 7, -2]);
    expect([ranks.members, ranks.points]).toEqual([3, 14]);
    ranks.add(9, -1);
    ranks.move(7, -2);
    expect([ranks.members, ranks.points]).toEqual([2, -4]);
    expect(ranks.page()).toEqual([{ score: -2, members: 2, rank: 1 }]);
    expect(ranks.membersAt(9)).toBe(0);
  });

  test("pages from the score below the last one shown", () => {
    const ranks = histogramOf([9, 7, 7, 3, 1, -5]);
    expect(ranks.page(undefined, 2).map(({ score }) => score)).toEqual([9, 7]);
    expect(ranks.page(7, 2)).toEqual([
      { score: 3, members: 1, rank: 4 },
      { score: 1, members: 1, rank: 5 },
    ]);
    expect(ranks.page(-5)).toEqual([]);
  });

  test("refuses what no fan can have and members that are not there", () => {
    const ranks = histogramOf([1]);
    expect(() => ranks.add(0.5, 1)).toThrow("whole");
    expect(() => ranks.add(limits.leaderboardPointsMax + 1, 1)).toThrow("limit");
    expect(() => ranks.add(2, -1)).toThrow("nobody");
    ranks.add(limits.leaderboardPointsMax, 1);
    ranks.add(-limits.leaderboardPointsMax, 1);
    expect(ranks.page().map(({ rank }) => rank)).toEqual([1, 2, 3]);
  });

  test("says what a count member by member says, over any moves", () => {
    const score = fc.oneof(
      fc.integer({ min: -6, max: 6 }),
      fc.integer({ min: -3_000, max: 9_000 }),
      fc.integer({ min: -limits.leaderboardPointsMax, max: limits.leaderboardPointsMax }),
    );
    const moves = fc.array(fc.tuple(fc.nat({ max: 30 }), score), { maxLength: 120 });
    fc.assert(fc.property(moves, fc.array(score, { maxLength: 20 }), (moves, asked) => {
      const scores: number[] = [];
      const ranks = new RankHistogram();
      for (const [member, to] of moves) {
        const from = scores[member];
        if (from === undefined) {
          scores.push(to);
          ranks.add(to, 1);
        } else {
          scores[member] = to;
          ranks.move(from, to);
        }
      }
      for (const one of [...scores, ...asked]) expect(ranks.rankOf(one)).toBe(rankIn(scores, one));
      const distinct = [...new Set(scores)].sort((a, b) => b - a);
      expect(ranks.page()).toEqual(distinct.map((score) => ({
        score,
        members: scores.filter((s) => s === score).length,
        rank: rankIn(scores, score),
      })));
      expect(ranks.points).toBe(scores.reduce((sum, score) => sum + score, 0));
    }));
  });

  test("several shards merged rank as one board does", () => {
    const shards = fc.array(fc.array(fc.integer({ min: -40, max: 40 })), { maxLength: 6 });
    fc.assert(fc.property(shards, (shards) => {
      const all = shards.flat();
      const merged = RankHistogram.merged(shards.map((scores) => histogramOf(scores).page()));
      expect(merged.members).toBe(all.length);
      for (const score of all) expect(merged.rankOf(score)).toBe(rankIn(all, score));
    }));
  });

  test("holds 6,000 distinct totals of a million fans", () => {
    const counts = Array.from({ length: 6_000 }, (_, at) => ({
      score: at * 7 - 2_000,
      members: 1 + (at * at) % 331,
    }));
    const ranks = new RankHistogram(counts);
    let above = 0;
    for (const { score, members } of counts.toReversed()) {
      expect(ranks.rankOf(score)).toBe(above + 1);
      above += members;
    }
    expect(ranks.members).toBe(above);
    expect(ranks.page().length).toBe(6_000);
  });
});

describe("changedCounts", () => {
  test("are those of a board that a copy needs, however the span has grown", () => {
    fc.assert(fc.property(
      fc.array(fc.integer({ min: -300, max: 300 })),
      fc.array(fc.integer({ min: -3_000, max: 3_000 })),
      (first, later) => {
        const ranks = histogramOf(first);
        const before = ranks.span();
        const copy = RankHistogram.merged([changedCounts(null, before)]);
        expect(copy.page()).toEqual(ranks.page());
        for (const score of later) ranks.add(score, 1);
        for (const score of first.slice(0, 3)) ranks.add(score, -1);
        const changed = changedCounts(before, ranks.span());
        for (const { score, members } of changed) copy.add(score, members - copy.membersAt(score));
        expect(copy.page()).toEqual(ranks.page());
        expect(changed.length).toBeLessThanOrEqual(later.length + 3);
      },
    ));
  });
});
