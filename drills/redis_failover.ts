/**
 * The drill of the failover: a master of a Redis Cluster of three and three is
 * killed while each of its matches is told 40 facts a second. Its replica, in
 * sync until then, takes its place without what came in the last moment; the
 * dead one comes back as a replica for the next run.
 *
 * Held is that the matches publish again and fans are level within 10 s, and in
 * the end what the history checker holds of the whole.
 */
import { setTimeout as pause } from "node:timers/promises";
import { partitionOf } from "../actors/ports/partition.ts";
import { type RunningCluster, startCluster } from "../db/redis/cluster_test_kit.ts";
import type { RedisServer } from "../db/redis/server_test_kit.ts";
import { ClusterGroup } from "./cluster_group.ts";
import { judgeCluster } from "./cluster_verdict.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { Matchday } from "./matchday.ts";
import { SeededRandom } from "./seeded_random.ts";
import { watchSilence } from "./silence_watch.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

/** 40 facts a second to each match. */
const FACT_EVERY_MS = 25;
/** More would measure the provider. */
const MATCHES_MAX = 3;
const PLAY_MS_MIN = 500;
const PLAY_MS_MAX = 1_500;
const RESEND_MS = 30_000;
const SILENCE_MS_MAX = 10_000;

interface Stage {
  redis: RunningCluster;
  cluster: ClusterGroup;
}

export class RedisFailover implements Drill {
  readonly name = "redis_failover";
  readonly form = "cluster";
  readonly faults = ["failovers"];
  readonly #days: Matchday[] = [];
  #stage: Stage | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const random = new SeededRandom(seed * 1_000 + run);
    const stage = this.#stage ??= await setUp();
    const day = await Matchday.open(stage.cluster, `day-${run}`, new SeededRandom(-seed - run));
    this.#days.push(day);
    return await failOver(stage, day, random);
  }

  async end(): Promise<RunReport> {
    const { cluster } = this.#stage!;
    try {
      return await judgeCluster(cluster, this.#days);
    } finally {
      for (const day of this.#days) day.end();
      await cluster.end();
    }
  }
}

async function setUp(): Promise<Stage> {
  const redis = await startCluster();
  const settings = WebhookSource.settings;
  const cluster = await ClusterGroup.start(settings, undefined, () => Promise.resolve(redis));
  return { redis, cluster };
}

async function failOver(
  { redis }: Stage,
  day: Matchday,
  random: SeededRandom,
): Promise<RunReport> {
  await until("every replica is in sync", () => isInSync(redis.servers), SILENCE_MS_MAX * 2);
  const masterOf = (id: string) => redis.masterOf(`{golazo:p${partitionOf(id)}}`);
  const victim = await masterOf(random.pick(day.ids));
  const masters = await Promise.all(day.ids.map(masterOf));
  const theirs = day.ids.filter((_, at) => masters[at] === victim).slice(0, MATCHES_MAX);
  const tell = () => {
    for (const id of theirs) void day.tell([id], { resendForMs: RESEND_MS });
  };
  const play = setInterval(tell, FACT_EVERY_MS);
  try {
    await pause(random.whole(PLAY_MS_MIN, PLAY_MS_MAX));
    await victim.kill();
    const killedAt = performance.now();
    const channels = theirs.map((id) => `match:${id}`);
    const silences = day.fans.map((fan) => watchSilence(fan, channels, killedAt));
    const isOver = () => silences.every((silence) => silence.isOver);
    await until("every match publishes again", isOver, SILENCE_MS_MAX * 3);
    clearInterval(play);
    await day.close();
    await victim.startAgain();
    const silenceMs = Math.max(...silences.map(({ lastMs }) => lastMs));
    return {
      violations: silenceMs <= SILENCE_MS_MAX ? [] : [`a match was silent for ${silenceMs} ms`],
      times: { silence_ms: silenceMs },
      counts: { failovers: 1 },
      notes: { matches: theirs.length, facts: day.source.posted.length },
    };
  } finally {
    clearInterval(play);
  }
}

/** Three masters, and three replicas with all that they have. */
async function isInSync(servers: RedisServer[]): Promise<boolean> {
  const infos = await Promise.all(
    servers.map((server) => server.tell((redis) => redis.info("replication"))),
  );
  return infos.filter((info) => info.includes("master_link_status:up")).length === 3 &&
    infos.filter((info) => info.includes("role:master")).length === 3;
}
