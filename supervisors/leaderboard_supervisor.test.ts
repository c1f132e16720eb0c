import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shardFor, shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { TreeOptions } from "./built.ts";
import {
  boardsStage,
  embeddedRankings,
  MATCH,
  rank,
  settled,
  type SettledChunk,
  writeChunk,
} from "./boards_test_kit.ts";
import { operatorDesk } from "./operator_desk.ts";

const FANS = { ana: 50, bea: 30, cem: 30, dan: 10, eve: 5, fay: 30 };
const CHUNK: SettledChunk = { chunk: 1, points: FANS };

let clock: SimulatedClock;
let store: ReturnType<typeof embeddedRankings>;
let stage: Awaited<ReturnType<typeof boardsStage>>;
let isOurs: (shardId: string) => boolean;
beforeEach(async () => {
  clock = new SimulatedClock();
  store = embeddedRankings(clock);
  isOurs = () => true;
  stage = await boardsStage({ clock, ...store, fenceOf: (shard) => isOurs(shard) ? 1 : null });
});
afterEach(async () => {
  await stage.close();
  store.close();
});

const pass = async (ms = 0) => {
  await settled();
  await clock.advance(ms);
  await settled();
};
/** Points as the shards have them. */
const standings = async (board = MATCH) => {
  const found = await Promise.all(
    Object.keys(FANS).map(async (fan) => {
      const [standing] = await stage.boards.standings(shardFor(board, fan)!, [fan]);
      return [fan, standing!.score];
    }),
  );
  return Object.fromEntries(found);
};
/** Written in SQL and then ranked, as every chunk is. */
const settle = async () => {
  await writeChunk(stage.sql, CHUNK);
  await rank(stage.boards, MATCH, CHUNK);
  await pass();
};
const state = (shard: string) =>
  stage.boards.status().find(({ id }) => id === `leaderboard/${shard}`)?.state;

