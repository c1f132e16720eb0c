/**
 * How a market of a match is settled now.
 *
 * What was decided on the pitch stands, whatever comes after: an abandonment in
 * extra time, a verdict of the organisers. What was not and never will be is
 * void. A postponed or suspended match may go on, so its markets stay open; a
 * goal whose scorer nobody named yet keeps that market open, and the fact that
 * names him settles it.
 */
import type { MatchLedger } from "../match/match_ledger.ts";
import type { Phase } from "../match/match_view.ts";
import { formatOf } from "../match/outcome.ts";
import { type Market, marketsOf } from "./market.ts";
import { pitchResult } from "./pitch_result.ts";

export type VoidReason =
  | "abandoned"
  | "cancelled"
  | "awarded"
  /** The provider gave no figure for it. */
  | "notMeasured"
  | "operator";

export type MarketOutcome =
  | { state: "open" }
  | { state: "decided"; pick: string; voidPicks: readonly string[] }
  | { state: "void"; why: VoidReason };

/** Of the markets that the match has. */
export type MarketOutcomes = Partial<Record<Market, MarketOutcome>>;

export function marketOutcome(market: Market, ledger: MatchLedger, phase: Phase): MarketOutcome {
  const { pick, voidPicks, isFinal } = pitchResult(market, ledger);
  if (isFinal && pick !== null) return { state: "decided", pick, voidPicks };
  if (isFinal && market === "possession") return { state: "void", why: "notMeasured" };
  return isOff(phase) ? { state: "void", why: phase } : { state: "open" };
}

/**
 * @param voided markets that an operator took out
 * @param outcomeOf another reading of the fold
 */
export function marketOutcomes(
  ledger: MatchLedger,
  phase: Phase,
  voided: readonly Market[] = [],
  outcomeOf = marketOutcome,
): MarketOutcomes {
  const outcomes: MarketOutcomes = {};
  for (const market of marketsOf(formatOf(ledger))) {
    outcomes[market] = voided.includes(market)
      ? { state: "void", why: "operator" }
      : outcomeOf(market, ledger, phase);
  }
  return outcomes;
}

/** It will not be played, or not any more. */
export function isOff(phase: Phase): phase is "abandoned" | "cancelled" | "awarded" {
  return phase === "abandoned" || phase === "cancelled" || phase === "awarded";
}
