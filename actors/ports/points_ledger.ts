/**
 * The ledger of points as the shards of leaderboards ask it: what their fans
 * have, by the truth.
 */
import type { PointSums } from "../leaderboard/shard_rebuild.ts";

/** What the marks of chunks say. */
export interface LedgerMarks {
  /** Every chunk that is written is also on the boards; else a shard may be behind rightly. */
  isAtRest: boolean;
  /** Some of it has been on the boards. */
  wasRanked: boolean;
}

export interface LedgerTotals extends LedgerMarks {
  /** Who has points, and how many all together. */
  members: number;
  points: number;
}

/** @throws {Failure} retryable where SQL is away. */
export interface PointsLedger {
  sums(shardId: string): PointSums;
  /** Of the shard's whole board; cheap, as no entry is read. */
  marks(shardId: string): Promise<LedgerMarks>;
  totals(shardId: string): Promise<LedgerTotals>;
}
