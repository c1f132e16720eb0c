/**
 * `deno task bench ranks`: a fan's points move and his rank is asked, among a
 * million, at rest and while 5,000 points a second move.
 *
 * The shards are the product's actors in one process, asked over the broker by
 * its reader in another; writes come from a third. All run as the server does.
 * Beside it the same with a plain sorted set, which knows no ties, and all ranks
 * anew in SQL. At the end 1,000 ranks are compared with a count fan by fan. Each
 * process is free to use any core, as is Redis.
 */
import { parseArgs } from "node:util";
import { startRedis } from "../db/redis/redis_test_kit.ts";
import { assert } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { figureOf, percentile, printFigure } from "./figure.ts";
import { cpuMs } from "./kernel.ts";
import { LoadProcess } from "./load_process.ts";
import { firstPoints } from "./ranks/board_load.ts";
import { recomputeSeconds } from "./ranks/sql_recompute.ts";
import type { Pace, Written } from "./ranks/writer.ts";
import { partCommand } from "./server_process.ts";

const BENCH = "ranks";
const SIZE = { fans: 100_000, runs: 3, asks: 1_000 };
const FULL = { fans: 1_000_000, runs: 5, asks: 2_000 };
const UPDATES_PER_SECOND = 5_000;
const COMPARED = 1_000;
const DISTINCT_MIN = 5_000;
const FILL_MS_MAX = 300_000;
const ANSWERS_MS_MAX = 120_000;

interface Parts {
  owner: LoadProcess;
  writer: LoadProcess;
  reader: LoadProcess;
}

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
  const part = (name: string) =>
    new LoadProcess(`the ${name}`, partCommand(new URL(`ranks/${name}.ts`, import.meta.url)));
  const parts: Parts = { owner: part("owner"), writer: part("writer"), reader: part("reader") };
  try {
    await parts.owner.ask("open", redis.url);
    await parts.writer.ask("open", redis.url);
    await parts.reader.ask("open", { url: redis.url, fans: size.fans }, FILL_MS_MAX);
    await parts.owner.ask("fill", size.fans, FILL_MS_MAX);
    const distinct = new Set(points).size;
    printError(`${size.fans} fans with ${distinct} distinct totals`);
    assert(distinct >= DISTINCT_MIN, "there are many totals: take more fans");
    await measure(parts, size);
  } finally {
    await Promise.all(Object.values(parts).map((process) => process.stop()));
    await redis.stop();
  }
  if (values["no-sql"]) return;
  printFigure(figureOf(BENCH, "sql_recompute_s", "s", await recomputeSeconds(points, 3)));
}

async function measure(
  { owner, writer, reader }: Parts,
  { fans, runs, asks }: typeof SIZE,
): Promise<void> {
  const idle: number[] = [];
  const busy: number[] = [];
  const pages: number[] = [];
  const zset: number[] = [];
  const rates: number[] = [];
  const times = (command: string, count: number) =>
    reader.ask<number[]>(command, count, ANSWERS_MS_MAX);
  let chunks = 0;
  // The first is for the compilers of all processes.
  for (let run = 0; run <= runs; run++) {
    const before = [cpuMs(owner.pid), cpuMs(reader.pid)];
    const atRest = await times("updateRanks", asks);
    const [ofOwner, ofReader] = [owner, reader].map(({ pid }, at) =>
      ((cpuMs(pid) - before[at]!) * 1_000 / asks).toFixed(0)
    );
    const plain = await times("plainSetRanks", asks);
    const pace: Pace = { fans, updatesPerSecond: UPDATES_PER_SECOND, firstChunk: chunks };
    await writer.ask("begin", pace);
    const underLoad = await times("updateRanks", asks);
    const paged = await times("readPages", asks / 4);
    const written = await writer.ask<Written>("stop", null, 60_000);
    await reader.ask("noteChunks", { first: chunks, count: written.chunks });
    chunks += written.chunks;
    printError(
      `run ${run}: ${spread(atRest)} at rest (owner ${ofOwner} us of CPU each, reader ` +
        `${ofReader} us), ${spread(underLoad)} at ${Math.round(written.updatesPerSecond)} ` +
        `updates/s, sorted set ${spread(plain)}`,
    );
    if (run === 0) continue;
    idle.push(p99(atRest));
    busy.push(p99(underLoad));
    pages.push(p99(paged));
    zset.push(p99(plain));
    rates.push(written.updatesPerSecond);
  }
  const wrong = await reader.ask<number>("countWrong", COMPARED, ANSWERS_MS_MAX);
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

function spread(took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b);
  return [50, 99].map((at) => `p${at} ${percentile(sorted, at).toFixed(2)} ms`).join(" and ");
}

function p99(took: number[]): number {
  return percentile(took.toSorted((a, b) => a - b), 99);
}
