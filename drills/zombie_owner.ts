/**
 * The drill of the frozen owner that comes back: SIGSTOP of an actor node with
 * facts on their way to its inbox, in its history's queue and in no snapshot
 * yet, for three leases, while the other node takes over; then SIGCONT.
 *
 * Twice a run, the second time with a Redis that is emptied in between. Two of
 * its matches are calm: with nothing on its way to them, what the node wants when
 * it wakes is to write the snapshot that has come due. Held is that the takeover
 * takes 5 s at most, that each store refuses what the frozen node still wanted to
 * write, that fans of an emptied Redis are right again within 10 s, and in the
 * end what the history checker holds, with fences that never fall.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { AdminDesk } from "./admin_desk.ts";
import type { Member } from "./cluster_group.ts";
import { emptyRedis, readRedisLedgers } from "./cluster_history.ts";
import { ClusterSeason } from "./cluster_season.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import type { Matchday } from "./matchday.ts";
import { whoOwns } from "./ownership.ts";
import { type Resync, watchResync } from "./resync_watch.ts";
import { SeededRandom } from "./seeded_random.ts";
import { holdHistory } from "./sql_lock.ts";
import { type Silence, watchSilence } from "./silence_watch.ts";
import { until } from "./until.ts";

/** Three leases; by then MySQL has ended the frozen session and with it the locks that it held. */
const FROZEN_MS = 9_500;
const UNRECORDED_FACTS = 3;
const CALM_MATCHES = 2;
/** Within two seconds the snapshots of those would be written. */
const HEARD_MS_MAX = 1_000;
const BURST_FACTS = 60;
/**
 * A command that Redis has not answered when its owner freezes costs the owner its
 * connection, and then it has nothing to write there when it wakes.
 */
const QUIET_MS = 150;
const IN_VAIN_MAX = 2;
const FACT_EVERY_MS = 100;
const RESEND_MS = 30_000;
const ON_THE_WAY_MS = 150;
const SILENCE_MS_MAX = 5_000;
const RESYNC_MS_MAX = 10_000;
const REFUSED_MS_MAX = 10_000;
const SNAPSHOTS_MS = 2_500;
const STORES = ["ledger", "snapshot", "sql"];

export class ZombieOwner implements Drill {
  readonly name = "zombie_owner";
  readonly form = "cluster";
  readonly faults = ["frozen", "emptied", ...STORES.map((store) => `refused_by_${store}`)];
  #season: ClusterSeason | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const season = this.#season ??= await ClusterSeason.start(seed);
    const day = await season.day(run);
    const random = new SeededRandom(seed * 1_000 + run);
    const parts = [
      await freezeAwake(season, day, random, "Redis goes on"),
      await freezeAwake(season, day, random, "Redis is emptied"),
    ];
    return {
      violations: parts.flatMap(({ violations }) => violations),
      times: Object.assign({}, ...parts.map(({ times }) => times)),
      counts: {
        ...Object.fromEntries(STORES.map((store) => [
          `refused_by_${store}`,
          parts.reduce((sum, { refused }) => sum + refused[store]!, 0),
        ])),
        frozen: parts.length,
        in_vain: parts.reduce((sum, { inVain }) => sum + inVain, 0),
        emptied: parts.filter(({ times }) => "resync_ms" in times).length,
      },
      notes: { resends: parts.map(({ resends }) => resends) },
    };
  }

  async end(): Promise<RunReport> {
    const season = this.#season!;
    this.#season = null;
    return await season.end();
  }
}

interface Part {
  violations: string[];
  /** Stores that had nothing to refuse. */
  unrefused: string[];
  times: Record<string, number>;
  refused: Record<string, number>;
  resends: boolean;
}

/**
 * Until the node wakes up wanting to do harm to every store: one that froze with
 * nothing under way proves nothing, and what a store took from it the history
 * checker finds.
 */
async function freezeAwake(
  season: ClusterSeason,
  day: Matchday,
  random: SeededRandom,
  how: "Redis goes on" | "Redis is emptied",
): Promise<Part & { inVain: number }> {
  const violations: string[] = [];
  for (let inVain = 0;; inVain++) {
    const part = await freeze(season, day, random, how);
    violations.push(...part.violations);
    if (part.unrefused.length > 0 && inVain < IN_VAIN_MAX) continue;
    return { ...part, violations: [...violations, ...part.unrefused], inVain };
  }
}

