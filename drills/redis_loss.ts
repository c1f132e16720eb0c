/**
 * The drill of the lost Redis, while matches are played and the provider posts
 * again until it is answered. By turns it is emptied 50 ms after a goal reached
 * a fan, or killed at a goal together with an owner and started again empty.
 *
 * Held is that every fan is told to start anew within 10 s, that the provider is
 * never told that a match is unknown, and in the end what the history checker
 * holds of the whole. Emptied alone it takes nothing back,
 * since owners append their tails again; with an owner gone it may, and says how
 * many goals. Each run has matches of its own in the same cluster.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { RunningRedis } from "../db/redis/redis_test_kit.ts";
import { ClusterGroup, startDurableRedis } from "./cluster_group.ts";
import { emptyRedis, readClusterHistory, readRedisLedgers } from "./cluster_history.ts";
import { judgeCluster } from "./cluster_verdict.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { frameOfGoal } from "./kill_moments.ts";
import { Matchday } from "./matchday.ts";
import { whoOwns } from "./ownership.ts";
import { watchResync } from "./resync_watch.ts";
import { SeededRandom } from "./seeded_random.ts";
import { watchSilence } from "./silence_watch.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

/** 40 facts a second. */
const FACT_EVERY_MS = 25;
const PLAY_MS_MIN = 300;
const PLAY_MS_MAX = 1_500;
const RESEND_MS = 30_000;
const FLUSH_AFTER_GOAL_MS = 50;
const DEATH_AFTER_GOAL_MS_MAX = 50;
const RESTART_AFTER_MS = 1_000;
const RESYNC_MS_MAX = 10_000;
/** Those that nobody watches are filled behind those that are played. */
const REFILL_MS_MAX = 30_000;

interface Stage {
  redis: RunningRedis;
  cluster: ClusterGroup;
}

type Loss = (day: Matchday, random: SeededRandom) => Promise<{ back: Promise<void> }>;

export class RedisLoss implements Drill {
  readonly name = "redis_loss";
  readonly form = "cluster";
  readonly faults = ["flushes", "deaths"];
  readonly #days: Matchday[] = [];
  #stage: Stage | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const random = new SeededRandom(seed * 1_000 + run);
    const stage = this.#stage ??= await setUp();
    const { cluster } = stage;
    const day = await Matchday.open(cluster, `day-${run}`, new SeededRandom(-seed - run));
    this.#days.push(day);
    await whoOwns(cluster, day.ids);
    const isFlush = (seed + run) % 2 === 0;
    const lose: Loss = isFlush ? () => flush(cluster) : () => killBoth(stage, day, random);
    const report = await loseOnce(day, random, lose);
    const fault = isFlush ? "flushes" : "deaths";
    return { ...report, counts: { [fault]: 1 }, notes: { fault, ...report.notes } };
  }

  async end(): Promise<RunReport> {
    const { cluster } = this.#stage!;
    try {
      const since = performance.now();
      await until("all ledgers are there again", () => isFilled(cluster), REFILL_MS_MAX);
      const refilledMs = Math.round(performance.now() - since);
      const report = await judgeCluster(cluster, this.#days);
      return { ...report, times: { refilled_ms: refilledMs } };
    } finally {
      for (const day of this.#days) day.end();
      await cluster.end();
    }
  }
}

async function setUp(): Promise<Stage> {
  const redis = await startDurableRedis();
  const settings = WebhookSource.settings;
  const cluster = await ClusterGroup.start(settings, undefined, () => Promise.resolve(redis));
  return { redis, cluster };
}

async function loseOnce(day: Matchday, random: SeededRandom, lose: Loss): Promise<RunReport> {
  const channels = day.ids.map((id) => `match:${id}`);
  const tell = () => void day.tell(day.ids, { resendForMs: RESEND_MS });
  const play = setInterval(tell, FACT_EVERY_MS);
  try {
    await pause(random.whole(PLAY_MS_MIN, PLAY_MS_MAX));
    const reached = frameOfGoal(random.pick(day.fans));
    await reached;
    const { back } = await lose(day, random);
    const lostAt = performance.now();
    const resyncs = day.fans.map((fan) => watchResync(fan, channels, lostAt));
    const silences = day.fans.map((fan) => watchSilence(fan, channels, lostAt));
    const isOver = () => [...resyncs, ...silences].every((watched) => watched.isOver);
    await until("every fan has started anew and hears more", isOver, RESYNC_MS_MAX * 3);
    await back;
    clearInterval(play);
    await day.close();
    const forgotten = day.source.posted.filter(({ code }) => code === "unknownMatch").length;
    const resyncMs = Math.max(...resyncs.map(({ lastMs }) => lastMs));
    return {
      violations: [
        ...(resyncMs <= RESYNC_MS_MAX ? [] : [`a fan waited ${resyncMs} ms to start anew`]),
        ...(forgotten === 0 ? [] : [`${forgotten} facts were told that there is no such match`]),
      ],
      times: {
        resync_ms: resyncMs,
        silence_ms: Math.max(...silences.map(({ lastMs }) => lastMs)),
      },
      counts: {},
      notes: { facts: day.source.posted.length },
    };
  } finally {
    clearInterval(play);
  }
}

async function flush(cluster: ClusterGroup): Promise<{ back: Promise<void> }> {
  await pause(FLUSH_AFTER_GOAL_MS);
  await emptyRedis(cluster.redisUrl);
  return { back: Promise.resolve() };
}

/** Redis is there again at once, and empty; the platform starts the owner after a second. */
async function killBoth(
  { redis: { server }, cluster }: Stage,
  day: Matchday,
  random: SeededRandom,
): Promise<{ back: Promise<void> }> {
  const victim = random.pick(cluster.of("actors"));
  day.beforeDamage.push(await readRedisLedgers(cluster.redisUrl));
  await pause(random.whole(0, DEATH_AFTER_GOAL_MS_MAX / 2));
  victim.server.kill("SIGKILL");
  const bringBack = async () => {
    await server.kill();
    await server.startEmpty();
    await pause(RESTART_AFTER_MS);
    await cluster.startAgain(victim);
  };
  return { back: bringBack() };
}

async function isFilled({ redisUrl, databaseUrl }: ClusterGroup): Promise<boolean> {
  const { ledger, sql } = await readClusterHistory(redisUrl, databaseUrl);
  return [...sql].every(([match, entries]) => ledger.get(match)?.length === entries.length);
}
