/**
 * Whether what a client asks of a room has the form of a wish.
 *
 * By the same words as the room's own checks, so that nonsense costs no owner
 * anything: names of the right shape, nothing that speaks of what is to come,
 * no text that nobody may store.
 */
import type { RoomWish } from "../actors/ports/rooms.ts";
import { problemOf } from "../actors/moderation/moderation_action.ts";
import { REPORT_REASONS } from "../actors/moderation/report_queue.ts";
import { takeText } from "../actors/moderation/text_intake.ts";
import { isFromFuture, isStamp } from "../actors/room/hybrid_clock.ts";
import { isClientId } from "../actors/room/room_delivery.ts";
import { limits } from "../runtime/limits.ts";
import { type Refused, refused } from "./chat_refusal.ts";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** As a client says it: who it is about nobody has looked up yet. */
export type AskedWish = Without<RoomWish, "targetRole">;

const STICKER = /^[a-z0-9_-]{1,64}$/;
const REACTION = /^[a-z0-9_-]{1,32}$/;

/** `target: null`: the room itself. Null: it is one. */
export function wishProblem(
  asked: AskedWish | { kind: "react"; target: null; reaction: string },
  now: number,
): Refused | null {
  if ("clientId" in asked && !isClientId(asked.clientId)) {
    return malformed(`a client id of 1 to ${limits.clientIdCharsMax} letters, digits, _ or -`);
  }
  switch (asked.kind) {
    case "post": {
      const { text, sticker, replyTo } = asked;
      if (sticker !== null && !STICKER.test(sticker)) return malformed("a sticker's id");
      if (replyTo !== null) return targetProblem(replyTo, now) ?? textProblem(text, sticker);
      return textProblem(text, sticker);
    }
    case "edit":
      return targetProblem(asked.target, now) ?? textProblem(asked.text, null);
    case "deleteOwn":
      return targetProblem(asked.target, now);
    case "react":
      if (asked.reaction !== null && !REACTION.test(asked.reaction)) {
        return malformed("a reaction's id");
      }
      return asked.target === null ? null : targetProblem(asked.target, now);
    case "report":
      if (!REPORT_REASONS.includes(asked.why)) {
        return malformed(`a reason of ${REPORT_REASONS.join(", ")}`);
      }
      return targetProblem(asked.target, now);
    case "moderate": {
      // Whether it is meant is asked once the role is known.
      const problem = problemOf({ ...asked.request, confirm: true }, now);
      return problem === null ? null : refused(problem.code, `Cannot do this: ${problem.reason}`);
    }
    case "undo":
      return Number.isSafeInteger(asked.action) && asked.action > 0
        ? null
        : malformed("an action's number");
  }
}

function textProblem(text: string, sticker: string | null): Refused | null {
  if (text === "" && sticker !== null) return null;
  const taken = takeText(text);
  return "refusal" in taken ? refused(taken.refusal.code, taken.refusal.reason) : null;
}

function targetProblem(target: string, now: number): Refused | null {
  if (!isStamp(target)) return malformed("a message's id");
  if (!isFromFuture(target, now)) return null;
  return refused("fromFuture", "Cannot speak of a message that is still to come");
}

function malformed(needed: string): Refused {
  return refused("malformed", `Cannot do this: needed ${needed}`);
}
