/**
 * What the crowd picks, as counters that each gateway keeps of its own fans.
 *
 * Volatile: lost counters are counted again from the rows. A fan may change a
 * pick at another gateway than the one that took it, so one gateway's counter
 * may be below zero; the sum of all is not, and nothing below zero is shown.
 * Bounded by what a pick can be: 441 scores, two squads, 101 percents.
 */
import type { Market } from "./market.ts";

/** Fans by pick. */
export type PickCounts = Readonly<Record<string, number>>;
export type Crowd = Readonly<Partial<Record<Market, PickCounts>>>;

export const NO_CROWD: Crowd = {};

/** What is shown of a market: the commonest picks, and the others as one. */
export interface CrowdView {
  /** Commonest first; of equally common ones by their text. */
  top: { pick: string; fans: number }[];
  others: number;
  fans: number;
}

/** The crowd after a fan's pick, which may take the place of an earlier one. */
export function counted(
  crowd: Crowd,
  market: Market,
  pick: string,
  before: string | null = null,
): Crowd {
  if (pick === before) return crowd;
  const change: Record<string, number> = { [pick]: 1 };
  if (before !== null) change[before] = -1;
  return merged(crowd, { [market]: change });
}

export function merged(one: Crowd, other: Crowd): Crowd {
  const sum: Partial<Record<Market, PickCounts>> = { ...one };
  for (const [market, counts] of Object.entries(other) as [Market, PickCounts][]) {
    sum[market] = added(sum[market] ?? {}, counts);
  }
  return sum;
}

export function crowdView(crowd: Crowd, market: Market, topMax: number): CrowdView {
  const common = Object.entries(crowd[market] ?? {})
    .filter(([, fans]) => fans > 0)
    .map(([pick, fans]) => ({ pick, fans }))
    .sort((a, b) => b.fans - a.fans || (a.pick < b.pick ? -1 : 1));
  const fansOf = (picks: typeof common) => picks.reduce((sum, { fans }) => sum + fans, 0);
  const others = common.slice(topMax);
  return { top: common.slice(0, topMax), others: fansOf(others), fans: fansOf(common) };
}

function added(one: PickCounts, other: PickCounts): PickCounts {
  const sum = new Map(Object.entries(one));
  for (const [pick, fans] of Object.entries(other)) {
    const after = (sum.get(pick) ?? 0) + fans;
    if (after === 0) sum.delete(pick);
    else sum.set(pick, after);
  }
  return Object.fromEntries(sum);
}
