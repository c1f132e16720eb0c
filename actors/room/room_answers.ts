/**
 * What a room is asked, by whom, and the answers that several decisions share.
 */
import { limits } from "../../runtime/limits.ts";
import type { Decision } from "../actor_definition.ts";
import { type FanAction, permission, type RoomState } from "../moderation/permission_rules.ts";
import { isStamp } from "./hybrid_clock.ts";
import { ownValue } from "./own_value.ts";
import type { RoomContext } from "./room_context.ts";
import type { Sender } from "./room_delivery.ts";
import type { RoomEntryBody, RoomFacts } from "./room_entry.ts";
import { isBanned, isMuted, roleIn } from "./standings.ts";

export interface Asked {
  context: RoomContext;
  room: RoomFacts;
  state: RoomState;
  from: Sender;
  now: number;
  /** This owner's, for its stamps. */
  node: string;
}

/** As far as it matters whether somebody may at all. */
export type Asking = Pick<Asked, "room" | "state" | "from" | "now"> & {
  context: Pick<RoomContext, "standings">;
};

export type Answered = Decision<RoomEntryBody>;
type Rejected = Extract<Answered, { outcome: "rejected" }>;

/** Whether somebody who is banned, muted, or nobody, may do this here and now; null: they may. */
export function mayNot(asked: Asking, action: FanAction): Rejected | null {
  const { context: { standings }, room, state, from: { user, role, isBanned: isOut }, now } = asked;
  if (isOut || isBanned(standings, user, now)) {
    return rejected("banned", `${action}: this account is banned here`);
  }
  const answer = permission(roleIn(standings, room, user, role), action, state);
  if (answer !== "allowed") return rejected(answer, `${action}: the room is ${state}`);
  const speaks = action === "post" || action === "edit" || action === "react";
  if (speaks && isMuted(standings, user, now)) {
    const seconds = Math.ceil((ownValue(standings.mutes, user)! - now) / 1_000);
    return rejected("muted", `${action}: this account is muted here for ${seconds} s`);
  }
  return null;
}

export function slowSeconds({ mode: { slowSeconds, calmAt } }: RoomContext, now: number): number {
  const byItself = calmAt !== null && calmAt > now ? limits.paceSlowSeconds : 0;
  return Math.max(slowSeconds, byItself);
}

export function unknownMessage({ set }: RoomContext, target: string): Answered {
  return isStamp(target) && target <= set.floor
    ? rejected("tooOld", "do this to a message that has left the room's memory")
    : rejected("unknownMessage", "find that message: it is gone, or never was");
}

export function isQueueFull({ held }: RoomContext): boolean {
  return held.filter(({ status }) => status === "waiting").length >= limits.roomHeldMax;
}

export function queueFull(): Answered {
  return rejected("queueFull", "keep this for a moderator: too much waits for them");
}

export function unknownRoom(): Answered {
  return rejected("unknownRoom", "find that room");
}

export function accepted(...entries: RoomEntryBody[]): Answered {
  return { outcome: "accepted", entries };
}

/** `what` goes on from "Cannot". */
export function rejected(code: string, what: string): Rejected {
  return { outcome: "rejected", code, reason: `Cannot ${what}` };
}
