/**
 * `deno task bench hotstate`: what one owner's process writes to Redis, and what
 * a match, a room or a leaderboard's shard that waits costs it.
 *
 * Snapshots of real matches beside `redis-benchmark` with values of the same
 * size on the same Redis, in turn; a publication of one durable change is one
 * fenced script. The Redis is the bench's own and keeps nothing on the disk, so
 * that what is compared is the way there.
 */
import { parseArgs } from "node:util";
import { startRedis } from "../db/redis/redis_test_kit.ts";
import { assert } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { figureOf, printFigure } from "./figure.ts";
import type { Rate, RateArgument } from "./hotstate/owner.ts";
import { setsPerSecond } from "./hotstate/redis_benchmark.ts";
import { LoadProcess } from "./load_process.ts";

const BENCH = "hotstate";
const MATCHES = 1_000;
const UNDER_WAY = 256;
const SETS = 100_000;
const IDLE_ACTORS = 10_000;
/** Code and tables that the first ones bring are no match's. */
const WARM_ACTORS = 500;

interface Figures {
  snapshots: number;
  publishes: number;
  sets: number;
  ratio: number;
}

/** Options: `--full`, `--runs N`. */
export async function hotstate(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { full: { type: "boolean", default: false }, runs: { type: "string" } },
  });
  const runs = Number(values.runs ?? (values.full ? 9 : 5));
  assert(runs >= 1, "there is at least one run");
  const found = await writeInTurn(runs);
  const bytes = await bytesPerActor("idle_actors");
  const roomBytes = await bytesPerActor("idle_rooms");
  const shardBytes = await bytesPerActor("idle_shards");
  const print = (metric: string, unit: string, of: (figures: Figures) => number) =>
    printFigure(figureOf(BENCH, metric, unit, found.map(of)));
  print("snapshots_per_s", "1/s", ({ snapshots }) => snapshots);
  print("publishes_per_s", "1/s", ({ publishes }) => publishes);
  print("redis_pipelined_set_per_s", "1/s", ({ sets }) => sets);
  print("ratio_to_redis_benchmark", "ratio", ({ ratio }) => ratio);
  printFigure(figureOf(BENCH, "bytes_per_match_actor", "B", [bytes]));
  printFigure(figureOf(BENCH, "bytes_per_room_actor", "B", [roomBytes]));
  printFigure(figureOf(BENCH, "bytes_per_shard_actor", "B", [shardBytes]));
}

async function writeInTurn(runs: number): Promise<Figures[]> {
  const redis = await startRedis();
  const owner = new LoadProcess("the owner", new URL("hotstate/owner.ts", import.meta.url));
  try {
    const bytes = await owner.ask<number>("open", redis.url);
    printError(`a snapshot has ${bytes} bytes at the mean`);
    const argument: RateArgument = { matches: MATCHES, underWay: UNDER_WAY, ms: 1_500 };
    const set = { bytes, keys: MATCHES, count: SETS };
    const figures: Figures[] = [];
    // The first is for the compilers on both sides.
    for (let run = 0; run <= runs; run++) {
      const sets = await setsPerSecond(redis.server.port, set);
      const snapshots = await owner.ask<Rate>("snapshots", argument);
      const publishes = await owner.ask<Rate>("publishes", argument);
      const ratio = snapshots.perSecond / sets;
      tell({ run, sets, snapshots, publishes });
      if (run === 0) continue;
      figures.push({
        ...{ sets, ratio },
        snapshots: snapshots.perSecond,
        publishes: publishes.perSecond,
      });
    }
    return figures;
  } finally {
    await owner.stop();
    await redis.stop();
  }
}

async function bytesPerActor(
  program: "idle_actors" | "idle_rooms" | "idle_shards",
): Promise<number> {
  const redis = await startRedis();
  const actors = new LoadProcess("the actors", new URL(`hotstate/${program}.ts`, import.meta.url));
  try {
    await actors.ask("open", redis.url);
    const before = await actors.ask<number>("wake", WARM_ACTORS, 120_000);
    const after = await actors.ask<number>("wake", WARM_ACTORS + IDLE_ACTORS, 120_000);
    return Math.round((after - before) / IDLE_ACTORS);
  } finally {
    await actors.stop();
    await redis.stop();
  }
}

function tell(
  run: { run: number; sets: number; snapshots: Rate; publishes: Rate },
): void {
  const rate = ({ perSecond, cpuUsEach }: Rate) =>
    `${Math.round(perSecond)} (${cpuUsEach.toFixed(1)} us of CPU each)`;
  printError(
    `run ${run.run}: ${Math.round(run.sets)} SETs, ${rate(run.snapshots)} snapshots, ` +
      `${rate(run.publishes)} publishes a second`,
  );
}
