import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shardFor, shardsOf } from "./leaderboard_names.ts";
import { shardChunks } from "./shard_chunks.ts";

const change = fc.record({
  member: fc.stringMatching(/^u[0-9]{1,3}$/),
  score: fc.integer({ min: -9, max: 9 }),
});

const CHANGES_MAX = 64;

describe("shardChunks", () => {
  test("gives every change to its fan's shard, once, in parts within the limit", () => {
    fc.assert(fc.property(fc.array(change, { maxLength: 700 }), (changes) => {
      const parts = shardChunks(["global"], "run-1", 7, changes, CHANGES_MAX);
      const points = (list: typeof changes) => list.reduce((sum, { score }) => sum + score, 0);
      const given = parts.flatMap(({ chunk }) => chunk.changes);
      expect([given.length, points(given)]).toEqual([changes.length, points(changes)]);
      for (const { shard, chunk } of parts) {
        expect(chunk.changes.length).toBeLessThanOrEqual(CHANGES_MAX);
        expect(chunk.changes.every(({ member }) => shardFor("global", member) === shard)).toBe(
          true,
        );
      }
      const names = parts.map(({ shard, chunk }) => `${shard} ${chunk.key}`);
      expect(new Set(names).size).toBe(names.length);
    }));
  });

  test("is the same whatever the order of the changes", () => {
    const shuffled = fc.array(change, { maxLength: 300 }).chain((changes) =>
      fc.tuple(
        fc.constant(changes),
        fc.shuffledSubarray(changes, { minLength: changes.length, maxLength: changes.length }),
      )
    );
    fc.assert(fc.property(shuffled, ([one, other]) => {
      const sorted = (changes: typeof one) =>
        shardChunks(["arg-fra-2022"], "run-1", 0, changes, CHANGES_MAX)
          .sort((a, b) => a.shard < b.shard ? -1 : Number(a.shard > b.shard));
      expect(sorted(other)).toEqual(sorted(one));
    }));
  });

  test("cuts once for all boards, and gives each of their shards its fans", () => {
    fc.assert(fc.property(fc.array(change, { maxLength: 700 }), (changes) => {
      const boards = ["arg-fra-2022", "competition_cup", "global"];
      const together = shardChunks(boards, "run-1", 7, changes, CHANGES_MAX);
      for (const board of boards) {
        const alone = shardChunks([board], "run-1", 7, changes, CHANGES_MAX);
        expect(together.filter(({ shard }) => shardsOf(board).includes(shard))).toEqual(alone);
        const wrong = alone.flatMap(({ shard, chunk }) =>
          chunk.changes.filter(({ member }) => shardFor(board, member) !== shard)
        );
        expect(wrong).toEqual([]);
      }
    }));
  });

  test("names run, chunk and part", () => {
    const many = Array.from({ length: 600 }, (_, n) => ({ member: `user-${n}`, score: 1 }));
    const ofFirst = shardChunks(["global"], "run-1", 7, many, CHANGES_MAX)
      .filter(({ shard }) => shard === shardsOf("global")[0]);
    expect(ofFirst.map(({ chunk }) => chunk.key).slice(0, 3)).toEqual([
      "run-1/7/0.0",
      "run-1/7/0.1",
      "run-1/7/0.2",
    ]);
    expect(shardChunks(["no.board"], "run-1", 7, many, CHANGES_MAX)).toEqual([]);
  });
});
