/**
 * What the pitch says of each market: how it stands, and whether that is final.
 *
 * Questions on the fold alone, whatever became of the match at a desk. "To
 * qualify" looks at the whole match, every other market at the 90 minutes, so
 * those are final while extra time is still being played.
 */
import { sideAhead } from "../fixture/competition_rules.ts";
import type { Score } from "../fixture/score.ts";
import { byTime, standing } from "../match/known_fact.ts";
import type { MatchLedger } from "../match/match_ledger.ts";
import {
  formatOf,
  goesStraightToShootout,
  goesToExtraTime,
  goesToShootout,
  hasExtraTime,
  isGoldenGoalScored,
} from "../match/outcome.ts";
import { isOver } from "../match/periods.ts";
import { firstScorerOf } from "./first_scorer.ts";
import { type Market, writeScore } from "./market.ts";

export interface PitchResult {
  /** The pick that is right; null where nothing or nobody says which. */
  pick: string | null;
  /** Picks that could not have been right. */
  voidPicks: readonly string[];
  /** Nothing that is still to be played can change it. */
  isFinal: boolean;
}

export function pitchResult(market: Market, ledger: MatchLedger): PitchResult {
  const isFinal = isOver(ledger.periods, "secondHalf");
  const { regular } = ledger.score;
  switch (market) {
    case "finalScore":
      return { pick: writeScore(regular), voidPicks: [], isFinal };
    case "firstScorer": {
      const { pick, voidPicks, isScored } = firstScorerOf(ledger);
      return { pick, voidPicks, isFinal: isFinal || isScored };
    }
    case "possession":
      return { pick: possessionOf(ledger), voidPicks: [], isFinal };
    case "matchWinner":
      return { pick: leaderOf(regular) ?? "draw", voidPicks: [], isFinal };
    case "toQualify":
      return { pick: qualifierOf(ledger), voidPicks: [], isFinal: isPlayedOut(ledger) };
  }
}

function leaderOf({ home, away }: Score): "home" | "away" | null {
  if (home === away) return null;
  return home > away ? "home" : "away";
}

/** The last figure before extra time; corrections of it carry its time. */
function possessionOf(ledger: MatchLedger): string | null {
  const { facts, periods } = ledger;
  const until = hasExtraTime(ledger)
    ? periods.startedAt.get("extraTimeFirst") ?? periods.ended.get("secondHalf") ?? Infinity
    : Infinity;
  const measured = standing(facts, "possession.measured").sort(byTime);
  const last = measured.findLast(({ fact }) => fact.occurredAt < until);
  return last === undefined ? null : String(last.fact.home);
}

/** By the kicks, and where those are level or not taken by the goals of both legs. */
function qualifierOf(ledger: MatchLedger): string | null {
  const { kicks, score } = ledger;
  return kicks.winner ?? leaderOf(kicks) ?? sideAhead(formatOf(ledger), score.played);
}

/** Whether the match came to its end on the pitch, as its machine walks there. */
function isPlayedOut(ledger: MatchLedger): boolean {
  const { periods, kicks } = ledger;
  if (kicks.winner !== null) return true;
  if (!isOver(periods, "secondHalf") || goesStraightToShootout(ledger)) return false;
  if (!goesToExtraTime(ledger) || isGoldenGoalScored(ledger)) return true;
  return isOver(periods, "extraTimeSecond") && !goesToShootout(ledger);
}
