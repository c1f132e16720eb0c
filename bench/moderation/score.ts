/**
 * Precision, recall and false positives of a set of labelled lines. A share of
 * nothing is 1 where there was nothing to get wrong, and 0 for false positives.
 */
import type { LabelledLine } from "./labelled_set.ts";

export interface Score {
  /** Of the lines that were stopped, how many are abusive. */
  precision: number;
  /** Of the abusive lines, how many were stopped. */
  recall: number;
  /** Of the clean lines, how many were stopped. */
  falsePositiveRate: number;
  wronglyStopped: LabelledLine[];
  missed: LabelledLine[];
}

export function scoreOf(lines: LabelledLine[], isStopped: (line: LabelledLine) => boolean): Score {
  let caught = 0;
  let clean = 0;
  const wronglyStopped: LabelledLine[] = [];
  const missed: LabelledLine[] = [];
  for (const line of lines) {
    const stopped = isStopped(line);
    if (line.label === "clean") {
      clean += 1;
      if (stopped) wronglyStopped.push(line);
    } else if (stopped) caught += 1;
    else missed.push(line);
  }
  const stopped = caught + wronglyStopped.length;
  const abusive = caught + missed.length;
  return {
    precision: stopped === 0 ? 1 : caught / stopped,
    recall: abusive === 0 ? 1 : caught / abusive,
    falsePositiveRate: clean === 0 ? 0 : wronglyStopped.length / clean,
    wronglyStopped,
    missed,
  };
}
