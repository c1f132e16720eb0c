import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RankedMember } from "../ports/ranking.ts";
import { inOrder, mergedAround, mergedTop, standing } from "./board_page.ts";
import { shardFor, shardsOf } from "./leaderboard_names.ts";
import { RankHistogram } from "./rank_histogram.ts";

const board = fc.uniqueArray(
  fc.record({
    member: fc.stringMatching(/^[A-Za-z0-9_-]{1,3}$/),
    score: fc.integer({ min: -4, max: 12 }),
  }),
  { selector: ({ member }) => member, minLength: 1, maxLength: 60 },
);

function sharded(members: RankedMember[]) {
  const shards = shardsOf("global").map((id) =>
    members.filter(({ member }) => shardFor("global", member) === id).sort(inOrder)
  );
  const counts = RankHistogram.merged(
    shards.map((shard) =>
      shard.filter(({ score }) => score !== 0).map(({ score }) => ({ score, members: 1 }))
    ),
  );
  return { shards, counts };
}

/** The whole board, ranked member by member. */
function ranked(members: RankedMember[]) {
  const pointed = members.filter(({ score }) => score !== 0);
  return pointed.toSorted(inOrder).map((row) => ({
    ...row,
    rank: 1 + pointed.filter(({ score }) => score > row.score).length,
  }));
}

describe("pages merged from shards", () => {
  test("are those of the whole board", () => {
    fc.assert(fc.property(board, fc.nat(20), (members, count) => {
      const { shards, counts } = sharded(members);
      const tops = shards.map((shard) => shard.filter(({ score }) => score !== 0).slice(0, count));
      expect(mergedTop(tops, counts, count)).toEqual(ranked(members).slice(0, count));
    }));
  });

  test("show a fan's neighbours of every shard", () => {
    fc.assert(fc.property(board, fc.nat(8), fc.nat(8), fc.nat(), (members, above, below, pick) => {
      const rows = ranked(members);
      fc.pre(rows.length > 0);
      const at = pick % rows.length;
      const me = rows[at]!;
      const { shards, counts } = sharded(members);
      const windows = shards.map((shard) => {
        const pointed = shard.filter(({ score }) => score !== 0);
        const before = pointed.filter((row) => inOrder(row, me) < 0);
        return [
          ...before.slice(Math.max(0, before.length - above)),
          ...pointed.filter((row) => inOrder(row, me) === 0),
          ...pointed.filter((row) => inOrder(row, me) > 0).slice(0, below),
        ];
      });
      expect(mergedAround(windows, counts, me, above, below)).toEqual(
        rows.slice(Math.max(0, at - above), at + 1 + below),
      );
    }));
  });

  test("leave out who has no points", () => {
    const { counts } = sharded([{ member: "ana", score: 3 }, { member: "bea", score: 0 }]);
    expect(standing("ana", 3, counts)).toEqual({ member: "ana", score: 3, rank: 1 });
    expect(standing("bea", 0, counts)).toEqual({ member: "bea", score: 0, rank: null });
    expect(standing("cem", null, counts)).toEqual({ member: "cem", score: 0, rank: null });
  });
});
