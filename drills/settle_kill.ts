/**
 * The drill of the killed settlement: whoever settles is killed before and after
 * commits, by a hook that holds it there, and at moments drawn by the seed; in a
 * cluster MariaDB is killed too. Then the result is amended and all of it comes
 * again.
 *
 * Held is what an outside script works out from the rows of predictions: every
 * fan's points and tie rank; and that nobody who looks at boards or rows all the
 * while sees points that neither run gives.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Drill, RunReport } from "./drill_run.ts";
import { SeededRandom } from "./seeded_random.ts";
import { placesOf, pointsAfter, PointsWatcher, type Result } from "./settle_checker.ts";
import { openCluster, openEmbedded, type PredictionRow, type SettleHouse } from "./settle_house.ts";
import { until } from "./until.ts";
import { type SourceFact, WebhookSource } from "./webhook_source.ts";

const HOUR_MS = 3_600_000;
const SETTLED_MS_MAX = 60_000;
const USERS_A_QUESTION = 200;
/** Held at one of these and killed, in this order, in both runs. */
const MOMENTS = ["beforeCommit", "afterCommit", "afterRanks"] as const;

export interface SettleKillOptions {
  form: "cluster" | "embedded";
  fans: number;
  /** Kills by the hook in each of the two runs, of three. */
  heldKills: number;
  /** Kills at moments drawn by the seed, in all. */
  drawnKills: number;
}

export class SettleKill implements Drill {
  readonly name: string;
  readonly form: "cluster" | "embedded";
  readonly faults: string[];
  readonly #options: SettleKillOptions;

  constructor(options: SettleKillOptions) {
    this.#options = options;
    this.form = options.form;
    this.name = options.form === "cluster" ? "settle_kill" : "settle_kill_sqlite";
    this.faults = ["held_kills", "drawn_kills", ...(this.form === "cluster" ? ["sql_kills"] : [])];
  }

  async run(seed: number, run: number): Promise<RunReport> {
    const house = await (this.form === "cluster" ? openCluster() : openEmbedded());
    const settling = new Settling(house, this.#options, new SeededRandom(seed * 1_000 + run));
    let report: RunReport;
    try {
      report = await settling.run(`settle-${seed}-${run}`);
    } catch (error) {
      await house.end();
      throw error;
    }
    report.violations.push(...await house.end());
    return report;
  }
}

class Settling {
  readonly #house: SettleHouse;
  readonly #options: SettleKillOptions;
  readonly #random: SeededRandom;
  readonly #counts = { held_kills: 0, drawn_kills: 0, sql_kills: 0, looks: 0, fans: 0 };
  readonly #violations: string[] = [];
  #match = "";
  #rows: PredictionRow[] = [];

  constructor(house: SettleHouse, options: SettleKillOptions, random: SeededRandom) {
    this.#house = house;
    this.#options = options;
    this.#random = random;
  }

