/**
 * The drill of the lost MySQL, while matches are played: killed with 200 rows
 * and more that wait for it and started again, or stopped in its tracks for
 * minutes, an owner killed meanwhile.
 *
 * Held is that scores go on at the fans, that nobody is told yes before SQL has
 * the fact, that owners say they are degraded, that a takeover needs no SQL, and
 * in the end what the history checker holds of the whole, entry by entry.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ClusterGroup, type Member } from "./cluster_group.ts";
import { judgeCluster } from "./cluster_verdict.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { Matchday } from "./matchday.ts";
import { whoOwns } from "./ownership.ts";
import { SeededRandom } from "./seeded_random.ts";
import { watchSilence } from "./silence_watch.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

const FACT_EVERY_MS = 50;
/** Minutes of it stay far below the 2,000 facts of a match that may wait. */
const FACT_EVERY_STOPPED_MS = 100;
const PLAY_MS_MIN = 300;
const PLAY_MS_MAX = 1_000;
const RESEND_MS = 60_000;
/** What SQL committed before the fault is answered by then. */
const ON_THE_WAY_MS = 500;
const PENDING_MIN = 200;
const BURST_FACTS = 260;
const HEARD_MS_MAX = 5_000;
const DEGRADED_MS_MAX = 5_000;
const CAUGHT_UP_MS_MAX = 30_000;
const TAKEOVER_MS_MAX = 5_000;

export interface MysqlLossOptions {
  /** How long MySQL does nothing; the first run is that, all others kill. */
  stopMs: number;
}

export class MysqlLoss implements Drill {
  readonly name = "mysql_loss";
  readonly form = "cluster";
  readonly faults = ["kills", "stops", "takeovers"];
  readonly #options: MysqlLossOptions;
  readonly #days: Matchday[] = [];
  #cluster: ClusterGroup | null = null;

  constructor(options: MysqlLossOptions) {
    this.#options = options;
  }

