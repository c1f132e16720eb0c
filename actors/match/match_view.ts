/**
 * A match as its fold shows it: what every reader of a match is given.
 *
 * Types only. `match_ledger.ts` makes one from the facts; channels and routes
 * write it down; nobody keeps a second truth.
 */
import type { MatchFormat } from "../fixture/competition_rules.ts";
import type {
  CardColour,
  GoalMethod,
  LineupPlayer,
  Period,
  Player,
  ReviewReason,
  Score,
  Side,
  Team,
} from "./match_event.ts";

export type Phase =
  | "scheduled"
  | "firstHalf"
  | "halfTime"
  | "secondHalf"
  | "awaitingExtraTime"
  | "extraTimeFirst"
  | "extraTimeHalfTime"
  | "extraTimeSecond"
  | "awaitingShootout"
  | "shootout"
  | "finished"
  | "settled"
  | "suspended"
  | "postponed"
  | "abandoned"
  | "cancelled"
  | "awarded";

export type Winner = Side | "draw";
export type TimelineKind =
  | "goal"
  | "penaltyMissed"
  | "card"
  | "substitution"
  | "review"
  | "period"
  | "interruption";
/** annulled: it happened and does not count; removed: it never happened. */
export type TimelineStatus = "standing" | "annulled" | "removed";

export interface TimelineItem {
  /** Ledger seq of the fact's first entry. */
  id: number;
  kind: TimelineKind;
  status: TimelineStatus;
  side: Side | null;
  period: Period | null;
  minute: number;
  stoppage: number;
  /** Scorer, carded, the one who comes on. */
  player: Player | null;
  /** Assist, the one who goes off. */
  other: Player | null;
  method: GoalMethod | null;
  card: CardColour | null;
  /** Running score after a standing goal. */
  score: Score | null;
  /** Said otherwise before. */
  amended: boolean;
  /** A review's reason and outcome, why annulled, what was interrupted. */
  text: string;
  /** Place in the timeline, from 1, of all items. */
  order: number;
}

export interface ShootoutKick {
  number: number;
  side: Side;
  player: Player | null;
  scored: boolean;
  /** Shootout score after it. */
  home: number;
  away: number;
}

export interface ShootoutView extends Score {
  kicks: ShootoutKick[];
  first: Side | null;
  winner: Side | null;
  /** How many of each side kick before anyone kicks again: sides reduce to equate. */
  kickersPerSide: number;
  /** Numbers of kicks whose taker came again too early; told, not refused. */
  kickedTooEarly: number[];
}

export interface MatchView {
  id: string;
  competition: string;
  stage: string;
  home: Team;
  away: Team;
  format: MatchFormat;
  venue: string | null;
  clockRate: number;
  kickoffAt: number;
  phase: Phase;
  /** Null before kick-off and where nobody said when it began. */
  phaseStartedAt: number | null;
  /** Whether the match clock runs. */
  running: boolean;
  stoppageAnnounced: number;
  review: { reason: ReviewReason; since: number } | null;
  /** The official score if awarded, else the goals of play, extra time included. */
  score: Score;
  played: Score;
  regular: Score;
  extraTime: Score | null;
  shootout: ShootoutView | null;
  winner: Winner | null;
  decidedBy: "regulation" | "extraTime" | "shootout" | "award" | null;
  timeline: TimelineItem[];
  lineups: { home: LineupPlayer[]; away: LineupPlayer[] };
  possession: { home: number; away: number } | null;
  feedSilentSince: number | null;
  source: string | null;
  /** Facts of other providers that were kept aside, and how many differed. */
  shadowed: number;
  disagreements: number;
  /** Why suspended, postponed, abandoned, cancelled or awarded. */
  note: string;
  /** Ledger entries behind this view. */
  seq: number;
}
