/**
 * The one form of a benchmark's output: a JSON line a figure, on stdout.
 *
 * `value` is the median of the runs and stands with their least and greatest,
 * so a reader sees how far one run can be trusted. Progress for people goes to
 * stderr and is no part of the form.
 */
import { printLine } from "../runtime/platform.ts";

export interface Figure {
  bench: string;
  metric: string;
  value: number;
  unit: string;
  runs: number;
  min: number;
  max: number;
}

/** One value a run, at least one. */
export function figureOf(bench: string, metric: string, unit: string, values: number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    bench,
    metric,
    value: rounded(median(sorted)),
    unit,
    runs: values.length,
    min: rounded(sorted[0]!),
    max: rounded(sorted.at(-1)!),
  };
}

export function printFigure(figure: Figure): void {
  printLine(JSON.stringify(figure));
}

/** The last line of every bench that could measure. */
export function printDone(bench: string): void {
  printLine(JSON.stringify({ bench, metric: "done", value: 1, unit: "flag" }));
}

/** Of sorted values; of an even number, the mean of the middle two. */
export function median(sorted: ArrayLike<number>): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of sorted values, by nearest rank: the least value that `percent` % of them do not exceed. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1]!;
}

/** Four significant digits: what a bench on a shared machine can know. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
