/**
 * The fans of a bench's board and what happens to their points: all of it
 * follows from numbers, so whoever checks the ranks can count for himself.
 */
import type { RankedMember } from "../../actors/ports/ranking.ts";
import { seededRandom } from "../../runtime/random.ts";

export const BOARD = "global";
export const NAMESPACE = "bench";
export const CHANGES = 64;
/** Distinct totals of a long season. */
const TOTALS = 6_000;
const SEED = 20_221_218;

export function fanName(fan: number): string {
  return `fan-${String(fan).padStart(7, "0")}`;
}

/** More fans have few points than many; nobody has none. */
export function firstPoints(fans: number): Int32Array {
  const random = seededRandom(SEED);
  return Int32Array.from({ length: fans }, () => 1 + TOTALS * random.fraction() ** 2);
}

/** Of the chunk: who gets how many points more, 1 to 10. */
export function movesOf(chunk: number, fans: number): { fan: number; points: number }[] {
  const random = seededRandom(SEED + 1 + chunk);
  return Array.from({ length: CHANGES }, () => ({
    fan: Math.floor(fans * random.fraction()),
    points: 1 + Math.floor(10 * random.fraction()),
  }));
}

export function changesOf(chunk: number, fans: number): RankedMember[] {
  return movesOf(chunk, fans).map(({ fan, points }) => ({ member: fanName(fan), score: points }));
}
