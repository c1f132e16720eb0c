/**
 * What waits in a shard's inbox, and how much of it goes together: neighbours
 * that are chunks become one turn of the store, and so do neighbours that are
 * questions about fans. The order in which they came stays.
 */
import { limits } from "../../runtime/limits.ts";
import { countOf } from "../ports/packed_changes.ts";
import type { RankedMember } from "../ports/ranking.ts";
import type { Chunk } from "./leaderboard_shard.ts";
import type { PointSums } from "./shard_rebuild.ts";

/** Once answered, whatever else it is told changes nothing. */
export interface Reply {
  // deno-lint-ignore no-explicit-any -- each asker knows what its own delivery is answered with
  reply(answer: any): void;
  fail(error: unknown): void;
}

export type ShardDelivery =
  & Reply
  & (
    | { type: "board.apply"; chunk: Chunk }
    | { type: "board.rebuild"; source: PointSums }
    | { type: "board.freeze" }
    | { type: "board.unfreeze" }
    /** The shard's word to itself. */
    | { type: "rebuild.over"; error: unknown }
    | { type: "standings"; members: string[] }
    | { type: "around"; place: RankedMember; above: number; below: number }
  );

export type Chunks = Extract<ShardDelivery, { type: "board.apply" }>;
export type Questions = Extract<ShardDelivery, { type: "standings" }>;
export type Window = Extract<ShardDelivery, { type: "around" }>;

/** The first, and those after it that go with it in one turn. */
export function ofOneTurn(waiting: ShardDelivery[], changesMax: number): ShardDelivery[] {
  const [first] = waiting;
  if (first === undefined) return [];
  const most = first.type === "board.apply"
    ? limits.leaderboardTurnChunksMax * changesMax
    : limits.leaderboardMembersMax;
  let size = sizeOf(first);
  let count = 1;
  for (const next of waiting.slice(1)) {
    size += sizeOf(next);
    if (next.type !== first.type || size > most) break;
    count++;
  }
  return waiting.slice(0, count);
}

/** Infinite for what goes alone. */
function sizeOf(delivery: ShardDelivery): number {
  switch (delivery.type) {
    case "board.apply":
      // Each is a command of its own, as dear as eight changes.
      return countOf(delivery.chunk.changes) + 8;
    case "standings":
      return delivery.members.length;
    default:
      return Number.POSITIVE_INFINITY;
  }
}
