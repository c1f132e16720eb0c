/**
 * The shards of all leaderboards, wherever their owners are.
 *
 * A question goes to the shard's owner and may have to be asked again: applying
 * is harmless a second time, and reading always was.
 */
import type { RankedRow, Standing } from "../leaderboard/board_page.ts";
import type { Chunk, ChunkOutcome, TopPage } from "../leaderboard/leaderboard_shard.ts";
import type { ScoreCount } from "../leaderboard/rank_histogram.ts";
import type { RankedMember } from "./ranking.ts";

/** Not in this state: whoever asked keeps what it has and asks again. */
export interface ShardRefused {
  outcome: "refused";
  state: string;
}

export interface ShardCounts {
  /** Another one whenever counts or top are. */
  version: string;
  /** Null where the caller has this version. */
  counts: ScoreCount[] | null;
  /** Counts are only those that differ from this version, which the caller has; absent: all. */
  since?: string;
  /** Null where the caller has it: with this version, or with the one of `since`. */
  top: TopPage | null;
}

/** @throws {Failure} retryable where the owner is away: `ownerUnavailable`, `shardUnavailable`. */
export interface Boards {
  /** Changes of one chunk. */
  readonly changesMax: number;
  /** Each chunk once, however often it is sent; answers in their order. */
  apply(shardId: string, chunks: Chunk[]): Promise<(ChunkOutcome | ShardRefused)[]>;
  standings(shardId: string, members: string[]): Promise<Standing[]>;
  around(
    shardId: string,
    place: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedRow[]>;
  counts(shardId: string, knownVersion: string): Promise<ShardCounts>;
  /** From the ledger of points, which the shard's owner reads; answers once the new ranks hold. */
  rebuild(shardId: string): Promise<{ outcome: "done" } | ShardRefused>;
  freeze(shardId: string, isFrozen: boolean): Promise<{ outcome: "done" } | ShardRefused>;
}
