/**
 * The ledger of points as the shards of leaderboards ask it: what their fans
 * have, by the truth.
 */
import type { PointSums } from "../leaderboard/shard_rebuild.ts";

export interface LedgerTotals {
  /** Who has points, and how many all together. */
  members: number;
  points: number;
  /** Every chunk that is written is also on the boards; else a shard may be behind rightly. */
  isAtRest: boolean;
  /** Some of it has been on the boards. */
  wasRanked: boolean;
}

/** @throws {Failure} retryable where SQL is away. */
export interface PointsLedger {
  sums(shardId: string): PointSums;
  totals(shardId: string): Promise<LedgerTotals>;
}
