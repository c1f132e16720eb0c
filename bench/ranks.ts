/**
 * `deno task bench ranks`: a fan's points move and his rank is asked, among a
 * million, at rest and while 5,000 points a second move.
 *
 * The shards are the product's actors in another process, asked over the broker;
 * writes come from a third. Beside it the same with a plain sorted set, which
 * knows no ties, and all ranks anew in SQL. At the end 1,000 ranks are compared
 * with a count fan by fan. Each process is free to use any core, as is Redis.
 */
import { parseArgs } from "node:util";
import type { Chunk } from "../actors/leaderboard/leaderboard_shard.ts";
import { shardFor } from "../actors/leaderboard/leaderboard_names.ts";
import { BoardReader } from "../channels/board_reader.ts";
import { startRedis } from "../db/redis/redis_test_kit.ts";
import type { RedisClient } from "../db/redis/redis_client.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { printError } from "../runtime/platform.ts";
import { type Random, seededRandom } from "../runtime/random.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { LoadProcess } from "./load_process.ts";
import { BOARD, fanName, firstPoints, movesOf } from "./ranks/board_load.ts";
import { connectBoards } from "./ranks/shared_board.ts";
import { recomputeSeconds } from "./ranks/sql_recompute.ts";
import type { Pace, Written } from "./ranks/writer.ts";

const BENCH = "ranks";
const SIZE = { fans: 100_000, runs: 3, asks: 1_000 };
const FULL = { fans: 1_000_000, runs: 5, asks: 2_000 };
const UPDATES_PER_SECOND = 5_000;
const COMPARED = 1_000;
const DISTINCT_MIN = 5_000;
const FILL_MS_MAX = 300_000;
const PLAIN_SET = "bench:plain";

type Boards = Awaited<ReturnType<typeof connectBoards>>;

/** Options: `--full`, `--fans N`, `--no-sql`. */
export async function ranks(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      full: { type: "boolean", default: false },
      fans: { type: "string" },
      "no-sql": { type: "boolean", default: false },
    },
  });
  const standard = values.full ? FULL : SIZE;
  const size = { ...standard, fans: Number(values.fans ?? standard.fans) };
  const points = firstPoints(size.fans);
  const redis = await startRedis("--appendonly", "yes");
  const owner = new LoadProcess("the owner", new URL("ranks/owner.ts", import.meta.url));
  const writer = new LoadProcess("the writer", new URL("ranks/writer.ts", import.meta.url));
  const shared = await connectBoards(redis.url, "reader");
  const reader = new BoardReader({
    ...{ boards: shared.boards, clock: systemClock },
    exists: () => Promise.resolve(true),
  });
  try {
    await owner.ask("open", redis.url);
    await writer.ask("open", redis.url);
    await owner.ask("fill", size.fans, FILL_MS_MAX);
    await fillPlainSet(shared.client, points);
    const distinct = new Set(points).size;
    printError(`${size.fans} fans with ${distinct} distinct totals`);
    assert(distinct >= DISTINCT_MIN, "there are many totals: take more fans");
    await measure(new Ranks({ shared, reader, points }), writer, size);
  } finally {
    reader.close();
    shared.close();
    await Promise.all([owner.stop(), writer.stop()]);
    await redis.stop();
  }
  if (values["no-sql"]) return;
  printFigure(figureOf(BENCH, "sql_recompute_s", "s", await recomputeSeconds(points, 3)));
}

