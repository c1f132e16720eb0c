/**
 * The drill of the killed owner: SIGKILL of an actor node while its matches are
 * played, half of the times within 5 ms of a goal; every tenth run of both nodes
 * at once. The platform starts them again after a second.
 *
 * The provider of every other run never sends twice. Held is that every match of
 * the victim publishes again within 5 s, and in the end what the history checker
 * holds of the whole: Redis, SQL and what fans heard.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { ClusterGroup, Member } from "./cluster_group.ts";
import { ClusterSeason } from "./cluster_season.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { atGoal } from "./kill_moments.ts";
import type { Matchday } from "./matchday.ts";
import { whoOwns } from "./ownership.ts";
import { SeededRandom } from "./seeded_random.ts";
import { watchSilence } from "./silence_watch.ts";
import { until } from "./until.ts";

/** 28 facts a second, so that 20 are left on a busy machine. */
const FACT_EVERY_MS = 35;
const FACTS_PER_S_MIN = 20;
const PLAY_MS_MIN = 300;
const PLAY_MS_MAX = 1_000;
const RESEND_MS = 20_000;
const SILENCE_MS_MAX = 5_000;
/** What the victim had published before it died is heard by then. */
const ON_THE_WAY_MS = 150;
const RESTART_AFTER_MS = 1_000;
const BOTH_EVERY_RUNS = 10;
/** A match has up to a hundred facts in this time, as a busy feed tells. */
const RUNS_PER_DAY = 3;

export class KillOwner implements Drill {
  readonly name = "kill_owner";
  readonly form = "cluster";
  readonly faults = ["kills"];
  #season: ClusterSeason | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const season = this.#season ??= await ClusterSeason.start(seed);
    const day = await season.day(Math.ceil(run / RUNS_PER_DAY));
    // The faults draw by themselves: how many facts were told until then is the machine's doing.
    return await killOnce(season.cluster, day, new SeededRandom(seed * 1_000 + run), run);
  }

  async end(): Promise<RunReport> {
    const season = this.#season!;
    this.#season = null;
    return await season.end();
  }
}

async function killOnce(
  cluster: ClusterGroup,
  day: Matchday,
  random: SeededRandom,
  run: number,
): Promise<RunReport> {
  const nodes = cluster.of("actors");
  const owners = await whoOwns(cluster, day.ids);
  const owning = nodes.filter((node) => owners.get(node)!.length > 0);
  const victims = run % BOTH_EVERY_RUNS === 0 ? nodes : [random.pick(owning)];
  const theirs = victims.flatMap((victim) => owners.get(victim)!);
  const resendForMs = run % 2 === 0 ? RESEND_MS : 0;
  const fan = random.pick(day.fans);
  const beganAt = performance.now();
  const before = day.source.posted.length;
  const play = setInterval(() => void day.tell(theirs, { resendForMs }), FACT_EVERY_MS);
  try {
    await pause(random.whole(PLAY_MS_MIN, PLAY_MS_MAX));
    if (random.chance(0.5)) await atGoal(fan, day.source, random);
    for (const { server } of victims) server.kill("SIGKILL");
    const killedAt = performance.now();
    const back = bringBack(cluster, victims);
    await pause(ON_THE_WAY_MS);
    const silence = watchSilence(fan, theirs.map((id) => `match:${id}`), killedAt);
    await until("every match publishes again", () => silence.isOver, SILENCE_MS_MAX * 4);
    await back;
    const perSecond = 1_000 * (day.source.posted.length - before) / (performance.now() - beganAt);
    clearInterval(play);
    await day.source.settled();
    return {
      violations: [
        ...(silence.lastMs <= SILENCE_MS_MAX
          ? []
          : [`a match was silent for ${silence.lastMs} ms after the kill`]),
        ...(perSecond >= FACTS_PER_S_MIN ? [] : [`only ${perSecond} facts were told a second`]),
      ],
      times: { silence_ms: silence.firstMs, silence_all_ms: silence.lastMs },
      counts: { kills: victims.length },
      notes: {
        victims: victims.map(({ name }) => name),
        matches: theirs.length,
        facts_per_s: Math.round(perSecond),
        resends: resendForMs > 0,
      },
    };
  } finally {
    clearInterval(play);
  }
}

async function bringBack(cluster: ClusterGroup, victims: Member[]): Promise<void> {
  await pause(RESTART_AFTER_MS);
  await Promise.all(victims.map((victim) => cluster.startAgain(victim)));
}
