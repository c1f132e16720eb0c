/**
 * The drill of the bad network: each kind of fault on each kind of way to a store
 * for a few seconds while matches are played, then healed; one run is all cells.
 *
 * A cell hits one member of a role or all of them, by chance, and lasts about as
 * long as a lease: sometimes others take over, sometimes nobody notices. The
 * provider posts again until it is answered. Held is that the cell comes back in
 * time, that scores go on where only SQL is bad, and in the end what the history
 * checker holds of the whole: Redis, SQL and what fans heard.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ClusterGroup, type Role } from "./cluster_group.ts";
import { ClusterLinks, type Store } from "./cluster_links.ts";
import { judgeCluster } from "./cluster_verdict.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import type { Fault } from "./fault_proxy.ts";
import { Matchday } from "./matchday.ts";
import { whoOwns } from "./ownership.ts";
import { SeededRandom } from "./seeded_random.ts";
import { watchSilence } from "./silence_watch.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

/** 40 facts a second: a busy machine posts half of them in time. */
const FACT_EVERY_MS = 25;
const FACTS_PER_S_MIN = 20;
const QUIET_MS = 500;
/** A lease is 3 s. */
const FAULT_MS_MIN = 2_500;
const FAULT_MS_MAX = 4_500;
const RESEND_MS = 30_000;
/** A lease, a round, a connection that says nothing for 2 s, a provider's second; twice. */
const RECOVERY_MS_MAX = 15_000;
/** A match has some hundred facts in this time, like a busy feed's. */
const CELLS_PER_DAY = 4;

const FAULTS = {
  latency: [{ kind: "latency", ms: 60, jitterMs: 60 }],
  stall: [{ kind: "stall" }],
  reset: [{ kind: "reset", bytesMax: 20_000 }],
  // What was there is cut in silence, and there is no way around.
  halfOpen: [{ kind: "halfOpen" }, { kind: "blackhole" }],
} as const satisfies Record<string, Fault[]>;

const WAYS = {
  gatewayRedis: { role: "gateway", store: "redis" },
  ownerRedis: { role: "actors", store: "redis" },
  ownerSql: { role: "actors", store: "sql" },
} as const satisfies Record<string, { role: Role; store: Store }>;

export interface Cell {
  fault: keyof typeof FAULTS;
  way: keyof typeof WAYS;
}

export const everyCell: Cell[] = Object.keys(FAULTS).flatMap((fault) =>
  Object.keys(WAYS).map((way) => ({ fault, way }) as Cell)
);

interface Stage {
  cluster: ClusterGroup;
  links: ClusterLinks;
}

interface CellReport {
  violations: string[];
  /** How often the fault met anything. */
  injected: number;
  recoveryMs: number;
  note: Record<string, unknown>;
}

export class BadNetwork implements Drill {
  readonly name = "bad_network";
  readonly form = "cluster";
  readonly faults: string[];
  readonly #cells: Cell[];
  readonly #days: Matchday[] = [];
  #stage: Stage | null = null;

  constructor(cells: Cell[] = everyCell) {
    this.#cells = cells;
    this.faults = cells.map(nameOf);
  }

