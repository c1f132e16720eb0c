/**
 * Pages of a board made of its shards' pages.
 *
 * Members stand by score, highest first, and inside a tie by id; the rank beside
 * each comes from the counts of the whole board. Who has no points has no rank
 * and is on no page, whether they were never given or taken back: so a board
 * after a correction is the board of the corrected match.
 */
import type { RankedMember } from "../ports/ranking.ts";
import type { RankHistogram } from "./rank_histogram.ts";

export interface RankedRow extends RankedMember {
  rank: number;
}

export interface Standing {
  member: string;
  score: number;
  /** Null for who has no points. */
  rank: number | null;
}

/** Below 0 where `a` stands before `b`. */
export function inOrder(a: RankedMember, b: RankedMember): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.member < b.member ? -1 : Number(a.member > b.member);
}

export function standing(member: string, score: number | null, counts: RankHistogram): Standing {
  return { member, score: score ?? 0, rank: score ? counts.rankOf(score) : null };
}

/** Members with their ranks, in the order given. */
export function withRanks(members: RankedMember[], counts: RankHistogram): RankedRow[] {
  return members
    .filter(({ score }) => score !== 0)
    .map(({ member, score }) => ({ member, score, rank: counts.rankOf(score) }));
}

/** The first `count` of the board, from the first `count` of each shard. */
export function mergedTop(
  shards: RankedMember[][],
  counts: RankHistogram,
  count: number,
): RankedRow[] {
  return withRanks(shards.flat().sort(inOrder), counts).slice(0, count);
}

/** The window around a place, from each shard's window around the same place. */
export function mergedAround(
  shards: RankedMember[][],
  counts: RankHistogram,
  place: RankedMember,
  above: number,
  below: number,
): RankedRow[] {
  const rows = withRanks(shards.flat().sort(inOrder), counts);
  const before = rows.filter((row) => inOrder(row, place) < 0);
  const there = rows.filter((row) => inOrder(row, place) === 0);
  const after = rows.filter((row) => inOrder(row, place) > 0);
  return [...before.slice(Math.max(0, before.length - above)), ...there, ...after.slice(0, below)];
}
