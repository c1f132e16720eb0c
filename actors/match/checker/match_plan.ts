/**
 * A match as a generator draws it and shrinks it: a handful of numbers.
 *
 * `scriptMatch` makes football of a plan, so whatever is drawn here is a match
 * that could be, and less of a plan is a simpler match.
 */
import type { MatchFormat } from "../../fixture/competition_rules.ts";
import type {
  CardColour,
  FactBody,
  GoalMethod,
  MatchTime,
  Period,
  ReviewOutcome,
  Side,
} from "../match_event.ts";
import { PERIODS } from "../match_event.ts";
import type { Correction } from "./planned_correction.ts";

export const PROVIDER = "stadium";
export const KICKOFF_AT = Date.UTC(2026, 5, 14, 18);
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** When in the match, whatever periods it turns out to have. */
export interface Moment {
  period: number;
  minute: number;
  stoppage: number;
  side: Side;
}

export interface Plan {
  format: MatchFormat;
  goesTo: "regulation" | "extraTime" | "shootout";
  goals: (Moment & { method: GoalMethod })[];
  misses: Moment[];
  cards: (Moment & { card: CardColour })[];
  substitutions: Moment[];
  reviews: (Moment & {
    /** Which goal it is about; null: a penalty. */
    goal: number | null;
    outcome: ReviewOutcome;
    closes: boolean;
    /** Whether `goal.annulled` comes too; feeds differ. */
    alsoAnnuls: boolean;
  })[];
  shootout: {
    first: Side;
    /** The first five pairs end level, so that sudden death follows. */
    levelAfterFive: boolean;
    scored: boolean[];
    /** The kick that is taken twice. */
    retaken: number | null;
  };
  interruption:
    | (Moment & {
      kind:
        | "none"
        | "suspended"
        | "resumeLost"
        | "abandoned"
        | "awarded"
        | "awardedBefore"
        | "cancelled";
      /** What comes after the stop is told as of the same time. */
      atOnce: boolean;
    })
    | { kind: "postponed"; rescheduled: boolean; atOnce: boolean };
  corrections: Correction[];
  /** Places of facts that never come. */
  lost: readonly number[];
  /** How much of the match has happened, in percent. */
  percent: number;
  /** The provider's clock knows no seconds, so many facts are of one time. */
  wholeMinutes: boolean;
}

/** A fact on its way to a time of its own. */
export type Draft = FactBody & {
  id: string;
  /** When it happens, milliseconds since kick-off. */
  at: number;
  /** When it is told, if that is not when it happens. */
  toldAt?: number;
  /** The fact, by `nameOf`, of whose very time this is one too. */
  together?: string;
  by?: string;
  revision?: number;
};

export function nameOf({ id, by = PROVIDER }: Pick<Draft, "id" | "by">): string {
  return `${by}/${id}`;
}

/** Minutes of a period, without what is added. */
export const LENGTH: Record<Period, number> = {
  firstHalf: 45,
  secondHalf: 45,
  extraTimeFirst: 15,
  extraTimeSecond: 15,
  shootout: 0,
};

/** A place in `period`, as a feed says it, and when that is on the wall clock. */
export function placeIn(period: Period, start: number, { minute, stoppage }: Moment): {
  at: number;
  time: MatchTime;
} {
  const length = LENGTH[period];
  const inPeriod = 1 + (minute - 1) % length;
  const added = inPeriod === length ? stoppage : 0;
  const before = PERIODS.slice(0, PERIODS.indexOf(period))
    .reduce((sum, earlier) => sum + LENGTH[earlier], 0);
  const time: MatchTime = { period, minute: before + inPeriod };
  if (added > 0) time.stoppage = added;
  return { at: start + (inPeriod - 1 + added) * MINUTE + 10 * SECOND, time };
}
