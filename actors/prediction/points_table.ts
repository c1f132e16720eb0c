/**
 * What a pick is worth, as data with a version.
 *
 * A run of a settlement names the version that it pays by, so a run of last
 * year can be made again. A version that was ever in force is never changed:
 * a better table is a new one. The harder the guess, the more it is worth: one
 * of 22 players against one of three results.
 */
import { assert } from "../../runtime/failure.ts";
import type { Score } from "../fixture/score.ts";
import { type Market, NOBODY, readPercent, readScore } from "./market.ts";
import type { MarketOutcome } from "./market_outcome.ts";

/** The version of the rules in force: these points and market_text.ts. */
export const RULES_VERSION = 1;

export interface PointsTable {
  /** The best that holds: the score itself, its goal difference (so every draw), who won. */
  finalScore: { exact: number; difference: number; winner: number };
  firstScorer: { player: number; nobody: number };
  /** The first that holds: at most so many percent beside it. */
  possession: { within: number; points: number }[];
  matchWinner: { right: number };
  toQualify: { right: number };
}

const TABLES: Record<number, PointsTable> = {
  1: {
    finalScore: { exact: 5, difference: 3, winner: 2 },
    firstScorer: { player: 6, nobody: 4 },
    possession: [
      { within: 0, points: 3 },
      { within: 2, points: 2 },
      { within: 5, points: 1 },
    ],
    matchWinner: { right: 2 },
    toQualify: { right: 2 },
  },
};

/** Settled by its points, void, or not to be settled yet; the last two are worth nothing. */
export type Mark = "settled" | "void" | "open";

export interface Award {
  points: number;
  mark: Mark;
}

export function pointsTable(version: number): PointsTable {
  const table = TABLES[version];
  assert(table !== undefined, `rules have a version that exists: found ${version}`);
  return table;
}

/** @param pick in its one form (market.ts) */
export function pointsOf(
  market: Market,
  pick: string,
  outcome: MarketOutcome,
  version: number,
): Award {
  if (outcome.state !== "decided") return { points: 0, mark: outcome.state };
  if (outcome.voidPicks.includes(pick)) return { points: 0, mark: "void" };
  return { points: worth(market, pick, outcome.pick, pointsTable(version)), mark: "settled" };
}

function worth(market: Market, pick: string, right: string, table: PointsTable): number {
  switch (market) {
    case "finalScore":
      return worthOfScore(readScore(pick)!, readScore(right)!, table.finalScore);
    case "firstScorer":
      if (pick !== right) return 0;
      return pick === NOBODY ? table.firstScorer.nobody : table.firstScorer.player;
    case "possession": {
      const beside = Math.abs(readPercent(pick)! - readPercent(right)!);
      return table.possession.find(({ within }) => beside <= within)?.points ?? 0;
    }
    case "matchWinner":
    case "toQualify":
      return pick === right ? table[market].right : 0;
  }
}

function worthOfScore(pick: Score, right: Score, table: PointsTable["finalScore"]): number {
  if (pick.home === right.home && pick.away === right.away) return table.exact;
  const [picked, found] = [pick.home - pick.away, right.home - right.away];
  if (picked === found) return table.difference;
  return Math.sign(picked) === Math.sign(found) ? table.winner : 0;
}
