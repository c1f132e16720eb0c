/**
 * What a run writes: the points that a prediction should have, less those that
 * the ledger of points already gave it.
 *
 * So a row is never changed and never taken out: a correction is another row.
 * Nothing is written where the difference is 0, which makes a chunk that is
 * done twice harmless, and one row a (prediction, run) at most. SQL does the
 * same in one statement; this is its meaning, and what tests hold it against.
 */
import { cellName, type SettlementPlan } from "./settlement_plan.ts";

export interface Prediction {
  id: string;
  user: string;
  market: string;
  pick: string;
  late: boolean;
}

/** One line of the ledger of points. */
export interface PointRow {
  prediction: string;
  run: string;
  user: string;
  market: string;
  points: number;
}

/** @param written the ledger's rows of these predictions, of every run */
export function differenceRows(
  run: string,
  plan: SettlementPlan,
  predictions: readonly Prediction[],
  written: readonly PointRow[],
): PointRow[] {
  const worth = new Map(plan.cells.map((cell) => [cellName(cell), cell.points]));
  const given = new Map<string, number>();
  for (const { prediction, points } of written) {
    given.set(prediction, (given.get(prediction) ?? 0) + points);
  }
  return predictions.flatMap((prediction) => {
    const { id, user, market } = prediction;
    // What was set aside is worth nothing.
    const points = (worth.get(cellName(prediction)) ?? 0) - (given.get(id) ?? 0);
    return points === 0 ? [] : [{ prediction: id, run, user, market, points }];
  });
}
