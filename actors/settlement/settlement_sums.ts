/**
 * Whether a run that wrote its last chunk wrote what it planned.
 *
 * Compared per cell, so that a fan's missing points are not made up for by
 * another's: points of the cell times its predictions against what the ledger
 * of points holds for them, over all runs.
 */
import { type CellKey, cellName, type PickCount, type SettlementPlan } from "./settlement_plan.ts";

/** What the ledger holds for predictions of a cell, as SQL sums it. */
export interface PointSum extends CellKey {
  points: number;
}

export interface CellSum extends PickCount {
  points: number;
}

export interface SumDifference extends CellKey {
  planned: { predictions: number; points: number };
  found: { predictions: number; points: number };
}

const NOTHING = { predictions: 0, points: 0 };

/** Every cell whose sum is not what was planned; none: the run is settled. */
export function sumDifferences(
  { cells, setAside }: SettlementPlan,
  sums: readonly CellSum[],
): SumDifference[] {
  const planned = new Map<string, CellSum>();
  for (const { market, pick, late, predictions, points } of cells) {
    const cell = { market, pick, late, predictions, points: points * predictions };
    planned.set(cellName(cell), cell);
  }
  for (const { market, pick, late, predictions } of setAside) {
    const cell = { market, pick, late, predictions, points: 0 };
    planned.set(cellName(cell), cell);
  }
  const found = new Map(sums.map((sum) => [cellName(sum), sum]));
  return [...new Map([...planned, ...found])].flatMap(([name, { market, pick, late }]) => {
    const [plan, ledger] = [planned.get(name) ?? NOTHING, found.get(name) ?? NOTHING];
    if (plan.predictions === ledger.predictions && plan.points === ledger.points) return [];
    const pair = ({ predictions, points }: typeof NOTHING) => ({ predictions, points });
    return [{ market, pick, late, planned: pair(plan), found: pair(ledger) }];
  });
}

/** Counts of a run, and sums of all its chunks, by cell. */
export function addedSums(counts: PickCount[], sums: PointSum[][]): CellSum[] {
  const total = new Map<string, CellSum>();
  for (const count of counts) total.set(cellName(count), { ...count, points: 0 });
  for (const sum of sums.flat()) {
    const { predictions, points } = total.get(cellName(sum)) ?? { predictions: 0, points: 0 };
    total.set(cellName(sum), { ...sum, predictions, points: points + sum.points });
  }
  return [...total.values()];
}

/** For an operator: the first few of them. */
export function writeDifferences(differences: SumDifference[]): string {
  const told = differences.slice(0, 3).map(({ market, pick, late, planned, found }) =>
    `${market} ${pick}${
      late ? " (late)" : ""
    } has ${found.points} points of ${found.predictions} ` +
    `predictions and not ${planned.points} of ${planned.predictions}`
  );
  const others = differences.length - told.length;
  return `sums differ: ${told.join("; ")}${others > 0 ? `; and ${others} more` : ""}`;
}
