/**
 * What a fan's wish means for a room: entries, known already, or refused with
 * what the sender may know of why.
 *
 * Every rule is asked here whatever a gateway asked before. Stamps are given
 * here, so the order of a room is its owner's.
 */
import { limits } from "../../runtime/limits.ts";
import { REPORT_REASONS } from "../moderation/report_queue.ts";
import type { Badge, PostOp } from "./chat_op.ts";
import { msOf, type Stamp, tick } from "./hybrid_clock.ts";
import { type Message, slotOf, visible } from "./op_set.ts";
import { ownValue } from "./own_value.ts";
import {
  accepted,
  type Answered,
  type Asked,
  isQueueFull,
  mayNot,
  queueFull,
  rejected,
  slowSeconds,
  unknownMessage,
} from "./room_answers.ts";
import { saidId } from "./said_wishes.ts";
import { type FanCommand, isClientId, wishKey } from "./room_delivery.ts";
import { roleIn } from "./standings.ts";

type Wish<K extends FanCommand["kind"]> = Extract<FanCommand, { kind: K }>;

const REACTION = /^[a-z0-9_-]{1,32}$/;

export function decidePost(asked: Asked, wish: Wish<"post">): Answered {
  const { context, from, now } = asked;
  const said = wishKey(from.user, wish.clientId);
  const refusal = wishProblem(asked, wish, said) ?? mayNot(asked, "post") ?? tooSoon(asked);
  if (refusal !== null) return refusal;
  const { body, mentions, verdict } = wish;
  const stamp = tick(context.stamp, now, asked.node);
  const replyTo = wish.replyTo !== null && visible(context.set, wish.replyTo) !== null
    ? wish.replyTo
    : null;
  switch (verdict.outcome) {
    case "block":
      return rejected("notAllowed", "post this: it breaks the rules of the chat");
    case "shadow":
      return accepted({
        ...{ type: "message.shadowed", id: stamp, by: from.user, key: body.key, verdict, said },
      });
    case "hold":
      return isQueueFull(context) ? queueFull() : accepted({
        type: "message.held",
        item: {
          ...{ id: stamp, by: from.user, body, replyTo, mentions },
          ...{ wasPublished: false, status: "waiting" },
          ...{ rule: verdict.rule, listVersion: verdict.listVersion },
        },
        said,
      });
    case "allow": {
      const badge = badgeOf(asked);
      const made = { stamp, by: from.user };
      const op: PostOp = { kind: "post", ...made, body, replyTo, mentions, badge };
      return accepted({ type: "op.applied", op, said });
    }
  }
}

export function decideEdit(asked: Asked, wish: Wish<"edit">): Answered {
  const { context, from, now, node } = asked;
  const said = wishKey(from.user, wish.clientId);
  const refusal = wishProblem(asked, wish, said) ?? mayNot(asked, "edit");
  if (refusal !== null) return refusal;
  const own = ownMessage(asked, wish.target);
  if ("outcome" in own) return own;
  const { target, body, mentions, verdict } = wish;
  if (verdict.outcome === "shadow") return { outcome: "accepted", entries: [] };
  if (verdict.outcome !== "allow") {
    return rejected("notAllowed", "change the message to this: it breaks the rules of the chat");
  }
  const made = { stamp: tick(context.stamp, now, node), by: from.user };
  return accepted({
    type: "op.applied",
    op: { kind: "edit", ...made, target, body, mentions },
    said,
  });
}

export function decideDeleteOwn(asked: Asked, { target }: Wish<"deleteOwn">): Answered {
  const { context, from, now, node } = asked;
  const refusal = mayNot(asked, "deleteOwn");
  if (refusal !== null) return refusal;
  const slot = slotOf(context.set, target);
  if (slot !== undefined && "gone" in slot) return { outcome: "duplicate" };
  const isHeld = context.held.some(({ id, by }) => id === target && by === from.user);
  const own = isHeld ? null : ownMessage(asked, target);
  if (own !== null && "outcome" in own) return own;
  const made = { stamp: tick(context.stamp, now, node), by: from.user };
  return accepted({ type: "op.applied", op: { kind: "delete", ...made, target }, said: null });
}

