/**
 * A settlement's chunk as the shards of boards are told of it.
 *
 * Cut once for all boards: a shard has whole slices of the fans
 * (leaderboard_names.ts), and each slice's parts are the same changes for every
 * board. A part's key is made of run, chunk and place in the chunk, so it is
 * applied once, however often and from wherever the chunk is sent. That holds as
 * the same changes always come to the same parts: they stand in order of the
 * fans' ids, and where parts end follows from a limit that may change only while
 * no run is open.
 */
import type { RankedMember } from "../ports/ranking.ts";
import { shardOfSlice, sliceOf, SLICES } from "./leaderboard_names.ts";
import type { Chunk } from "./leaderboard_shard.ts";

export interface ShardChunk {
  shard: string;
  chunk: Chunk & { changes: RankedMember[] };
}

/** The key of a part of a chunk's slice; a rebuild names those that its sums contain. */
export function chunkKey(run: string, chunk: number, slice: number, part: number): string {
  return `${run}/${chunk}/${slice}.${part}`;
}

/** What each shard of the boards is to apply; nothing where there can be no such board. */
export function shardChunks(
  boardIds: string[],
  run: string,
  chunk: number,
  changes: RankedMember[],
  changesMax: number,
): ShardChunk[] {
  const slices: RankedMember[][] = Array.from({ length: SLICES }, () => []);
  for (const change of changes.toSorted(byMember)) slices[sliceOf(change.member)]!.push(change);
  return slices.flatMap((ofSlice, slice) => {
    const parts: ShardChunk[] = [];
    for (let at = 0; at < ofSlice.length; at += changesMax) {
      const key = chunkKey(run, chunk, slice, at / changesMax);
      const part = { key, changes: ofSlice.slice(at, at + changesMax) };
      for (const boardId of boardIds) {
        const shard = shardOfSlice(boardId, slice);
        if (shard !== null) parts.push({ shard, chunk: part });
      }
    }
    return parts;
  });
}

function byMember(a: RankedMember, b: RankedMember): number {
  if (a.member !== b.member) return a.member < b.member ? -1 : 1;
  return a.score - b.score;
}
