/**
 * What is kept of a shard beside its ranking: which generation of the ranking is
 * in force, and whether the shard is frozen.
 *
 * A rebuild fills a ranking of a new name and then puts that name in force, so a
 * crash in between leaves the old one as it was. No name is used twice, and what
 * is no longer in force is named here until it is cleared.
 */
import { Failure } from "../../runtime/failure.ts";
import type { CellStore } from "../ports/cell.ts";

export interface ShardRecord {
  generation: string;
  obsolete: string[];
  isFrozen: boolean;
}

export function rankingName(shardId: string, generation: string): string {
  return `leaderboard/${generation}/${shardId}`;
}

export async function readRecord(cells: CellStore, shardId: string): Promise<ShardRecord> {
  const cell = await cells.get(key(shardId));
  if (cell === null) return { generation: "first", obsolete: [], isFrozen: false };
  return JSON.parse(new TextDecoder().decode(cell.bytes));
}

/** @throws {Failure} `fenced` where a newer owner wrote. */
export async function putRecord(
  cells: CellStore,
  shardId: string,
  fence: number,
  record: ShardRecord,
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(record));
  if (await cells.put(key(shardId), bytes, { fence }) === "fenced") throw fencedOut(shardId);
}

export function fencedOut(shardId: string): Failure {
  return new Failure("fenced", `Cannot move leaderboard shard ${shardId} as it has a newer owner`);
}

function key(shardId: string): string {
  return `leaderboard/${shardId}`;
}
