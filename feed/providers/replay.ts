/**
 * Recorded matches, played over and over as if by a provider.
 *
 * A newcomer finds at any time three matches live, the next one announced and
 * one or more finished: at the moment of a final whistle the announced one
 * kicks off, and the match that has rested longest is announced as a new round
 * (`<slug>-r<round>`). A finished round stays listed until the next one of its
 * match kicks off. The facts go through the same intake as everybody's; what
 * fails is said again, the same.
 */
import type { MatchOwners } from "../../actors/ports/match_owners.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock, Timer } from "../../runtime/clock.ts";
import { assert, Failure, reasonOf } from "../../runtime/failure.ts";
import { type BundledMatch, REPLAY } from "../bundled_match.ts";
import type { Intake } from "../intake.ts";
import { dueCount, isLive, type Performance, roundId, stage } from "./performance.ts";

export interface ReplayParts {
  matches: BundledMatch[];
  /** Seconds of a match that pass in one second. */
  speed: number;
  intake: Pick<Intake, "submit">;
  /** Must go on knowing a round after it was retired, or its name is used twice. */
  owners: Pick<MatchOwners, "knows">;
  /** The round leaves the list; told again after a restart. */
  onRetired(matchId: string): void;
  events: BusinessEvents;
  clock: Clock;
}

/** Live at once. */
const LIVE = 3;
/** Three live, one announced, one finished. */
const MATCHES_MIN = 5;
/** A third of the silence after which fans are told that the feed is silent. */
const WORD_EVERY_MS = 20_000;
const SAY_AGAIN_MS = 2_000;
/** The finished match of the opening ended so long ago, in seconds of a match. */
const FINISHED_SINCE = 600;

interface Round {
  performance: Performance;
  /** Resolves once its last fact is said. */
  played: Promise<void>;
}

export class Replay {
  readonly #parts: ReplayParts;
  /** The longest rested first. */
  readonly #order: BundledMatch[];
  /** Next round by slug. */
  readonly #rounds = new Map<string, number>();
  /** The last announced round of each match, by slug. */
  readonly #latest = new Map<string, Round>();
  readonly #timers = new Set<Timer>();
  readonly #underway = new Set<Promise<unknown>>();
  #isStopped = false;

  /** @throws {Failure} `bundledMatchInvalid` where there are too few matches. */
  constructor(parts: ReplayParts) {
    assert(parts.speed > 0, "a replay moves forward");
    if (parts.matches.length < MATCHES_MIN) {
      throw new Failure(
        "bundledMatchInvalid",
        `Cannot replay as at least ${MATCHES_MIN} bundled matches are needed: found ` +
          `${parts.matches.length}. Restore feed/bundled/ from the release.`,
      );
    }
    this.#parts = parts;
    this.#order = [...parts.matches];
  }