  async run(seed: number, run: number): Promise<RunReport> {
    // The faults draw by themselves: how many facts were told until then is the machine's doing.
    const random = new SeededRandom(seed * 1_000 + run);
    const stage = this.#stage ??= await setUp(new SeededRandom(seed));
    const report: RunReport = { violations: [], times: {}, counts: {}, notes: { cells: {} } };
    for (const [at, cell] of this.#cells.entries()) {
      if (at % CELLS_PER_DAY === 0) {
        await this.#newDay(stage, new SeededRandom(-random.whole(0, 1e9)));
      }
      const found = await runCell(stage, this.#days.at(-1)!, cell, random);
      report.violations.push(...found.violations);
      report.times[`${nameOf(cell)}_recovery_ms`] = found.recoveryMs;
      report.counts[nameOf(cell)] = found.injected;
      Object.assign(report.notes.cells as object, { [nameOf(cell)]: found.note });
    }
    return report;
  }

  async end(): Promise<RunReport> {
    const { cluster, links } = this.#stage!;
    try {
      await this.#days.at(-1)?.close();
      const fenced = await Promise.all(
        cluster.of("actors").map((member) => cluster.desk(member).fencedWrites()),
      );
      const report = await judgeCluster(cluster, this.#days);
      report.counts.fenced = fenced.flatMap((stores) => Object.values(stores))
        .reduce((a, b) => a + b, 0);
      return report;
    } finally {
      for (const day of this.#days) day.end();
      links.stop();
      await cluster.end();
    }
  }

  async #newDay({ cluster }: Stage, random: SeededRandom): Promise<void> {
    await this.#days.at(-1)?.close();
    this.#days.push(await Matchday.open(cluster, `day-${this.#days.length + 1}`, random));
  }
}

async function setUp(random: SeededRandom): Promise<Stage> {
  const links = new ClusterLinks(random);
  const cluster = await ClusterGroup.start(
    WebhookSource.settings,
    (name, stores) => links.settingsOf(name, stores),
  );
  return { cluster, links };
}

async function runCell(
  { cluster, links }: Stage,
  day: Matchday,
  cell: Cell,
  random: SeededRandom,
): Promise<CellReport> {
  const { role, store } = WAYS[cell.way];
  const names = cluster.of(role).map(({ name }) => name);
  const hit = random.chance(0.5) ? names : [random.pick(names)];
  const faultMs = random.whole(FAULT_MS_MIN, FAULT_MS_MAX);
  const faults = [...FAULTS[cell.fault]];
  const injected = () => links.count(hit, store, faults[0]!.kind);
  // As it was before: nobody has taken over for anybody.
  await whoOwns(cluster, day.ids);
  const countBefore = injected();
  const factsBefore = day.source.posted.length;
  const channels = day.ids.map((id) => `match:${id}`);
  const listen = (since: number) => day.fans.map((fan) => watchSilence(fan, channels, since));
  const beganAt = performance.now();
  const play = setInterval(
    () => void day.tell(day.ids, { resendForMs: RESEND_MS }),
    FACT_EVERY_MS,
  );
  try {
    await pause(QUIET_MS);
    const during = listen(performance.now());
    links.inject(hit, store, faults);
    await pause(faultMs);
    links.heal(hit, store);
    const healedAt = performance.now();
    const unanswered = day.source.posted.filter(({ answer }) => answer === "unknown");
    const isSpeaking = during.every(({ isOver }) => isOver);
    const after = listen(healedAt);
    const isBack = () =>
      after.every(({ isOver }) => isOver) &&
      unanswered.every(({ answer }) => answer !== "unknown");
    const late = await until(`${nameOf(cell)} is over`, isBack, RECOVERY_MS_MAX)
      .then(() => [], (error: Error) => [error.message]);
    const recoveryMs = Math.round(performance.now() - healedAt);
    const seconds = (performance.now() - beganAt) / 1_000;
    const perSecond = Math.round((day.source.posted.length - factsBefore) / seconds);
    clearInterval(play);
    await day.source.settled();
    return {
      violations: [
        ...late,
        ...(store === "sql" && !isSpeaking ? [`${nameOf(cell)} kept scores from fans`] : []),
        ...(perSecond >= FACTS_PER_S_MIN ? [] : [`only ${perSecond} facts were told a second`]),
      ],
      injected: injected() - countBefore,
      recoveryMs,
      note: {
        hit,
        fault_ms: faultMs,
        silence_ms: Math.max(...after.map(({ lastMs }) => lastMs)),
        unanswered: unanswered.length,
        facts_per_s: perSecond,
      },
    };
  } finally {
    clearInterval(play);
    links.heal(hit, store);
  }
}

function nameOf({ fault, way }: Cell): string {
  return `${way}_${fault}`.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