export function decideReact(asked: Asked, { target, reaction }: Wish<"react">): Answered {
  const { context, from, now, node } = asked;
  const refusal = mayNot(asked, "react");
  if (refusal !== null) return refusal;
  if (reaction !== null && !REACTION.test(reaction)) {
    return rejected("malformed", "react so: needed a reaction's id");
  }
  const message = visible(context.set, target);
  if (message === null) return unknownMessage(context, target);
  const before = ownValue(message.reactions, from.user);
  if ((before?.value ?? null) === reaction) return { outcome: "duplicate" };
  if (
    before === undefined && Object.keys(message.reactions).length >= limits.messageReactorsMax
  ) {
    return rejected("reactionsFull", `react: ${limits.messageReactorsMax} fans already did`);
  }
  const made = { stamp: tick(context.stamp, now, node), by: from.user };
  return accepted({
    type: "op.applied",
    op: { kind: "react", ...made, target, reaction },
    said: null,
  });
}

export function decideReport(asked: Asked, { target, why }: Wish<"report">): Answered {
  const { context, from, now } = asked;
  const refusal = mayNot(asked, "report");
  if (refusal !== null) return refusal;
  if (!REPORT_REASONS.includes(why)) {
    return rejected("malformed", `report: needed a reason of ${REPORT_REASONS.join(", ")}`);
  }
  const message = visible(context.set, target);
  if (message === null) return unknownMessage(context, target);
  if (message.by === from.user) return rejected("ownCase", "report a message of one's own");
  const known = context.reports.find((item) => item.message === target);
  if (known?.reporters.includes(from.user)) return { outcome: "duplicate" };
  const report = { message: target, author: message.by!, by: from.user, why, at: now };
  return accepted({ type: "message.reported", report });
}

/** Whether a wish was granted before, or can be none. */
function wishProblem(
  { context, from }: Asked,
  { clientId, body, mentions }: Wish<"post" | "edit">,
  said: string,
): Answered | null {
  if (!isClientId(clientId)) return rejected("malformed", "post: needed a client id");
  if (saidId(context, said) !== null) return { outcome: "duplicate" };
  const isBody = body.key === said && /^[\w-]{1,64}$/.test(body.digest);
  if (!isBody || mentions.length > limits.chatMentionsMax || !mentions.every(isClientId)) {
    return rejected("malformed", `post for ${from.user}: needed a body and few mentions`);
  }
  return null;
}

/** Whether slow mode lets the user speak again. */
function tooSoon(asked: Asked): Answered | null {
  const waitMs = slowWaitMs(asked);
  if (waitMs <= 0) return null;
  const seconds = slowSeconds(asked.context, asked.now);
  return rejected(
    "slowMode",
    `post: once in ${seconds} s, again in ${Math.ceil(waitMs / 1_000)} s`,
  );
}

/** So long the user waits until slow mode lets them post; moderators need not. */
export function slowWaitMs({ context, room, from, now }: Omit<Asked, "state" | "node">): number {
  const seconds = slowSeconds(context, now);
  const role = roleIn(context.standings, room, from.user, from.role);
  if (seconds === 0 || role !== "fan") return 0;
  const isTheirs = (one: { id: Stamp }) => "by" in one && one.by === from.user;
  const last = [context.set.slots.findLast(isTheirs), context.held.findLast(isTheirs)]
    .map((one) => one === undefined ? 0 : msOf(one.id));
  return Math.max(0, Math.max(...last) + seconds * 1_000 - now);
}

function ownMessage({ context, from }: Asked, target: Stamp): Message | Answered {
  const message = visible(context.set, target);
  if (message === null) return unknownMessage(context, target);
  return message.by === from.user
    ? message
    : rejected("notAuthor", "change a message that somebody else wrote");
}

function badgeOf({ context, room, from }: Asked): Badge | null {
  const role = roleIn(context.standings, room, from.user, from.role);
  if (role === "operator") return "operator";
  return role === "fan" || role === "anonymous" ? null : "moderator";
}