  /** Resolves once the opening list is announced. */
  async start(): Promise<void> {
    for (const match of this.#parts.matches) await this.#findRound(match);
    const now = this.#parts.clock.now();
    for (const [match, elapsed] of this.#opening()) {
      await this.#announce(match, Math.round(now - elapsed * 1000 / this.#parts.speed));
    }
    void this.#rotate();
  }

  /** Resolves once nothing is said any more; rounds that were live are retired at the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    await Promise.allSettled(this.#underway);
  }

  /** One finished, one near its end (in its shootout, if a match has one), one in the middle, one early. */
  #opening(): [BundledMatch, number][] {
    const late = this.#order.find(({ shootoutAt }) => shootoutAt !== null) ?? this.#order[0]!;
    const [finished, middle, early] = this.#order.filter((match) => match !== late) as [
      BundledMatch,
      BundledMatch,
      BundledMatch,
    ];
    return [
      [finished, finished.facts.at(-1)!.at + FINISHED_SINCE],
      [late, late.shootoutAt ?? 0.85 * late.finalWhistleAt],
      [middle, 0.5 * middle.finalWhistleAt],
      [early, 0.1 * early.finalWhistleAt],
    ];
  }

  async #rotate(): Promise<void> {
    const { clock, onRetired } = this.#parts;
    for (;;) {
      const kickoffAt = this.#nextKickoff();
      const next = this.#order.find(({ id }) => !this.#isLive(id))!;
      const previous = this.#latest.get(next.id);
      await this.#announce(next, kickoffAt);
      while (clock.now() < kickoffAt) await this.#until(kickoffAt);
      void previous?.played.then(() => onRetired(previous.performance.matchId));
    }
  }

  /** The next final whistle; at once where fewer are live than should be, as after a long sleep. */
  #nextKickoff(): number {
    const now = this.#parts.clock.now();
    const ends = [...this.#latest.values()]
      .filter(({ performance }) => isLive(performance, now))
      .map(({ performance }) => performance.finalWhistleAt);
    return ends.length < LIVE ? now : Math.min(...ends);
  }

  #isLive(slug: string): boolean {
    const round = this.#latest.get(slug);
    return round !== undefined && isLive(round.performance, this.#parts.clock.now());
  }

  async #announce(match: BundledMatch, kickoffAt: number): Promise<void> {
    const { speed, clock } = this.#parts;
    const round = this.#rounds.get(match.id)!;
    const performance = stage(match, round, kickoffAt, speed, clock.now());
    await this.#say(performance, 0, 1);
    this.#rounds.set(match.id, round + 1);
    this.#order.push(...this.#order.splice(this.#order.indexOf(match), 1));
    this.#latest.set(match.id, { performance, played: this.#play(performance) });
  }

  async #play(performance: Performance): Promise<void> {
    const { clock } = this.#parts;
    let said = 1;
    for (;;) {
      const due = Math.max(said, dueCount(performance, clock.now()));
      if (due > said || isLive(performance, clock.now())) {
        await this.#say(performance, said, due);
      }
      said = due;
      const next = performance.facts[said];
      if (!next) return;
      await this.#until(next.dueAt);
    }
  }

  /** Says the facts `from` up to `to`, again and again until they are answered; none is a word too. */
  async #say(performance: Performance, from: number, to: number): Promise<void> {
    const { intake, events, clock } = this.#parts;
    const { matchId } = performance;
    await this.#persist(`replay facts of match ${matchId}`, async () => {
      const values = performance.facts.slice(from, to).map(({ value }) => value);
      const submission = { provider: REPLAY, matchId, values, receivedAt: clock.now() };
      const result = await intake.submit(submission);
      if (result.outcome === "unknownMatch") {
        from = 0;
        throw new Error("the match is unknown and needs its fixture again");
      }
      for (const { id, outcome, code, reason } of result.results) {
        if (outcome !== "rejected") continue;
        events.warned(`Bundled fact ${id} of match ${matchId} was rejected (${code}): ${reason}`);
      }
    });
  }

  /** Goes on after the last round that exists; none of the old ones is being played any more. */
  async #findRound(match: BundledMatch): Promise<void> {
    const { owners, onRetired } = this.#parts;
    let round = 1;
    await this.#persist(`look for rounds of ${match.id}`, async () => {
      for (; await owners.knows(roundId(match, round)); round++) onRetired(roundId(match, round));
    });
    this.#rounds.set(match.id, round);
  }

  /** Does it until it succeeds; after `stop` it neither begins nor goes on. */
  async #persist(what: string, task: () => Promise<void>): Promise<void> {
    while (!this.#isStopped) {
      const attempt = task();
      this.#underway.add(attempt);
      try {
        return await attempt;
      } catch (error) {
        this.#parts.events.warned(`Could not ${what}, trying again: ${reasonOf(error)}`);
      } finally {
        this.#underway.delete(attempt);
      }
      await this.#until(this.#parts.clock.now() + SAY_AGAIN_MS);
    }
    await new Promise<never>(() => {});
  }

  /** Resolves at `time`, or earlier where it is longer off than a live match may be without a word. */
  #until(time: number): Promise<void> {
    const { clock } = this.#parts;
    const delayMs = Math.min(Math.max(0, time - clock.now()), WORD_EVERY_MS);
    return new Promise((resolve) => {
      if (this.#isStopped) return;
      const timer = clock.after(delayMs, () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }
}