  async run(seed: number, run: number): Promise<RunReport> {
    const random = new SeededRandom(seed * 1_000 + run);
    const cluster = this.#cluster ??= await ClusterGroup.start(WebhookSource.settings);
    const day = await Matchday.open(cluster, `day-${run}`, new SeededRandom(-seed - run));
    this.#days.push(day);
    const report = run === 1
      ? await stopAndTakeOver(cluster, day, random, this.#options.stopMs)
      : await killWithRowsPending(cluster, day, random);
    await day.close();
    return report;
  }

  async end(): Promise<RunReport> {
    const cluster = this.#cluster!;
    try {
      return await judgeCluster(cluster, this.#days);
    } finally {
      for (const day of this.#days) day.end();
      await cluster.end();
    }
  }
}

/** Half of the times it is frozen while rows gather, so that it dies in the middle of a transaction. */
async function killWithRowsPending(
  cluster: ClusterGroup,
  day: Matchday,
  random: SeededRandom,
): Promise<RunReport> {
  const { mariadb } = cluster;
  const isFrozenFirst = random.chance(0.5);
  return await whilePlaying(day, FACT_EVERY_MS, async () => {
    await pause(random.whole(PLAY_MS_MIN, PLAY_MS_MAX));
    mariadb.signal(isFrozenFirst ? "SIGSTOP" : "SIGKILL");
    const outage = await watchOutage(cluster, day);
    day.burst(day.ids, BURST_FACTS, { resendForMs: RESEND_MS });
    await until("200 rows wait", async () => await rowsBehind(cluster) >= PENDING_MIN);
    const pending = await rowsBehind(cluster);
    if (isFrozenFirst) mariadb.signal("SIGKILL");
    const { violations, silenceMs } = await outage.judge();
    await mariadb.restart();
    const caughtUpMs = await catchUp(cluster);
    return {
      violations,
      times: { silence_ms: silenceMs, caught_up_ms: caughtUpMs },
      counts: { kills: 1, pending },
      notes: { fault: isFrozenFirst ? "frozen, then killed" : "killed" },
    };
  });
}

async function stopAndTakeOver(
  cluster: ClusterGroup,
  day: Matchday,
  random: SeededRandom,
  stopMs: number,
): Promise<RunReport> {
  const owners = await whoOwns(cluster, day.ids);
  const victim = random.pick([...owners.keys()]);
  return await whilePlaying(day, FACT_EVERY_STOPPED_MS, async () => {
    await pause(random.whole(PLAY_MS_MIN, PLAY_MS_MAX));
    cluster.mariadb.signal("SIGSTOP");
    const stoppedAt = performance.now();
    const outage = await watchOutage(cluster, day);
    await pause(stopMs / 3);
    const takeoverMs = await takeOver(day, victim, owners.get(victim)!);
    await pause(Math.max(0, stopMs - (performance.now() - stoppedAt)));
    const pending = await rowsBehind(cluster);
    const { violations, silenceMs } = await outage.judge();
    const stoppedMs = Math.round(performance.now() - stoppedAt);
    cluster.mariadb.signal("SIGCONT");
    const caughtUpMs = await catchUp(cluster);
    await cluster.startAgain(victim);
    return {
      violations: [
        ...violations,
        ...(takeoverMs <= TAKEOVER_MS_MAX ? [] : [`a takeover took ${takeoverMs} ms`]),
      ],
      times: { silence_ms: silenceMs, takeover_ms: takeoverMs, caught_up_ms: caughtUpMs },
      counts: { stops: 1, takeovers: 1, pending },
      notes: { fault: "stopped", stopped_ms: stoppedMs },
    };
  });
}

async function whilePlaying(
  day: Matchday,
  everyMs: number,
  suffer: () => Promise<RunReport>,
): Promise<RunReport> {
  let told = 0;
  // One in ten is sent again: what the others said is never repaired by the provider.
  const tell = () => void day.tell(day.ids, { resendForMs: told++ % 10 === 0 ? RESEND_MS : 0 });
  const play = setInterval(tell, everyMs);
  try {
    return await suffer();
  } finally {
    clearInterval(play);
  }
}

/** From now on SQL says nothing: what fans hear, what the provider is told, what owners say of it. */
async function watchOutage(cluster: ClusterGroup, day: Matchday) {
  await pause(ON_THE_WAY_MS);
  const answeredBefore = answered(day);
  const channels = day.ids.map((id) => `match:${id}`);
  const silences = day.fans.map((fan) => watchSilence(fan, channels, performance.now()));
  return {
    async judge() {
      const violations: string[] = [];
      const note = (error: Error) => void violations.push(error.message);
      const isHeard = () => silences.every(({ isOver }) => isOver);
      await until("scores go on without SQL", isHeard, HEARD_MS_MAX).catch(note);
      const isSaid = async () => {
        const states = await Promise.all(living(cluster).map((node) => cluster.desk(node).ready()));
        return states.every((state) => state === "degraded");
      };
      await until("owners say that they are degraded", isSaid, DEGRADED_MS_MAX).catch(note);
      const told = answered(day) - answeredBefore;
      if (told > 0) violations.push(`${told} facts were answered with yes while SQL was away`);
      return { violations, silenceMs: Math.max(...silences.map(({ lastMs }) => lastMs)) };
    },
  };
}

/** Milliseconds from an owner's death until all of its matches publish again. */
async function takeOver(day: Matchday, victim: Member, theirs: string[]): Promise<number> {
  victim.server.kill("SIGKILL");
  const killedAt = performance.now();
  await pause(ON_THE_WAY_MS / 2);
  const silence = watchSilence(day.fans[0]!, theirs.map((id) => `match:${id}`), killedAt);
  await until("the killed owner's matches publish again", () => silence.isOver);
  return silence.lastMs;
}

/** Milliseconds until SQL has everything that waited for it. */
async function catchUp(cluster: ClusterGroup): Promise<number> {
  const since = performance.now();
  const isThere = async () => {
    const states = await Promise.all(living(cluster).map((node) => cluster.desk(node).ready()));
    return states.every((state) => state === "ok");
  };
  await until("owners say that all is well", isThere, CAUGHT_UP_MS_MAX);
  return Math.round(performance.now() - since);
}

function answered({ source }: Matchday): number {
  return source.posted.filter(({ answer }) => ["accepted", "duplicate"].includes(answer)).length;
}

async function rowsBehind(cluster: ClusterGroup): Promise<number> {
  const behind = await Promise.all(living(cluster).map((node) => cluster.desk(node).rowsBehind()));
  return behind.reduce((sum, rows) => sum + rows, 0);
}

function living(cluster: ClusterGroup): Member[] {
  return cluster.of("actors").filter(({ server }) => server.isAlive);
}
