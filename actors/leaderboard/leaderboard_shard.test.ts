import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { type Chunk, LeaderboardShard } from "./leaderboard_shard.ts";
import {
  bruteForce,
  changes,
  type Loss,
  pointSums,
  type ShardBench,
  shardBench,
} from "./leaderboard_test_kit.ts";
import { rebuildShard } from "./shard_rebuild.ts";
import { rankingName } from "./shard_record.ts";

let bench: ShardBench;
beforeEach(() => void (bench = shardBench()));
afterEach(() => bench.close());

const load = (fence = 1) => LeaderboardShard.load({ ...bench.options, fence });
const chunk = (key: string, scores: Record<string, number>): Chunk => ({
  key,
  changes: changes(scores),
});
const page = (shard: LeaderboardShard) =>
  shard.top.rows.map(({ rank, member, score }) => `${rank} ${member} ${score}`);

describe("LeaderboardShard", () => {
  test("applies a chunk once, whenever it comes again", async () => {
    const shard = await load();
    const run = chunk("run-1/0", { ana: 3, bea: 3, cem: 5, dan: 1 });
    expect(await shard.apply([run, run])).toEqual([
      { outcome: "applied" },
      { outcome: "applied before" },
    ]);
    expect(await shard.apply([run])).toEqual([{ outcome: "applied before" }]);
    expect(page(shard)).toEqual(["1 cem 5", "2 ana 3", "2 bea 3", "4 dan 1"]);
    expect(await shard.standings(["dan", "eve", "ana"])).toEqual([
      { member: "dan", score: 1, rank: 4 },
      { member: "eve", score: 0, rank: null },
      { member: "ana", score: 3, rank: 2 },
    ]);
    expect(page(await load())).toEqual(page(shard));
  });

  test("who has no points any more is on no page, and a correction leaves what it would be", async () => {
    const amended = await load();
    await amended.apply([chunk("A/0", { ana: 3, bea: 3, cem: 1 })]);
    await amended.apply([chunk("B/0", { ana: -3, dan: 3 })]);
    expect(page(amended)).toEqual(["1 bea 3", "1 dan 3", "3 cem 1"]);
    expect(amended.totals).toEqual({ members: 3, points: 7 });
    expect(await amended.standings(["ana"])).toEqual([{ member: "ana", score: 0, rank: null }]);
    expect(page(await load())).toEqual(page(amended));
  });

  test("the top page's version changes with the page, and only then", async () => {
    const shard = await load();
    const many = Array.from({ length: limits.leaderboardPageMax + 20 }, (_, n) => `u${n}`);
    await shard.apply([{
      key: "a",
      changes: many.map((member, n) => ({ member, score: 200 - n })),
    }]);
    const { version } = shard.top;
    await shard.apply([chunk("b", { u119: 2, newcomer: 1 })]);
    expect(shard.top.version).toBe(version);
    await shard.apply([chunk("c", { u5: -150 })]);
    expect(shard.top.version).not.toBe(version);
    expect(shard.top.rows).toHaveLength(limits.leaderboardPageMax);
    expect(shard.top.rows.map(({ member }) => member)).not.toContain("u5");
    expect((await load()).top.version).not.toBe(shard.top.version);
  });

  test("answers who stands around a place, also one of another shard", async () => {
    const shard = await load();
    await shard.apply([chunk("a", { ana: 9, bea: 7, cem: 7, dan: 7, eve: 2 })]);
    const around = async (score: number, member: string) =>
      (await shard.around({ member, score }, 1, 1)).map((row) => `${row.rank} ${row.member}`);
    expect(await around(7, "cem")).toEqual(["2 bea", "2 cem", "2 dan"]);
    expect(await around(7, "c")).toEqual(["2 bea", "2 cem"]);
    expect(await around(1, "x")).toEqual(["5 eve"]);
  });

  test("a chunk that would lead to a total beyond the limit is set aside whole, the others go on", async () => {
    const shard = await load();
    const most = limits.leaderboardPointsMax;
    const outcomes = await shard.apply([
      chunk("a", { ana: most, bea: 1 }),
      chunk("b", { ana: 1, bea: 1 }),
      chunk("c", { bea: 1 }),
    ]);
    expect(outcomes).toEqual([
      { outcome: "applied" },
      { outcome: "rejected", members: ["ana"] },
      { outcome: "applied" },
    ]);
    expect(page(shard)).toEqual([`1 ana ${most}`, "2 bea 2"]);
    expect(page(await load())).toEqual(page(shard));
  });

  test("an older owner is shut out from the moment a newer one has loaded", async () => {
    const old = await load(1);
    await old.apply([chunk("a", { ana: 1 })]);
    const young = await load(2);
    await expect(old.apply([chunk("b", { ana: 1 })])).rejects.toMatchObject({ code: "fenced" });
    await expect(old.freeze(true)).rejects.toMatchObject({ code: "fenced" });
    await expect(load(1)).rejects.toMatchObject({ code: "fenced" });
    expect(await young.apply([chunk("b", { ana: 1 })])).toEqual([{ outcome: "applied" }]);
    expect(page(young)).toEqual(["1 ana 2"]);
  });

  test("an owner that is older than the ranking's last one does not load", async () => {
    const { id, rankings } = bench.options;
    await load(1);
    await rankings.apply(rankingName(id, "first"), "owner", [], 2);
    await expect(load(1)).rejects.toMatchObject({ code: "fenced" });
  });

  test("finds the ranks that an older owner has just rebuilt, though it looked before", async () => {
    const old = await load(1);
    await old.apply([chunk("a", { ghost: 9 })]);
    let hasRebuilt = false;
    const cells = new Proxy(bench.options.cells, {
      get: (target, name) => async (...args: never[]) => {
        const answer = await (Reflect.get(target, name) as (...args: never[]) => unknown)
          .apply(target, args);
        if (name === "get" && !hasRebuilt) {
          hasRebuilt = true;
          const sums = pointSums({ ana: 3 });
          const { signal } = new AbortController();
          await rebuildShard(bench.options, old.record, sums, signal);
          // The old owner loads what it built, and clears what it replaced.
          await load(1);
        }
        return answer;
      },
    });
    const young = await LeaderboardShard.load({ ...bench.options, cells, fence: 2 });
    expect(page(young)).toEqual(["1 ana 3"]);
  });

  test("counts what the store holds after any loss, and a late duplicate changes nothing", async () => {
    const move = fc.record({
      member: fc.constantFrom("ana", "bea", "cem", "dan", "eve", "fay"),
      score: fc.integer({ min: -3, max: 5 }),
    });
    const turn = fc.record({
      chunks: fc.array(fc.array(move, { minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 3,
      }),
      losses: fc.array(fc.constantFrom<Loss | null>("never", "at once", "late", null), {
        maxLength: 3,
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 8 }), async (turns) => {
        bench.close();
        bench = shardBench();
        let shard = await load();
        const truth = new Map<string, number>();
        const sent: Chunk[] = [];
        for (const { chunks, losses } of turns) {
          const fresh = chunks.map((moves) => {
            const chunk = { key: `run/${sent.length}`, changes: moves };
            sent.push(chunk);
            for (const { member, score } of moves) {
              truth.set(member, (truth.get(member) ?? 0) + score);
            }
            return chunk;
          });
          bench.rankings.losses = losses;
          try {
            await shard.apply(fresh);
          } catch {
            bench.rankings.losses = [];
            shard = await LeaderboardShard.load(bench.options, shard);
          }
          bench.rankings.losses = [];
        }
        const outcomes = await shard.apply(sent.toReversed());
        expect(outcomes.every(({ outcome }) => outcome === "applied before")).toBe(true);
        expect(await shard.standings([...truth.keys()])).toEqual(bruteForce(truth));
        const restarted = await load(2);
        expect(await restarted.standings([...truth.keys()])).toEqual(bruteForce(truth));
        expect(restarted.counts.page()).toEqual(shard.counts.page());
        expect(page(restarted)).toEqual(page(shard));
      }),
      { numRuns: 60 },
    );
  });
});
