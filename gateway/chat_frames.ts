/**
 * Chat by socket: frames to wishes, answers to replies.
 */
import type { RoomAnswer } from "../actors/ports/rooms.ts";
import { MODERATION_KINDS, type ModerationKind } from "../actors/moderation/permission_rules.ts";
import type { ReportReason } from "../actors/moderation/report_queue.ts";
import type { ReplyInit } from "../protocol/golazo_codec.ts";
import { type Random, randomId } from "../runtime/random.ts";
import type { ChatAsker, ChatDesk } from "./chat_desk.ts";
import { refused } from "./chat_refusal.ts";
import type { Command, CommandDesks } from "./command_router.ts";
import { mentionsIn } from "./mentions.ts";
import type { Session } from "./socket/session.ts";
import type { AskedWish } from "./wish_form.ts";

/** What the frame's field can hold. */
const WAIT_MS_MAX = 2 ** 32 - 1;

export function chatDesks(desk: ChatDesk, random: Random): CommandDesks {
  return {
    async chatSend(command, session) {
      return replyOf(await desk.carryOut(askerOf(session), command.room, saidIn(command)));
    },
    async react({ room, message: target, reaction }, session) {
      const asker = askerOf(session);
      if (target === "") return replyOf(await desk.cheer(asker, room, reaction));
      const wish = { kind: "react" as const, target, reaction: reaction || null };
      return replyOf(await desk.carryOut(asker, room, wish));
    },
    async moderate(command, session) {
      const asker = askerOf(session);
      const wish = actionIn(command, random);
      if (wish !== null) return replyOf(await desk.carryOut(asker, command.room, wish));
      return replyOf(desk.refuse(asker, unknownAction(command.action)));
    },
  };
}

/** What an action of this name means, by socket or by HTTP; null: there is none. */
export function actionIn(
  asked: Omit<Command<"moderate">, "id" | "room">,
  random: Random,
): AskedWish | null {
  const { action, target, reason, until, seconds, confirm } = asked;
  // Who does not name an action may not be able to repeat it.
  const clientId = asked.clientId || `unnamed-${randomId(random)}`;
  switch (action) {
    case "deleteOwn":
      return { kind: "deleteOwn", target };
    case "report":
      return { kind: "report", target, why: reason as ReportReason };
    case "undo":
      return { kind: "undo", clientId, action: Number(target), reason };
  }
  if (!MODERATION_KINDS.includes(action as ModerationKind)) return null;
  const kind = action as ModerationKind;
  const request = { kind, target, reason, until, seconds, confirm };
  return { kind: "moderate", clientId, request };
}

export function unknownAction(action: string) {
  return refused("malformed", `There is no action ${JSON.stringify(action.slice(0, 32))}`);
}

function saidIn({ clientId, text, replyTo, sticker, edits }: Command<"chatSend">): AskedWish {
  const mentions = mentionsIn(text);
  return edits === ""
    ? { kind: "post", clientId, text, mentions, sticker: sticker || null, replyTo: replyTo || null }
    : { kind: "edit", clientId, text, mentions, target: edits };
}

function askerOf({ id: source, subject, role }: Session): ChatAsker {
  return { subject, role, source, where: "socket" };
}

/** Held is an answer of its own: its author sees it wait. */
function replyOf(answer: RoomAnswer): Omit<ReplyInit, "id"> {
  if (answer.outcome === "ok") {
    const { made = "", held } = answer;
    return held ? { code: "held", made, reason: "It waits for a moderator" } : { code: "ok", made };
  }
  const { code, reason, retryAfterMs = 0 } = answer;
  return { code, reason, retryAfterMs: Math.min(retryAfterMs, WAIT_MS_MAX) };
}
