/**
 * A settlement's chunk as the shards of a board are told of it.
 *
 * Every part has a key of its own, made of run, chunk and place in the chunk, so
 * it is applied once, however often and from wherever the chunk is sent. That
 * holds as the same changes always come to the same parts: they stand in order
 * of the fans' ids, and where parts end follows from a limit that may change
 * only while no run is open.
 */
import { limits } from "../../runtime/limits.ts";
import type { RankedMember } from "../ports/ranking.ts";
import { shardFor } from "./leaderboard_names.ts";
import type { Chunk } from "./leaderboard_shard.ts";

export interface ShardChunk {
  shard: string;
  chunk: Chunk;
}

/** The key of a part of a chunk; a rebuild names those that its sums contain. */
export function chunkKey(run: string, chunk: number, part: number): string {
  return `${run}/${chunk}/${part}`;
}

/** What each shard of the board is to apply; nothing where there can be no such board. */
export function shardChunks(
  boardId: string,
  run: string,
  chunk: number,
  changes: RankedMember[],
): ShardChunk[] {
  const byShard = new Map<string, RankedMember[]>();
  for (const change of changes.toSorted(byMember)) {
    const shard = shardFor(boardId, change.member);
    if (shard === null) return [];
    const ofShard = byShard.get(shard);
    if (ofShard === undefined) byShard.set(shard, [change]);
    else ofShard.push(change);
  }
  return [...byShard].flatMap(([shard, ofShard]) => {
    const parts: ShardChunk[] = [];
    for (let at = 0; at < ofShard.length; at += limits.leaderboardChangesMax) {
      const key = chunkKey(run, chunk, parts.length);
      const part = ofShard.slice(at, at + limits.leaderboardChangesMax);
      parts.push({ shard, chunk: { key, changes: part } });
    }
    return parts;
  });
}

function byMember(a: RankedMember, b: RankedMember): number {
  if (a.member !== b.member) return a.member < b.member ? -1 : 1;
  return a.score - b.score;
}
