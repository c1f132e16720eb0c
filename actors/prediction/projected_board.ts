/**
 * A match's board if it ended now, from its joint cells and the fold.
 *
 * Cells are counted once after the lock; a goal only changes what each is worth.
 * Where a share of the fans was counted, every count stands for so many.
 */
import { type PickCell, projectedBoard } from "../leaderboard/projected_rank.ts";
import type { RankHistogram } from "../leaderboard/rank_histogram.ts";
import type { Market } from "./market.ts";
import type { MarketOutcomes } from "./market_outcome.ts";
import { RULES_VERSION } from "./points_table.ts";
import { projectedPoints } from "./projection.ts";

export type FanPicks = { market: Market; pick: string }[];

export interface ProjectedRow {
  points: number;
  fans: number;
  rank: number;
}

/** Highest first. */
export function projectedRows(
  cells: Iterable<PickCell<FanPicks>>,
  outcomes: MarketOutcomes,
  share: number,
  rowsMax: number,
): { rows: ProjectedRow[]; board: RankHistogram } {
  const scaled = [...cells].map(({ picks, members }) => ({ picks, members: members * share }));
  const fans = new Map<number, number>();
  const worth = (picks: FanPicks) => projectedPoints(picks, outcomes, RULES_VERSION);
  for (const { picks, members } of scaled) {
    const points = worth(picks);
    if (points > 0) fans.set(points, (fans.get(points) ?? 0) + members);
  }
  const board = projectedBoard(scaled, worth);
  const rows = [...fans].sort(([a], [b]) => b - a).slice(0, rowsMax)
    .map(([points, fans]) => ({ points, fans, rank: board.rankOf(points) }));
  return { rows, board };
}
