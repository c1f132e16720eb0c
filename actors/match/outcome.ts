/**
 * How a match stands and ends: the questions that its phases ask of the fold.
 *
 * The machine walks by these; the view asks them again for the winner. Full
 * time is what the format makes of the score, and a period that was played is
 * believed even where the format would not have had it.
 */
import {
  afterExtraTime,
  afterRegulation,
  endsByGoldenGoal,
  type MatchFormat,
  sideAhead,
} from "../fixture/competition_rules.ts";
import { interruptionNow } from "./interruptions.ts";
import { byTime, latest, standing } from "./known_fact.ts";
import type { MatchContext } from "./match_context.ts";
import { ledgerOf, type MatchLedger } from "./match_ledger.ts";
import type { Winner } from "./match_view.ts";
import { hasBegun, isOver } from "./periods.ts";
import { isSame } from "./same_value.ts";
import { inOrderOfPlay } from "./timeline_order.ts";

const LEAGUE: MatchFormat = { kind: "league" };

export function formatOf({ fixture }: MatchLedger): MatchFormat {
  return fixture?.format ?? LEAGUE;
}

export function hasExtraTime({ periods }: MatchLedger): boolean {
  return periods.evident.has("extraTimeFirst") || periods.evident.has("extraTimeSecond");
}

/** The 90 minutes are over and extra time was played or has to be. */
export function goesToExtraTime(ledger: MatchLedger): boolean {
  if (!isOver(ledger.periods, "secondHalf")) return false;
  return hasExtraTime(ledger) || (!hasBegun(ledger.periods, "shootout") &&
    afterRegulation(formatOf(ledger), ledger.score.regular) === "extraTime");
}

/** The 90 minutes are over and the shootout follows at once. */
export function goesStraightToShootout(ledger: MatchLedger): boolean {
  if (!isOver(ledger.periods, "secondHalf") || hasExtraTime(ledger)) return false;
  return hasBegun(ledger.periods, "shootout") ||
    afterRegulation(formatOf(ledger), ledger.score.regular) === "shootout";
}

/** Extra time is over and the shootout follows. */
export function goesToShootout(ledger: MatchLedger): boolean {
  if (!isOver(ledger.periods, "extraTimeSecond")) return false;
  return hasBegun(ledger.periods, "shootout") ||
    afterExtraTime(formatOf(ledger), ledger.score.played) === "shootout";
}

/** Once kicks are taken extra time is over, and no goal of it has ended the match. */
export function isGoldenGoalScored(ledger: MatchLedger): boolean {
  return hasExtraTime(ledger) && !hasBegun(ledger.periods, "shootout") &&
    endsByGoldenGoal(formatOf(ledger), ledger.score.played);
}

/** Who wins a match that is finished. */
export function winnerOf(ledger: MatchLedger): Winner {
  return ledger.kicks.winner ?? sideAhead(formatOf(ledger), ledger.score.played) ?? "draw";
}

/** Whether the settlement's last word is still true: nothing since has changed what it settles. */
export function isSettled(context: MatchContext): boolean {
  const { settledSeq, told } = context;
  if (settledSeq === null) return false;
  if (!told.some(({ seq }) => seq > settledSeq)) return true;
  const settled = { ...context, told: told.filter(({ seq }) => seq <= settledSeq) };
  return isSame(settlementOf(ledgerOf(settled)), settlementOf(ledgerOf(context)));
}

/** All that a market of a match, or the lock of its predictions, can be about. */
function settlementOf(ledger: MatchLedger) {
  const { score, kicks, facts, periods, fixture, interruptions } = ledger;
  const possession = latest(facts, "possession.measured");
  const interruption = interruptionNow(interruptions);
  return {
    regular: score.regular,
    extraTime: score.extraTime,
    kicks: kicks.kicks.map(({ side, scored }) => ({ side, scored })),
    winner: winnerOf(ledger),
    goals: score.goals.map(({ side, player, method, period }) => (
      { side, player, method, period }
    )),
    // Who was not on the pitch yet could not have scored first.
    substitutions: inOrderOfPlay(standing(facts, "substitution.made")).map(
      ({ fact: { side, on, period, minute, stoppage } }) => ({
        side,
        on,
        period,
        minute,
        stoppage,
      }),
    ),
    lineups: standing(facts, "lineup.published").sort(byTime)
      .map(({ fact: { side, players } }) => (
        { side, players: players.map(({ id, name, starting }) => ({ id, name, starting })) }
      )),
    possession: possession && [possession.home, possession.away],
    kickoffAt: latest(facts, "match.rescheduled")?.kickoffAt ?? fixture?.kickoffAt,
    startedAt: periods.startedAt.get("firstHalf"),
    interruption: interruption?.type,
  };
}