async function measure(
  board: Ranks,
  writer: LoadProcess,
  { fans, runs, asks }: typeof SIZE,
): Promise<void> {
  const idle: number[] = [];
  const busy: number[] = [];
  const pages: number[] = [];
  const zset: number[] = [];
  const rates: number[] = [];
  let chunks = 0;
  // The first is for the compilers of all processes.
  for (let run = 0; run <= runs; run++) {
    const atRest = await board.updateRanks(asks);
    const plain = await board.plainSetRanks(asks);
    const pace: Pace = { fans, updatesPerSecond: UPDATES_PER_SECOND, firstChunk: chunks };
    await writer.ask("begin", pace);
    const underLoad = await board.updateRanks(asks);
    const paged = await board.readPages(asks / 4);
    const written = await writer.ask<Written>("stop", null, 60_000);
    for (let chunk = 0; chunk < written.chunks; chunk++) board.noteChunk(chunks + chunk, fans);
    chunks += written.chunks;
    printError(
      `run ${run}: ${spread(atRest)} at rest, ${spread(underLoad)} at ` +
        `${Math.round(written.updatesPerSecond)} updates/s, sorted set ${spread(plain)}`,
    );
    if (run === 0) continue;
    idle.push(p99(atRest));
    busy.push(p99(underLoad));
    pages.push(p99(paged));
    zset.push(p99(plain));
    rates.push(written.updatesPerSecond);
  }
  const wrong = await board.countWrong(COMPARED);
  const print = (metric: string, unit: string, values: number[]) =>
    printFigure(figureOf(BENCH, metric, unit, values));
  print("update_rank_p99_ms_idle", "ms", idle);
  print("update_rank_p99_ms_busy", "ms", busy);
  print("page_p99_ms", "ms", pages);
  print("zset_update_rank_p99_ms", "ms", zset);
  print("updates_per_s_busy", "1/s", rates);
  print("wrong", "ranks", [wrong]);
  assert(wrong === 0, "every rank is the one that a count gives");
}

/** The board as this process asks it, and the truth as it knows it. */
class Ranks {
  readonly #shared: Boards;
  readonly #reader: BoardReader;
  readonly #points: Int32Array;
  readonly #random: Random = seededRandom(99);
  #asked = 0;

  constructor(
    { shared, reader, points }: { shared: Boards; reader: BoardReader; points: Int32Array },
  ) {
    this.#shared = shared;
    this.#reader = reader;
    this.#points = points;
  }

  /** Milliseconds from a fan's new points until his rank is known, one after the other. */
  updateRanks(times: number): Promise<number[]> {
    return this.#timed(times, async () => {
      const fan = this.#anyFan();
      const changes = [{ member: fanName(fan), score: 1 }];
      const chunk: Chunk = { key: `bench/${this.#asked++}`, changes };
      await this.#shared.boards.apply(shardFor(BOARD, fanName(fan))!, [chunk]);
      this.#points[fan]! += 1;
      const [found] = (await this.#reader.standings(BOARD, [fanName(fan)]))!;
      assert(found!.rank !== null, "everybody has points");
    });
  }

  plainSetRanks(times: number): Promise<number[]> {
    const { client } = this.#shared;
    return this.#timed(times, async () => {
      const fan = fanName(this.#anyFan());
      await client.run("zincrby", PLAIN_SET, 1, fan);
      await client.run("zrevrank", PLAIN_SET, fan);
    });
  }

  readPages(times: number): Promise<number[]> {
    return this.#timed(times, async () => {
      await this.#reader.page(BOARD, 0, limits.leaderboardPageMax);
    });
  }

  noteChunk(chunk: number, fans: number): void {
    for (const { fan, points } of movesOf(chunk, fans)) this.#points[fan]! += points;
  }

  /** At rest, against a count of who has more. */
  async countWrong(times: number): Promise<number> {
    await pause(systemClock, 2 * limits.boardAgeMsMax);
    let wrong = 0;
    for (let asked = 0; asked < times; asked++) {
      const fan = this.#anyFan();
      const [found] = (await this.#reader.standings(BOARD, [fanName(fan)]))!;
      let rank = 1;
      for (const other of this.#points) if (other > this.#points[fan]!) rank += 1;
      if (found!.score !== this.#points[fan] || found!.rank !== rank) wrong += 1;
    }
    return wrong;
  }

  #anyFan(): number {
    return Math.floor(this.#points.length * this.#random.fraction());
  }

  async #timed(times: number, ask: () => Promise<void>): Promise<number[]> {
    const took: number[] = [];
    for (let asked = 0; asked < times; asked++) {
      const beganAt = systemClock.monotonic();
      await ask();
      took.push(systemClock.monotonic() - beganAt);
    }
    return took;
  }
}

async function fillPlainSet(client: RedisClient, points: Int32Array): Promise<void> {
  for (let from = 0; from < points.length; from += 1_000) {
    const members = [...points.subarray(from, from + 1_000)]
      .flatMap((score, at) => [score, fanName(from + at)]);
    await client.run("zadd", PLAIN_SET, ...members);
  }
}

function spread(took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b);
  return [50, 99].map((at) => `p${at} ${percentile(sorted, at).toFixed(2)} ms`).join(" and ");
}

function p99(took: number[]): number {
  return percentile(took.toSorted((a, b) => a - b), 99);
}
