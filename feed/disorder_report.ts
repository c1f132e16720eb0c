/**
 * How far from the order of play a provider's facts come.
 *
 * Disorder is not an error: the fold puts every fact in its place, so nothing
 * waits for this report and nothing is decided by it. It tells an operator
 * which feed to talk to. Counts are of this process, since `since`; a target
 * named before the process began counts as unknown.
 */
import {
  factKey,
  type FactRef,
  type MatchTime,
  PERIODS,
  type ProviderFact,
} from "../actors/match/match_event.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export interface DisorderLine {
  match: string;
  provider: string;
  /** Milliseconds since 1970. */
  since: number;
  /** Facts seen, resent ones not counted. */
  facts: number;
  /** `occurredAt` lay before that of a fact seen earlier. */
  earlierTime: number;
  /** Period, minute and stoppage lay before those of a fact seen earlier. */
  earlierMinute: number;
  /** A revision came after a higher one of the same fact. */
  lateRevisions: number;
  /** A correction named a fact that had not come yet. */
  unknownTargets: number;
  /** The longest step back in `occurredAt`. */
  furthestBackMs: number;
}

interface Feed {
  line: DisorderLine;
  lastOccurredAt: number;
  lastMinute: number;
  /** Highest revision by fact id. */
  revisions: Map<string, number>;
}

export class DisorderReport {
  readonly #events: BusinessEvents;
  readonly #clock: Clock;
  /** By `match/provider`, the longest unheard first. */
  readonly #feeds = new Map<string, Feed>();

  constructor(events: BusinessEvents, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
  }

  saw(matchId: string, fact: ProviderFact): void {
    const feed = this.#touch(matchId, fact.provider);
    const { line, revisions } = feed;
    const known = revisions.get(fact.id);
    if (known === fact.revision) return;
    line.facts += 1;

    let disorder = this.#isTargetMissing(matchId, fact);
    if (disorder) line.unknownTargets += 1;
    if (known === undefined) {
      disorder = isEarlier(feed, fact) || disorder;
    } else if (fact.revision < known) {
      line.lateRevisions += 1;
      disorder = true;
    }
    if (known !== undefined || revisions.size < limits.matchFactsMax) {
      revisions.set(fact.id, Math.max(known ?? 0, fact.revision));
    }
    if (disorder) this.#events.disorderSeen(matchId, fact.provider);
  }

  /** The most recently heard feed first. */
  lines(): DisorderLine[] {
    return [...this.#feeds.values()].map(({ line }) => ({ ...line })).reverse();
  }

  #touch(match: string, provider: string): Feed {
    const key = `${match}/${provider}`;
    const feed = this.#feeds.get(key) ?? {
      line: {
        match,
        provider,
        since: this.#clock.now(),
        facts: 0,
        earlierTime: 0,
        earlierMinute: 0,
        lateRevisions: 0,
        unknownTargets: 0,
        furthestBackMs: 0,
      },
      lastOccurredAt: -Infinity,
      lastMinute: -Infinity,
      revisions: new Map(),
    };
    this.#feeds.delete(key);
    this.#feeds.set(key, feed);
    if (this.#feeds.size > limits.matchListMax) {
      this.#feeds.delete(this.#feeds.keys().next().value!);
    }
    return feed;
  }

  #isTargetMissing(matchId: string, fact: ProviderFact): boolean {
    const target = (fact as { target?: FactRef }).target;
    if (!target || factKey(target) === factKey(fact)) return false;
    const feed = this.#feeds.get(`${matchId}/${target.provider}`);
    if (!feed) return true;
    return !feed.revisions.has(target.id) && feed.revisions.size < limits.matchFactsMax;
  }
}

/** Counts a fact that lies before one seen earlier; only its first revision has a place in the order. */
function isEarlier(feed: Feed, fact: ProviderFact): boolean {
  const { line } = feed;
  const backMs = feed.lastOccurredAt - fact.occurredAt;
  if (backMs > 0) {
    line.earlierTime += 1;
    line.furthestBackMs = Math.max(line.furthestBackMs, backMs);
  }
  const minute = placeInPlay(fact as Partial<MatchTime>);
  const isMinuteEarlier = minute !== null && minute < feed.lastMinute;
  if (isMinuteEarlier) line.earlierMinute += 1;

  feed.lastOccurredAt = Math.max(feed.lastOccurredAt, fact.occurredAt);
  feed.lastMinute = Math.max(feed.lastMinute, minute ?? -Infinity);
  return backMs > 0 || isMinuteEarlier;
}

/** Grows with period, then minute, then stoppage; null for a fact without a minute. */
function placeInPlay({ period, minute, stoppage = 0 }: Partial<MatchTime>): number | null {
  if (period === undefined || minute === undefined) return null;
  return PERIODS.indexOf(period) * 1_000_000 + minute * 1_000 + stoppage;
}