async function freeze(
  { cluster }: ClusterSeason,
  day: Matchday,
  random: SeededRandom,
  how: "Redis goes on" | "Redis is emptied",
): Promise<Part> {
  const resends = random.chance(0.5);
  const options = { resendForMs: resends ? RESEND_MS : 0 };
  const [victim, theirs] = pickVictim(await whoOwns(cluster, day.ids));
  const lively = theirs.slice(CALM_MATCHES);
  const desk = cluster.desk(victim);
  const before = await desk.fencedWrites();
  // A match that begins writes a snapshot at once, the others within two seconds.
  for (let fact = 0; fact < 2 * theirs.length; fact++) await day.tell(theirs, options);
  await pause(SNAPSHOTS_MS);
  const letGo = await holdHistory(cluster.databaseUrl);
  // Committed, published, in no snapshot and not in SQL: the frozen owner will want to write both.
  const heard = theirs.map((id) => heardOf(day, id));
  day.burst(theirs, UNRECORDED_FACTS * theirs.length, options);
  await Promise.race([Promise.all(heard), pause(HEARD_MS_MAX)]);
  await pause(QUIET_MS);
  // On their way to its inbox.
  day.burst(lively, BURST_FACTS, options);
  victim.server.kill("SIGSTOP");
  const frozenAt = performance.now();
  await letGo();
  const play = setInterval(() => void day.tell(lively, options), FACT_EVERY_MS);
  try {
    await pause(ON_THE_WAY_MS);
    const silence = watchSilence(day.fans[0]!, lively.map(channelOf), frozenAt);
    const resyncs = how === "Redis is emptied"
      ? await emptyRedisMeanwhile(cluster.redisUrl, day, random)
      : [];
    await pause(frozenAt + FROZEN_MS - performance.now());
    victim.server.kill("SIGCONT");
    const refused = await refusals(desk, before);
    await whoOwns(cluster, day.ids);
    clearInterval(play);
    await day.source.settled();
    return {
      violations: [
        ...silenceProblems(silence, how),
        ...resyncProblems(resyncs),
      ],
      unrefused: STORES.filter((store) => !refused[store])
        .map((store) => `the ${store} refused nothing of ${victim.name}: ${how}`),
      times: resyncs.length === 0
        ? { silence_ms: silence.firstMs, silence_all_ms: silence.lastMs }
        : { resync_ms: Math.max(...resyncs.map(({ lastMs }) => lastMs)) },
      refused,
      resends,
    };
  } finally {
    clearInterval(play);
  }
}

/** The node that owns more. */
function pickVictim(owners: Map<Member, string[]>): [Member, string[]] {
  return [...owners].toSorted(([, a], [, b]) => b.length - a.length)[0]!;
}

/** What each store has refused since `before`, once each has refused something or nothing more comes. */
async function refusals(
  desk: AdminDesk,
  before: Record<string, number>,
): Promise<Record<string, number>> {
  let refused: Record<string, number> = {};
  const isRefusedByAll = async () => {
    const now = await desk.fencedWrites();
    refused = Object.fromEntries(
      STORES.map((store) => [store, (now[store] ?? 0) - (before[store] ?? 0)]),
    );
    return STORES.every((store) => refused[store]! > 0);
  };
  await until("every store has refused something", isRefusedByAll, REFUSED_MS_MAX).catch(() => {});
  return refused;
}

/** Resolves at the match's next durable publication. */
function heardOf(day: Matchday, match: string): Promise<void> {
  const fan = day.fans[0]!;
  return new Promise((resolve) => {
    const forget = fan.onFrame(({ frame: { publication } }) => {
      if (!publication || publication.offset === 0) return;
      if (fan.channelOf(publication.channel) !== channelOf(match)) return;
      forget();
      resolve();
    });
  });
}

/** Before or after the takeover. */
async function emptyRedisMeanwhile(
  redisUrl: string,
  day: Matchday,
  random: SeededRandom,
): Promise<Resync[]> {
  await pause(random.pick([500, 6_000]));
  day.beforeDamage.push(await readRedisLedgers(redisUrl));
  const resyncs = day.fans.map((fan) =>
    watchResync(fan, day.ids.map(channelOf), performance.now())
  );
  await emptyRedis(redisUrl);
  return resyncs;
}

function silenceProblems({ isOver, lastMs }: Silence, how: string): string[] {
  if (!isOver) return [`a match of the frozen owner was never heard again: ${how}`];
  if (lastMs <= SILENCE_MS_MAX || how !== "Redis goes on") return [];
  return [`a match of the frozen owner was silent for ${lastMs} ms`];
}

function resyncProblems(resyncs: Resync[]): string[] {
  return resyncs.flatMap(({ isOver, lastMs }) => {
    if (!isOver) return ["a fan was never told to start anew after Redis was emptied"];
    if (lastMs <= RESYNC_MS_MAX) return [];
    return [`a fan waited ${lastMs} ms to start anew after Redis was emptied`];
  });
}

function channelOf(match: string): string {
  return `match:${match}`;
}
