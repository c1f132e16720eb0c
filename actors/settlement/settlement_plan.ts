/**
 * The plan of one run: what every pick is worth, and in which chunks that is
 * written.
 *
 * A million predictions of a match hold a few hundred different picks, so the
 * points are found once a cell (market, pick, late or not) and the rest is
 * joining. A market that is still open is worth nothing yet: what an earlier
 * run paid for it is taken back. A pick that is no pick is set aside with its
 * reason and the run goes on.
 */
import { isMarket, type Market, pickProblem } from "../prediction/market.ts";
import type { MarketOutcome, MarketOutcomes } from "../prediction/market_outcome.ts";
import { type Award, pointsOf } from "../prediction/points_table.ts";

/** Names a cell; late: accepted at or after the lock, so void. */
export interface CellKey {
  market: string;
  pick: string;
  late: boolean;
}

/** How the predictions of a match are spread, as SQL groups them. */
export interface PickCount extends CellKey {
  predictions: number;
}

export interface Cell extends PickCount, Award {
  market: Market;
}

export interface SetAside extends PickCount {
  reason: string;
}

export interface SettlementPlan {
  rulesVersion: number;
  outcomes: MarketOutcomes;
  cells: Cell[];
  setAside: SetAside[];
}

export function planSettlement(
  counts: readonly PickCount[],
  outcomes: MarketOutcomes,
  rulesVersion: number,
): SettlementPlan {
  const plan: SettlementPlan = { rulesVersion, outcomes, cells: [], setAside: [] };
  for (const count of counts) {
    const { market, pick, late } = count;
    const outcome = isMarket(market) ? outcomes[market] : undefined;
    if (!isMarket(market) || outcome === undefined) {
      plan.setAside.push({ ...count, reason: "the match has no such market" });
      continue;
    }
    const needed = pickProblem(market, pick);
    if (needed === null) {
      plan.cells.push({ ...count, market, ...awardOf(market, pick, late, outcome, rulesVersion) });
    } else plan.setAside.push({ ...count, reason: `${market} needs ${needed}` });
  }
  return plan;
}

function awardOf(
  market: Market,
  pick: string,
  late: boolean,
  outcome: MarketOutcome,
  rulesVersion: number,
): Award {
  return late ? { points: 0, mark: "void" } : pointsOf(market, pick, outcome, rulesVersion);
}

/** A cell's name in maps. */
export function cellName({ market, pick, late }: CellKey): string {
  return JSON.stringify([market, pick, late]);
}

/**
 * Whether a run of this plan would write nothing and say nothing new. Counts are
 * compared too: where the lock moved, predictions change from a cell to its late twin.
 * @param before the plan of the match's last run, if that one was written to its
 * end; null else, since a superseded run may have written some of its rows
 */
export function isUnchanged(plan: SettlementPlan, before: SettlementPlan | null): boolean {
  if (before === null || before.cells.length !== plan.cells.length) return false;
  const known = new Map(before.cells.map((cell) => [cellName(cell), cell]));
  return plan.cells.every((cell) => {
    const same = known.get(cellName(cell));
    return same?.points === cell.points && same.mark === cell.mark &&
      same.predictions === cell.predictions;
  });
}

/** Users with an id above `after` and up to `upTo`; null: from the first, to the last. */
export interface Chunk {
  /** From 1. */
  number: number;
  after: string | null;
  upTo: string | null;
}

/**
 * Ranges that hold every user once, also one that nobody counted.
 * @param lastIds the id of each chunk's last user, ascending as SQL compares them
 */
export function chunksBetween(lastIds: readonly string[]): Chunk[] {
  const inner = lastIds.slice(0, -1);
  return [...inner, null].map((upTo, index) => ({
    number: index + 1,
    after: index === 0 ? null : inner[index - 1]!,
    upTo,
  }));
}
