/**
 * If it ended now: what each market would be if the whistle went at this moment.
 *
 * A reading of the fold beside the truth: nothing of it is ever written down,
 * and where the truth is already known the two are the same. Nobody is
 * projected before kick-off, nor on who goes through while that is level.
 */
import type { MatchLedger } from "../match/match_ledger.ts";
import type { Phase } from "../match/match_view.ts";
import { hasBegun } from "../match/periods.ts";
import type { Market } from "./market.ts";
import {
  type MarketOutcome,
  marketOutcome,
  type MarketOutcomes,
  marketOutcomes,
} from "./market_outcome.ts";
import { pitchResult } from "./pitch_result.ts";
import { pointsOf } from "./points_table.ts";

export function projectedOutcome(
  market: Market,
  ledger: MatchLedger,
  phase: Phase,
): MarketOutcome {
  const outcome = marketOutcome(market, ledger, phase);
  if (outcome.state !== "open" || !hasBegun(ledger.periods, "firstHalf")) return outcome;
  const { pick, voidPicks } = pitchResult(market, ledger);
  return pick === null ? outcome : { state: "decided", pick, voidPicks };
}

/** @param voided markets that an operator took out */
export function projectedOutcomes(
  ledger: MatchLedger,
  phase: Phase,
  voided: readonly Market[] = [],
): MarketOutcomes {
  return marketOutcomes(ledger, phase, voided, projectedOutcome);
}

/** One fan's points by these outcomes; a pick of a market that the match lacks is worth nothing. */
export function projectedPoints(
  picks: readonly { market: Market; pick: string }[],
  outcomes: MarketOutcomes,
  version: number,
): number {
  return picks.reduce((sum, { market, pick }) => {
    const outcome = outcomes[market];
    return outcome === undefined ? sum : sum + pointsOf(market, pick, outcome, version).points;
  }, 0);
}
