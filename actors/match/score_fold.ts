/**
 * The score as a fold: goals that stand, counted by period, never a counter
 * that goes up and down. An own goal counts for the side it is written to, the
 * one that gains it; the shootout has its own count.
 */
import { type KnownFacts, standing } from "./known_fact.ts";
import type { FactOf, Score } from "./match_event.ts";
import { inOrderOfPlay } from "./timeline_order.ts";

export interface ScoreFold {
  /** Goals of the 90 minutes. */
  regular: Score;
  /** Goals of extra time alone, zero where it was not played. */
  extraTime: Score;
  /** All goals of play. */
  played: Score;
  /** Goals that stand, in the order of play. */
  goals: FactOf<"goal.scored">[];
  /** The score after each goal, by the goal's key. */
  after: Map<string, Score>;
}

export function foldScore(facts: KnownFacts): ScoreFold {
  const goals = inOrderOfPlay(standing(facts, "goal.scored"));
  const fold: ScoreFold = {
    regular: { home: 0, away: 0 },
    extraTime: { home: 0, away: 0 },
    played: { home: 0, away: 0 },
    goals: goals.map(({ fact }) => fact),
    after: new Map(),
  };
  for (const { key, fact } of goals) {
    const part = isExtraTime(fact) ? fold.extraTime : fold.regular;
    part[fact.side] += 1;
    fold.played[fact.side] += 1;
    fold.after.set(key, { ...fold.played });
  }
  return fold;
}

function isExtraTime({ period }: FactOf<"goal.scored">): boolean {
  return period === "extraTimeFirst" || period === "extraTimeSecond";
}