  async run(match: string): Promise<RunReport> {
    this.#match = match;
    const kickoffAt = Date.now() - 3 * HOUR_MS;
    this.#rows = predictionsOf(this.#options.fans, this.#random, kickoffAt);
    const users = [...new Set(this.#rows.map(({ user }) => user))];
    this.#counts.fans = users.length;
    const source = new WebhookSource(() => this.#house.address());
    const [fixture, ...play] = factsOf(kickoffAt);
    await this.#post(source, [fixture!]);
    await this.#house.predict(match, this.#rows);
    const watcher = new PointsWatcher(users);
    watcher.watch((users) => this.#onBoard(users));
    watcher.watch((users) => this.#inRows(users));
    const startedAt = performance.now();
    const results: Result[] = [[2, 1], [1, 1]];
    for (const [at, result] of results.entries()) {
      const points = pointsAfter(this.#rows, result, kickoffAt);
      watcher.allow(points);
      const facts = at === 0 ? play : [annulmentOf(play, kickoffAt)];
      await this.#settleWhileKilled(source, facts, at + 1);
      await this.#compare(points, `run ${at + 1}`);
    }
    await watcher.end();
    this.#counts.looks = watcher.looks;
    return {
      violations: [...this.#violations, ...watcher.violations],
      times: { settled_twice_ms: Math.round(performance.now() - startedAt) },
      counts: this.#counts,
      notes: { match },
    };
  }

  async #settleWhileKilled(source: WebhookSource, facts: SourceFact[], run: number): Promise<void> {
    const { form, heldKills, drawnKills } = this.#options;
    const first = (run - 1) * heldKills;
    let isTold = false;
    for (let held = first; held < first + heldKills; held++) {
      await this.#hold(MOMENTS[held % MOMENTS.length]!);
      if (!isTold) await this.#post(source, facts);
      isTold = true;
      await until("the settlement stands still", () => this.#isStopped(), SETTLED_MS_MAX);
      await this.#house.killSettler();
      this.#counts.held_kills += 1;
    }
    if (form === "cluster" && run === 2) await this.#killSql();
    if (!isTold) await this.#post(source, facts);
    const half = drawnKills / 2;
    const kills = run === 1 ? Math.floor(half) : Math.ceil(half);
    for (let drawn = 0; drawn < kills; drawn++) {
      await pause(this.#random.whole(0, 400));
      await this.#house.killSettler();
      this.#counts.drawn_kills += 1;
    }
    await until(`run ${run} is settled`, () => this.#isSettled(run), SETTLED_MS_MAX);
  }

  /** With a chunk's transaction open, which the server then has to forget. */
  async #killSql(): Promise<void> {
    await this.#hold("beforeCommit");
    await until("the settlement stands still", () => this.#isStopped(), SETTLED_MS_MAX);
    await this.#house.killSql!();
    this.#counts.sql_kills += 1;
    await this.#house.stopAt(null);
  }

  #hold(moment: string): Promise<void> {
    return this.#house.stopAt({ match: this.#match, moment, chunks: this.#random.whole(0, 1) });
  }

  #isStopped(): Promise<boolean> {
    return this.#house.isStopped().catch(() => false);
  }

  async #isSettled(run: number): Promise<boolean> {
    const rows = await this.#house.query(
      `SELECT state FROM settlement_run WHERE match_id = '${this.#match}' AND run = ${run}`,
    ).catch(() => []);
    return rows[0]?.state === "settled";
  }

  async #post(source: WebhookSource, facts: SourceFact[]): Promise<void> {
    const posted = await source.post(this.#match, facts, { resendForMs: 20_000 });
    const refused = posted.filter(({ answer }) => answer !== "accepted" && answer !== "duplicate");
    if (refused.length > 0) throw new Error(`Cannot go on: a fact was ${refused[0]!.answer}`);
  }

  async #onBoard(users: string[]): Promise<Map<string, number>> {
    return new Map((await this.#standings(users)).map(({ user, points }) => [user, points ?? 0]));
  }

  async #standings(users: string[]): Promise<{ user: string; rank: number; points: number }[]> {
    const path = `/api/leaderboards/${this.#match}?users=${users.join(",")}`;
    const reply = await fetch(this.#house.address() + path, { signal: AbortSignal.timeout(5_000) });
    const { standings } = await reply.json();
    return standings;
  }

  async #inRows(users: string[]): Promise<Map<string, number>> {
    const rows = await this.#house.query(
      `SELECT user_id, SUM(points) AS points FROM point_entry WHERE match_id = '${this.#match}' ` +
        `AND user_id IN (${users.map((user) => `'${user}'`).join(",")}) GROUP BY user_id`,
    );
    return new Map(rows.map(({ user_id, points }) => [String(user_id), Number(points)]));
  }

  /** Every fan's points and rank, on the board and in the rows. */
  async #compare(points: Map<string, number>, when: string): Promise<void> {
    await pause(500);
    const places = placesOf(points);
    const users = [...places.keys()];
    const wrong = (what: string) => {
      if (this.#violations.length < 10) this.#violations.push(`${when}: ${what}`);
    };
    for (let at = 0; at < users.length; at += USERS_A_QUESTION) {
      const some = users.slice(at, at + USERS_A_QUESTION);
      const rows = await this.#inRows(some);
      for (const { user, rank, points } of await this.#standings(some)) {
        const place = places.get(user)!;
        if ((rows.get(user) ?? 0) !== place.points) {
          wrong(`${user} has ${rows.get(user)} points in SQL and not ${place.points}`);
        }
        if ((points ?? 0) !== place.points) {
          wrong(`${user} has ${points} points on the board and not ${place.points}`);
        }
        // Who never scored stands on no board.
        if (place.points > 0 && rank !== place.rank) {
          wrong(`${user} has rank ${rank} and not ${place.rank}`);
        }
      }
    }
  }
}

function predictionsOf(fans: number, random: SeededRandom, kickoffAt: number): PredictionRow[] {
  return Array.from({ length: fans }, (_, at) => at).flatMap((at): PredictionRow[] => {
    const user = `fan-${at}`;
    // One in fifty is late.
    const acceptedAt = kickoffAt + (random.chance(0.02) ? 0 : -random.whole(1, HOUR_MS));
    const pick = `${random.whole(0, 3)}-${random.whole(0, 3)}`;
    const rows = [{ user, market: "finalScore", pick, acceptedAt }];
    if (!random.chance(0.3)) return rows;
    return [...rows, {
      ...{ user, market: "matchWinner", acceptedAt },
      pick: random.pick(["home", "draw", "away"]),
    }];
  });
}

/** A match of 2-1, fixture first. */
function factsOf(kickoffAt: number): SourceFact[] {
  const minute = (minutes: number) => kickoffAt + minutes * 60_000;
  const fact = (id: string, type: string, occurredAt: number, fields: object): SourceFact => (
    { id, revision: 1, type, occurredAt, ...fields }
  );
  const goal = (side: string, period: string, at: number, playedAt: number) =>
    fact(`goal-${at}`, "goal.scored", minute(playedAt), {
      side,
      method: "open",
      period,
      minute: at,
    });
  return [
    fact("fixture", "match.scheduled", minute(-1_440), {
      ...{ competition: "League", stage: "Round 1", kickoffAt, format: { kind: "league" } },
      home: { id: "home", name: "Home" },
      away: { id: "away", name: "Away" },
    }),
    fact("start-1", "period.started", minute(0), { period: "firstHalf" }),
    goal("home", "firstHalf", 20, 20),
    fact("end-1", "period.ended", minute(46), { period: "firstHalf" }),
    fact("start-2", "period.started", minute(62), { period: "secondHalf" }),
    goal("away", "secondHalf", 60, 76),
    goal("home", "secondHalf", 80, 96),
    fact("end-2", "period.ended", minute(108), { period: "secondHalf" }),
  ];
}

/** The last goal did not count. */
function annulmentOf(play: SourceFact[], kickoffAt: number): SourceFact {
  const { id } = play.findLast(({ type }) => type === "goal.scored")!;
  return {
    ...{ id: `${id}-annulled`, revision: 1, type: "goal.annulled" },
    occurredAt: kickoffAt + 110 * 60_000,
    target: { provider: "drill", id },
  };
}