describe("LeaderboardSupervisor", () => {
  test("wakes a shard by its first question and applies chunks once", async () => {
    expect(stage.boards.awake()).toEqual([]);
    await writeChunk(stage.sql, CHUNK);
    expect(new Set(await rank(stage.boards, MATCH, CHUNK))).toEqual(new Set(["applied"]));
    expect(new Set(await rank(stage.boards, MATCH, CHUNK))).toEqual(new Set(["applied before"]));
    expect(await standings()).toEqual(FANS);
    expect(stage.boards.awake().sort()).toEqual(shardsOf(MATCH));
    expect(new Set(stage.changed)).toEqual(new Set([MATCH]));
  });

  test("several chunks go in one question and are answered in order", async () => {
    const shard = shardFor(MATCH, "ana")!;
    const chunk = (key: string) => ({ key, changes: [{ member: "ana", score: 1 }] });
    const answers = await stage.boards.apply(shard, [chunk("a"), chunk("b"), chunk("a")]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(["applied", "applied", "applied before"]);
  });

  test("has no shard that no board has, nor another's", async () => {
    await expect(stage.boards.standings("global.9", [])).rejects.toMatchObject({
      code: "unknownShard",
    });
    await expect(stage.boards.standings("nothing", [])).rejects.toMatchObject({
      code: "unknownShard",
    });
    isOurs = () => false;
    await expect(stage.boards.standings("global.0", [])).rejects.toMatchObject({
      code: "notOwner",
      retryable: true,
    });
  });

  test("counts come with another version after every change, and not at all for a known one", async () => {
    const shard = shardFor(MATCH, "ana")!;
    const first = await stage.boards.counts(shard, "");
    expect(first).toMatchObject({ counts: [], top: { rows: [] } });
    expect(await stage.boards.counts(shard, first.version)).toEqual({
      version: first.version,
      counts: null,
      top: null,
    });
    await stage.boards.apply(shard, [{ key: "a", changes: [{ member: "ana", score: 5 }] }]);
    const second = await stage.boards.counts(shard, first.version);
    expect(second.version).not.toBe(first.version);
    expect(second).toMatchObject({
      counts: [{ score: 5, members: 1 }],
      top: { rows: [{ member: "ana", score: 5, rank: 1 }] },
    });
  });

  test("a top that did not change is not told again, to who has its version", async () => {
    const shard = shardFor(MATCH, "ana")!;
    const give = (key: string, fans: number, score: number) => {
      const changes = Array.from({ length: fans }, (_, at) => ({ member: `${key}-${at}`, score }));
      return stage.boards.apply(shard, [{ key, changes }]);
    };
    // These points are in no ledger: nobody compares them with one.
    stage.points.totals = () => new Promise(() => {});
    // Its first page is full.
    for (const key of ["a", "b"]) await give(key, limits.leaderboardPageMax / 2, 10);
    const first = await stage.boards.counts(shard, "");
    await give("c", 1, 3);
    const second = await stage.boards.counts(shard, first.version);
    expect(second).toEqual({
      version: expect.any(String),
      counts: [{ score: 3, members: 1 }],
      since: first.version,
      top: null,
    });
    expect((await stage.boards.counts(shard, "of another start")).top).toEqual(first.top);
    await give("d", 1, 20);
    const { top } = await stage.boards.counts(shard, second.version);
    expect(top!.rows[0]).toEqual({ member: "d-0", score: 20, rank: 1 });
  });

  test("a crash costs the restart: the ranks are the same", async () => {
    await settle();
    const shard = shardFor(MATCH, "ana")!;
    const { version } = await stage.boards.counts(shard, "");
    store.rankings.isBroken = true;
    await expect(stage.boards.standings(shard, ["ana"])).rejects.toMatchObject({
      code: "shardUnavailable",
      retryable: true,
    });
    store.rankings.isBroken = false;
    await settled();
    expect(state(shard)).toBe("backingOff");
    await pass(limits.restartDelayMsMin * 2);
    expect(await standings()).toEqual(FANS);
    expect((await stage.boards.counts(shard, "")).version).not.toBe(version);
    expect(stage.heard).toEqual([`restarted leaderboard/${shard}: the ranking is broken`]);
  });

  test("past five crashes the shard is parked, its neighbour is not, and an operator unparks it", async () => {
    await settle();
    const [shard, other] = shardsOf(MATCH) as [string, string];
    store.rankings.isBroken = true;
    for (let tries = 0; tries < 60 && state(shard) !== "parked"; tries++) {
      await stage.boards.standings(shard, ["ana"]).catch(() => {});
      await pass(200);
    }
    store.rankings.isBroken = false;
    expect([state(shard), state(other)]).toEqual(["parked", "running"]);
    await expect(stage.boards.standings(shard, ["ana"])).rejects.toMatchObject({
      code: "shardUnavailable",
      message: expect.stringContaining("unpark it at /api/ops/parked"),
    });
    expect(stage.boards.parkedSince(`leaderboard/${shard}`)).toBeGreaterThan(0);
    const built = { leaderboards: stage.boards };
    const desk = operatorDesk({ built, status: () => [] } as unknown as TreeOptions);
    expect(await desk.parked()).toMatchObject([
      { id: `leaderboard/${shard}`, reason: "the ranking is broken" },
    ]);
    expect(await desk.unpark(`leaderboard/${shard}`)).toBe("unparked");
    await settled();
    expect(await standings()).toEqual(FANS);
  });

  test("a lost partition takes its shards with it; whoever asks is told to ask elsewhere", async () => {
    await settle();
    const [shard] = shardsOf(MATCH) as [string];
    isOurs = (id) => partitionOf(id) !== partitionOf(shard);
    await stage.boards.lost(partitionOf(shard));
    expect(stage.boards.awake()).not.toContain(shard);
    await expect(stage.boards.standings(shard, ["ana"])).rejects.toMatchObject({
      code: "notOwner",
    });
    isOurs = () => true;
    expect(await standings()).toEqual(FANS);
  });

  test("a shard that nobody asks sleeps", async () => {
    await settle();
    await pass(limits.leaderboardIdleMs * 0.9);
    await stage.boards.standings(shardFor(MATCH, "ana")!, ["ana"]);
    await pass(limits.leaderboardIdleMs * 0.3);
    expect(stage.boards.awake()).toEqual([shardFor(MATCH, "ana")]);
    await pass(limits.leaderboardIdleMs * 1.2);
    expect(stage.boards.awake()).toEqual([]);
    expect(await standings()).toEqual(FANS);
  });

  test("rebuild gives the ranks of the ledger of points, and knows what they contain", async () => {
    await writeChunk(stage.sql, { ...CHUNK, isRanked: false });
    for (const shard of shardsOf(MATCH)) {
      expect(await stage.boards.rebuild(shard)).toEqual({ outcome: "done" });
    }
    expect(await standings()).toEqual(FANS);
    expect(new Set(await rank(stage.boards, MATCH, CHUNK))).toEqual(new Set(["applied before"]));
    expect(await standings()).toEqual(FANS);
  });
});

describe("LeaderboardSupervisor: a store that lost its ranks", () => {
  beforeEach(async () => {
    await settle();
    for (const shard of shardsOf(MATCH)) await stage.boards.lost(partitionOf(shard));
  });

  test("is filled from SQL when its shards wake", async () => {
    expect(stage.heard).toEqual([]);
    store.empty();
    for (const shard of shardsOf(MATCH)) await stage.boards.counts(shard, "");
    await pass();
    await pass();
    expect(await standings()).toEqual(FANS);
    expect(stage.heard).toHaveLength(2);
    expect(stage.heard[0]).toMatch(/^rebuilt leaderboard\/arg-fra-2022-12-18\.\d: SQL has \d fans/);
  });

  test("that lost only its tail too", async () => {
    await store.rankings.apply(
      `leaderboard/first/${shardFor(MATCH, "bea")}`,
      "tear",
      [{ member: "bea", score: -30 }],
      1,
    );
    for (const shard of shardsOf(MATCH)) await stage.boards.counts(shard, "");
    await pass();
    await pass();
    expect(await standings()).toEqual(FANS);
  });

  test("goes on while SQL is away and is compared later", async () => {
    store.empty();
    const { totals } = stage.points;
    const { Failure } = await import("../runtime/failure.ts");
    stage.points.totals = () =>
      Promise.reject(new Failure("storeUnavailable", "SQL is away", { retryable: true }));
    for (const shard of shardsOf(MATCH)) await stage.boards.counts(shard, "");
    await pass();
    expect((await standings()).ana).toBe(0);
    stage.points.totals = totals;
    await pass(limits.leaderboardCompareMs);
    await pass();
    expect(await standings()).toEqual(FANS);
  });

  test("one that is behind a settlement under way is left alone, and its points are not read", async () => {
    await writeChunk(stage.sql, { chunk: 2, points: { zoe: 7 }, isRanked: false });
    const { totals } = stage.points;
    let reads = 0;
    stage.points.totals = (...shard) => {
      reads += 1;
      return totals.call(stage.points, ...shard);
    };
    for (const shard of shardsOf(MATCH)) await stage.boards.counts(shard, "");
    await pass();
    expect(stage.heard).toEqual([]);
    expect(reads).toBe(0);
    await rank(stage.boards, MATCH, { chunk: 2, points: { zoe: 7 } });
    await stage.sql.kysely.updateTable("settlement_chunk").set({ ranked_at: 3 }).execute();
    await pass(limits.leaderboardCompareMs);
    expect(stage.heard).toEqual([]);
    expect(reads).toBeGreaterThan(0);
  });
});
