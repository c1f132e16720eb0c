/**
 * Who scored first, and whose picks are void for that.
 *
 * Own goals are skipped, and so is everything after the 90 minutes. Who did not
 * play, or came on after the goal, could not have scored it: void. Only what is
 * known makes a pick void; a side whose line-up names no starters is believed
 * to have played. Goals of one minute are in the timeline's order, which is
 * what fans saw.
 */
import { type KnownFact, standing } from "../match/known_fact.ts";
import type { FactOf, Player, Side } from "../match/match_event.ts";
import type { MatchLedger } from "../match/match_ledger.ts";
import { inOrderOfPlay } from "../match/timeline_order.ts";
import { lineupOf } from "../match/view_fold.ts";
import { NOBODY } from "./market.ts";

export interface FirstScorer {
  /** A player's id or "none"; null where a goal's scorer is not known yet. */
  pick: string | null;
  isScored: boolean;
  voidPicks: string[];
}

type Goal = KnownFact<FactOf<"goal.scored">>;
type Substitution = KnownFact<FactOf<"substitution.made">>;

const REGULATION: readonly string[] = ["firstHalf", "secondHalf"];

export function firstScorerOf(ledger: MatchLedger): FirstScorer {
  const play = inOrderOfPlay<Goal | Substitution>([
    ...standing(ledger.facts, "goal.scored"),
    ...standing(ledger.facts, "substitution.made"),
  ]).filter(({ fact }) => REGULATION.includes(fact.period));
  const at = play.findIndex((known) => isGoal(known) && known.fact.method !== "ownGoal");
  const goal = at < 0 ? null : play[at] as Goal;
  const pick = goal === null ? NOBODY : playerId(ledger, goal.fact.side, goal.fact.player);
  const before = goal === null ? play : play.slice(0, at);
  const after = goal === null ? [] : play.slice(at);
  const voidPicks = (["home", "away"] as const).flatMap((side) => {
    const late = cameOn(ledger, side, after);
    const played = playersKnown(ledger, side, cameOn(ledger, side, before));
    const known = new Set([...squadOf(ledger, side), ...late]);
    return [...known].filter((id) => late.has(id) || (played !== null && !played.has(id)));
  });
  return { pick, isScored: goal !== null, voidPicks: voidPicks.filter((id) => id !== pick) };
}

function isGoal(known: Goal | Substitution): known is Goal {
  return known.fact.type === "goal.scored";
}

function cameOn(ledger: MatchLedger, side: Side, play: (Goal | Substitution)[]): Set<string> {
  const ids = play.map((known) => {
    const isOurs = !isGoal(known) && known.fact.side === side;
    return isOurs ? playerId(ledger, side, known.fact.on) : null;
  });
  return new Set(ids.filter((id) => id !== null));
}

/** Starters and who came on; null where the line-up does not say who starts. */
function playersKnown(ledger: MatchLedger, side: Side, on: Set<string>): Set<string> | null {
  const starters = lineupOf(ledger.facts, side).filter(({ starting }) => starting);
  if (starters.length === 0) return null;
  return new Set([...on, ...starters.map(({ id }) => id).filter((id) => id !== undefined)]);
}

/** Everybody who could have been picked for a side, before its line-up was out too. */
function squadOf({ facts }: MatchLedger, side: Side): Set<string> {
  const published = standing(facts, "lineup.published").filter(({ fact }) => fact.side === side);
  const ids = published.flatMap(({ fact }) => fact.players.map(({ id }) => id));
  return new Set(ids.filter((id) => id !== undefined));
}

/** As the line-up names the player: feeds tell a scorer by another id, or by name alone. */
function playerId(ledger: MatchLedger, side: Side, player: Player | undefined): string | null {
  if (player === undefined) return null;
  const lineup = lineupOf(ledger.facts, side);
  if (player.id !== undefined && lineup.some(({ id }) => id === player.id)) return player.id;
  const namesakes = lineup.filter(({ name }) => name === player.name);
  const named = namesakes.length === 1 ? namesakes[0]!.id : undefined;
  return named ?? player.id ?? null;
}
