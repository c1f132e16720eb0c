/**
 * What goes on while a match is settled: fans predict another one, look at where
 * they stand, and follow goals of a third.
 *
 * Each thing is asked when it is due, answered or not; an answer that never came
 * counts as the time-out. A goal's time is from its request's first byte to its
 * frame parsed at each subscriber.
 */
import { fanToken } from "../../drills/fan_token.ts";
import { type Clock, every, pause, systemClock, type Timer } from "../../runtime/clock.ts";
import { assert } from "../../runtime/failure.ts";
import type { Fans } from "../fans.ts";
import type { WebhookConnection } from "../webhook_connection.ts";
import type { SettleHouse } from "./settle_house.ts";

const HOUR_MS = 3_600_000;
const TIME_OUT_MS = 10_000;
const PREDICT_EVERY_MS = 20;
const RANK_EVERY_MS = 20;
const GOAL_EVERY_MS = 200;
/** Of each goals' match, in its first half. */
const GOALS = 44;
const GOAL_MATCHES = ["goals-1", "goals-2", "goals-3", "goals-4", "goals-5", "goals-6"];
const OPEN = "open";

export type MeanwhileTimes = Record<"predict_p99_ms" | "rank_p99_ms" | "goal_p99_ms", number[]>;

interface PostedGoal {
  channel: number;
  minute: number;
  writtenAt: number;
}

export class Meanwhile {
  readonly #house: SettleHouse;
  readonly #feed: WebhookConnection;
  readonly #fans: Fans;
  readonly #userOf: (fan: number) => string;
  readonly #clock: Clock = systemClock;
  readonly #predictMs: number[] = [];
  readonly #rankMs: number[] = [];
  readonly #goals: PostedGoal[] = [];
  readonly #underWay = new Set<Promise<void>>();
  /** How many of each were there at each `count`. */
  readonly #marks: { predictions: number; ranks: number; goals: number }[] = [];
  #timers: Timer[] = [];
  #subscribers = 0;

  constructor(
    house: SettleHouse,
    feed: WebhookConnection,
    fans: Fans,
    userOf: (fan: number) => string,
  ) {
    this.#house = house;
    this.#feed = feed;
    this.#fans = fans;
    this.#userOf = userOf;
  }

  async prepare(subscribers: number, channelOf: (match: string) => string): Promise<void> {
    const now = this.#clock.now();
    await this.#schedule(OPEN, now + HOUR_MS);
    for (const match of GOAL_MATCHES) {
      await this.#schedule(match, now - 60_000);
      await this.#post(match, {
        ...{ id: "start", revision: 1, occurredAt: now - 60_000 },
        ...{ type: "period.started", period: "firstHalf" },
      });
    }
    this.#subscribers = subscribers;
    const channels = GOAL_MATCHES.map(channelOf);
    await this.#fans.follow({ port: this.#house.port, fans: subscribers, channels, underWay: 50 });
  }

  begin(): void {
    this.#timers = [
      every(this.#clock, PREDICT_EVERY_MS, () => this.#predict()),
      every(this.#clock, RANK_EVERY_MS, () => this.#rank()),
      every(this.#clock, GOAL_EVERY_MS, () => this.#goal()),
    ];
  }

  /** Called twice: the quiet begins, and what counts. */
  count(): void {
    this.#marks.push({
      predictions: this.#predictMs.length,
      ranks: this.#rankMs.length,
      goals: this.#goals.length,
    });
  }

  /** All times of each kind, in ms. */
  async end(): Promise<{ quiet: MeanwhileTimes; during: MeanwhileTimes }> {
    for (const timer of this.#timers) timer.cancel();
    await Promise.all(this.#underWay);
    await pause(this.#clock, 1_000);
    const goals = await this.#goalMs();
    const [quiet, counting] = this.#marks;
    assert(quiet !== undefined && counting !== undefined, "the quiet comes before what counts");
    const between = (from: typeof quiet, to?: typeof quiet): MeanwhileTimes => ({
      predict_p99_ms: this.#predictMs.slice(from.predictions, to?.predictions),
      rank_p99_ms: this.#rankMs.slice(from.ranks, to?.ranks),
      goal_p99_ms: goals.slice(from.goals, to?.goals).flat(),
    });
    return { quiet: between(quiet, counting), during: between(counting) };
  }

  #predict(): void {
    const fan = this.#predictMs.length + this.#underWay.size;
    const body = [{
      clientId: `meanwhile-${fan}-${this.#clock.monotonic()}`,
      ...{ match: OPEN, market: "finalScore", pick: `${fan % 5}-1` },
    }];
    this.#time(this.#predictMs, "predictions", {
      method: "POST",
      headers: { authorization: `Bearer ${fanToken(`meanwhile-${fan}`)}` },
      body: JSON.stringify(body),
    });
  }

  #rank(): void {
    const fan = (this.#rankMs.length * 7_919) % 100;
    this.#time(this.#rankMs, `leaderboards/global?around=${this.#userOf(fan)}`, {});
  }

  #time(into: number[], path: string, init: RequestInit): void {
    const beganAt = this.#clock.monotonic();
    const url = `http://127.0.0.1:${this.#house.port}/api/${path}`;
    const asked = fetch(url, { ...init, signal: AbortSignal.timeout(TIME_OUT_MS) })
      .then(async (reply) => {
        await reply.body?.cancel();
        into.push(reply.status < 500 ? this.#clock.monotonic() - beganAt : TIME_OUT_MS);
      }, () => void into.push(TIME_OUT_MS))
      .finally(() => this.#underWay.delete(asked));
    this.#underWay.add(asked);
  }

  #goal(): void {
    const at = this.#goals.length;
    const channel = at % GOAL_MATCHES.length;
    const minute = 1 + Math.floor(at / GOAL_MATCHES.length);
    if (minute > GOALS) return;
    const match = GOAL_MATCHES[channel]!;
    const { writtenAt } = this.#feed.post(`${match}-goal-${minute}`, {
      match,
      facts: [{
        ...{ id: `goal-${minute}`, revision: 1, occurredAt: this.#clock.now() },
        ...{ type: "goal.scored", side: "home", method: "open", period: "firstHalf", minute },
      }],
    });
    this.#goals.push({ channel, minute, writtenAt });
  }

  /** Of each goal, at each subscriber. */
  async #goalMs(): Promise<number[][]> {
    const { offsetMs } = await this.#fans.readClock();
    const parsed = await this.#fans.goals();
    return this.#goals.map(({ channel, minute, writtenAt }) => {
      const found = parsed.find((goal) => goal.channel === channel && goal.minute === minute);
      const times = (found?.parsedAt ?? []).map((at) => at - offsetMs - writtenAt);
      const lost = Math.max(0, this.#subscribers - times.length);
      return [...times, ...Array.from({ length: lost }, () => TIME_OUT_MS)];
    });
  }

  async #schedule(match: string, kickoffAt: number): Promise<void> {
    await this.#post(match, {
      ...{ id: "fixture", revision: 1, occurredAt: kickoffAt - HOUR_MS, type: "match.scheduled" },
      ...{ competition: "Bench", stage: "", kickoffAt, format: { kind: "league" } },
      ...{ home: { id: "home", name: "Home" }, away: { id: "away", name: "Away" } },
    });
  }

  async #post(match: string, fact: { id: string }): Promise<void> {
    const { status, body } = await this.#feed.post(`${match}-${fact.id}`, { match, facts: [fact] })
      .reply;
    assert(status === 200, `facts are taken: found ${status} ${body}`);
  }
}
