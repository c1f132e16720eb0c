/**
 * The canonical facts of football: what a provider can say of a match.
 *
 * A fact is named by (provider, id) and may come again with a higher revision,
 * which replaces what it said before. Corrections (`goal.annulled`,
 * `event.amended`, `event.voided`, `kick.retaken`) name an earlier fact and are
 * facts themselves: they too can be voided, which undoes them, and revised; of
 * one that is amended only the `reason` changes. Nothing here depends on the
 * order of arrival: times and minutes are in the facts.
 */
import type { MatchFormat } from "../fixture/competition_rules.ts";
import type { Score, Side } from "../fixture/score.ts";

export type { Score, Side };

export const PERIODS = [
  "firstHalf",
  "secondHalf",
  "extraTimeFirst",
  "extraTimeSecond",
  "shootout",
] as const;
export type Period = (typeof PERIODS)[number];

/** Names one fact of one provider. */
export interface FactRef {
  provider: string;
  id: string;
}

export interface Player {
  /** The provider's or the squad's id; feeds often learn it a minute after the goal. */
  id?: string;
  name: string;
}

export interface Team {
  id: string;
  name: string;
  /** Three letters, as on a scoreboard. */
  code?: string;
}

/** When in the match: 45+2 is minute 45, stoppage 2; the second half starts at 46. */
export interface MatchTime {
  period: Period;
  minute: number;
  stoppage?: number;
}

export type GoalMethod = "open" | "penalty" | "ownGoal";
export type CardColour = "yellow" | "secondYellow" | "red";
/** What the video referee may look at: IFAB's protocol with the additions of July 2026. */
export type ReviewReason =
  | "goal"
  | "penalty"
  | "redCard"
  | "secondYellow"
  | "mistakenIdentity"
  | "corner";
export type ReviewOutcome =
  | "goalStands"
  | "goalAnnulled"
  | "goalGiven"
  | "penaltyGiven"
  | "penaltyCancelled"
  | "redCardGiven"
  | "redCardCancelled"
  | "redCardDowngraded"
  | "yellowUpgraded"
  | "cardReassigned"
  | "cornerTakenBack"
  | "noChange";

/** What happened, without who says so. */
export type FactBody =
  | {
    type: "match.scheduled";
    competition: string;
    stage: string;
    kickoffAt: number;
    home: Team;
    away: Team;
    format: MatchFormat;
    venue?: string;
    /** Match minutes pass this much faster than the wall clock's; above 1 only in a replay. */
    clockRate?: number;
  }
  | { type: "match.rescheduled"; kickoffAt: number }
  | { type: "lineup.published"; side: Side; players: LineupPlayer[] }
  | { type: "period.started"; period: Period }
  | { type: "period.ended"; period: Period }
  | { type: "stoppage.announced"; period: Period; minutes: number }
  /** `side` is the side that gains the goal, an own goal's too. */
  | (
    & { type: "goal.scored"; side: Side; player?: Player; assist?: Player; method: GoalMethod }
    & MatchTime
  )
  | (
    & { type: "penalty.missed"; side: Side; player?: Player; how?: "saved" | "wide" | "woodwork" }
    & MatchTime
  )
  | (
    & { type: "card.shown"; side: Side; player?: Player; card: CardColour; onPitch?: boolean }
    & MatchTime
  )
  | ({ type: "substitution.made"; side: Side; off?: Player; on?: Player } & MatchTime)
  | ({ type: "review.opened"; reason: ReviewReason; target?: FactRef } & Partial<MatchTime>)
  /** Closes the review that is open, or `review` where a feed overlaps two. */
  | ({ type: "review.closed"; outcome: ReviewOutcome; review?: FactRef } & Partial<MatchTime>)
  /** `number` counts the kicks of both sides from 1, retakes keep theirs. */
  | { type: "shootout.kicked"; side: Side; number: number; player?: Player; scored: boolean }
  | { type: "kick.retaken"; target: FactRef; reason?: string }
  | { type: "goal.annulled"; target: FactRef; reason?: string }
  /** `changes` replaces whole fields of the target's body; of a correction's the `reason` alone. */
  | { type: "event.amended"; target: FactRef; changes: Record<string, unknown>; reason?: string }
  | { type: "event.voided"; target: FactRef; reason?: string }
  | { type: "match.suspended"; reason?: string }
  | { type: "match.resumed" }
  | { type: "match.abandoned"; reason?: string }
  | { type: "match.postponed"; reason?: string }
  | { type: "match.cancelled"; reason?: string }
  /** The official score, which is not the sum of the goals; a walkover has no winner's goals of its own. */
  | { type: "match.awarded"; winner: Side; score: Score; reason?: string }
  /** Whole percent of the ball so far, home + away = 100. */
  | { type: "possession.measured"; home: number; away: number };

export interface LineupPlayer extends Player {
  number?: number;
  position?: string;
  starting: boolean;
}

/** What only the owner of a match may append; providers are refused these types. */
export type OwnerFactBody =
  /** A fact of a later period moved the match there before anybody announced it. */
  | { type: "period.implied"; period: Period; startedAt: number; because: FactRef }
  | { type: "source.changed"; source: string; because: "first" | "operator" | "silence" }
  | { type: "feed.silenced"; since: number }
  | { type: "feed.resumed" }
  /** The source has nothing new and is there: ends a silence, or keeps one from beginning. */
  | { type: "feed.heard" }
  /** A kick's wait for a missing number is over: numbers up to `upTo` count as they are. */
  | { type: "kicks.released"; upTo: number }
  /** The entry at `seq` cannot be folded; every fold skips it. */
  | { type: "entry.quarantined"; seq: number; reason: string }
  | { type: "match.settled"; ledgerSeq: number; rulesVersion: number };

interface Envelope {
  provider: string;
  id: string;
  /** From 1; a higher one replaces what the same id said before. */
  revision: number;
  /** When it happened on the field, by the provider, milliseconds since 1970. */
  occurredAt: number;
}

export type Fact = Envelope & (FactBody | OwnerFactBody);
export type ProviderFact = Envelope & FactBody;
/** A provider's fact of the type `T`. */
export type FactOf<T extends FactBody["type"]> = Extract<ProviderFact, { type: T }>;
/** An owner's fact. */
export type OwnerFact = Envelope & OwnerFactBody;
export type FactType = Fact["type"];

/** The provider name of the owner's own facts. */
export const OWNER = "golazo";
/** The provider name of facts entered by hand; they count beside any source. */
export const OPERATOR = "operator";

/** One line of a match's ledger: a fact that the owner accepted. */
export interface MatchEntry {
  /** Without gaps from 1. */
  seq: number;
  /** When the owner accepted it, milliseconds since 1970. */
  recordedAt: number;
  /** From a provider that was not the source: kept and compared, never folded. */
  shadowed?: true;
  fact: Fact;
  /** W3C traceparent of the request that brought it. */
  trace?: string;
}

/** An entry without its place, which the loop gives. */
export type MatchEntryBody = Omit<MatchEntry, "seq" | "recordedAt">;

/** Names a fact in maps and messages: `provider/id`. */
export function factKey(ref: FactRef): string {
  return `${ref.provider}/${ref.id}`;
}
