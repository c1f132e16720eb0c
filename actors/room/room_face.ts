/**
 * What everybody sees of a room beside its messages, from what the room remembers.
 */
import { limits } from "../../runtime/limits.ts";
import type { RoomState } from "../moderation/permission_rules.ts";
import type { Stamp } from "./hybrid_clock.ts";
import { pinned } from "./op_set.ts";
import type { RoomContext } from "./room_context.ts";

export interface RoomFace {
  state: RoomState;
  /** Between two posts of one fan; 0: no slow mode. */
  slowMs: number;
  pinned: Stamp[];
  title: string;
  matchId: string | null;
  /** Null: nobody in particular. */
  owner: string | null;
}

export function faceOf({ mode, set, room }: RoomContext): RoomFace {
  const { archived, locked, restricted, slowSeconds, calmAt } = mode;
  const byItself = calmAt === null ? 0 : limits.paceSlowSeconds;
  const slowMs = 1_000 * Math.max(slowSeconds, byItself);
  // In the order of room_machine.ts: the strictest that holds.
  const state = archived
    ? "archived"
    : locked
    ? "locked"
    : restricted
    ? "reactionsOnly"
    : slowMs > 0
    ? "slow"
    : "open";
  const { title = "", matchId = null, owner = null } = room ?? {};
  return { state, slowMs, pinned: pinned(set), title, matchId, owner };
}
