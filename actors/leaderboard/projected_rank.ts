/**
 * Where a fan would stand if the match ended now.
 *
 * Fans who made the same picks share a cell, so the match's board as it would be
 * is counted cell by cell and not fan by fan: a 10 x 10 grid of scores has 100.
 * Nothing here touches what was given; the same counts of cells serve every
 * goal, only the points of a cell change.
 */
import { RankHistogram } from "./rank_histogram.ts";

/** Fans who made the same picks; `P` is whatever the rules of points understand. */
export interface PickCell<P> {
  picks: P;
  members: number;
}

export interface ProjectedStanding {
  points: number;
  /** Null for who would have no points. */
  rank: number | null;
}

/** The match's board if it ended now: members by points, those without any left out. */
export function projectedBoard<P>(
  cells: Iterable<PickCell<P>>,
  pointsOf: (picks: P) => number,
): RankHistogram {
  const board = new RankHistogram();
  for (const { picks, members } of cells) {
    const points = pointsOf(picks);
    if (points !== 0) board.add(points, members);
  }
  return board;
}

export function projectedStanding<P>(
  picks: P,
  pointsOf: (picks: P) => number,
  board: RankHistogram,
): ProjectedStanding {
  const points = pointsOf(picks);
  return { points, rank: points === 0 ? null : board.rankOf(points) };
}
