/**
 * What a gateway has to know of a match to take predictions on it.
 *
 * Small and plain, so that it can be sent around: gateways do not fold matches.
 * Locked from the earlier of the last scheduled kick-off and the first period's
 * own beginning. A late start does not reopen, a new date does, until the ball
 * rolls. Since the lock follows from the facts, one that comes late moves it
 * back: a prediction accepted at or after the lock is void, whoever accepted it.
 */
import type { MatchFormat } from "../fixture/competition_rules.ts";
import type { MatchLedger } from "../match/match_ledger.ts";
import type { Phase } from "../match/match_view.ts";
import { formatOf } from "../match/outcome.ts";
import { kickoffOf, lineupOf } from "../match/view_fold.ts";
import type { Market } from "./market.ts";
import { isOff } from "./market_outcome.ts";

export interface PredictableMatch {
  matchId: string;
  format: MatchFormat;
  /** Milliseconds since 1970; from then on nothing is accepted. */
  lockAt: number;
  /** It will not be played, or not any more. */
  isOff: boolean;
  /** Markets that an operator took out. */
  voided: readonly Market[];
  /** Ids of both sides' line-ups, or of their squads before; empty where nobody told them. */
  players: string[];
}

/** Null until the match is scheduled. */
export function predictableMatch(
  matchId: string,
  ledger: MatchLedger,
  phase: Phase,
  voided: readonly Market[] = [],
): PredictableMatch | null {
  const lockAt = lockOf(ledger);
  if (lockAt === null) return null;
  const players = (["home", "away"] as const).flatMap((side) =>
    lineupOf(ledger.facts, side).flatMap(({ id }) => id ?? [])
  );
  return { matchId, format: formatOf(ledger), lockAt, isOff: isOff(phase), voided, players };
}

/** Milliseconds since 1970; null until the match is scheduled. */
export function lockOf(ledger: MatchLedger): number | null {
  if (ledger.fixture === null) return null;
  return Math.min(kickoffOf(ledger), ledger.periods.startedAt.get("firstHalf") ?? Infinity);
}

/** Whether a prediction of this time is refused, and void where it was accepted. */
export function isLate(at: number, lockAt: number): boolean {
  return at >= lockAt;
}
