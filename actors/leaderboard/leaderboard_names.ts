/**
 * What leaderboards and their shards are called, and whose shard is whose.
 *
 * A board's id is what stands in its channel `leaderboard:<id>`: "global", a
 * match's own id, or `competition_<id>`, and as no match's id is "global" or
 * holds an underscore, no two boards share one. A shard is `<board>.<number>`; no board's id holds a
 * dot. Numbers are in the names of stored rankings, so neither the counts nor
 * the hash may change without a rebuild of every board.
 */
import { createHash } from "node:crypto";
import { partitionOf } from "../ports/partition.ts";

export const GLOBAL_BOARD = "global";
const COMPETITION = "competition_";
const MATCH_ID = /^[a-z0-9-]{1,64}$/;

/** Powers of two, so that 64 partitions of fans are shared evenly. */
const SHARDS = { global: 4, competition: 4, match: 2 } as const;

/** Fans are cut into so many slices; as all counts are powers of two, a shard has whole ones. */
export const SLICES = Math.max(...Object.values(SHARDS));

export type BoardKind = keyof typeof SHARDS;

/** The board of a match has the match's id. */
export function matchBoard(matchId: string): string {
  return matchId;
}

/** An id that a channel cannot carry (long, or with other characters) stands as its hash. */
export function competitionBoard(competitionId: string): string {
  const isPlain = /^[A-Za-z0-9-]{1,42}$/.test(competitionId);
  // 43 characters, one more than any that stands for itself.
  return COMPETITION +
    (isPlain ? competitionId : createHash("sha256").update(competitionId).digest("base64url"));
}

/** Which kind of board has that id; null where none can. */
export function boardKind(boardId: string): BoardKind | null {
  if (boardId === GLOBAL_BOARD) return "global";
  if (MATCH_ID.test(boardId)) return "match";
  return /^competition_[A-Za-z0-9_-]{1,43}$/.test(boardId) ? "competition" : null;
}

/** The ids of a board's shards; none where there can be no such board. */
export function shardsOf(boardId: string): string[] {
  const kind = boardKind(boardId);
  if (kind === null) return [];
  return Array.from({ length: SHARDS[kind] }, (_, shard) => `${boardId}.${shard}`);
}

/** The shard that a fan's points are kept in; null where there can be no such board. */
export function shardFor(boardId: string, userId: string): string | null {
  return shardOfSlice(boardId, sliceOf(userId));
}

export function sliceOf(userId: string): number {
  return partitionOf(userId) % SLICES;
}

/** The shard that a slice's fans are in; null where there can be no such board. */
export function shardOfSlice(boardId: string, slice: number): string | null {
  const kind = boardKind(boardId);
  return kind === null ? null : `${boardId}.${slice % SHARDS[kind]}`;
}

/** The board of a shard. */
export function boardOfShard(shardId: string): string {
  return shardId.slice(0, Math.max(0, shardId.lastIndexOf(".")));
}

/** The boards that points of a match count on. */
export function boardsOf(matchId: string, competitionId: string | null): string[] {
  const ofCompetition = competitionId === null ? [] : [competitionBoard(competitionId)];
  return [matchBoard(matchId), ...ofCompetition, GLOBAL_BOARD];
}
