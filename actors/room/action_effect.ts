/**
 * What an action that may be taken changes: the one thing before and after, and
 * the ops that make it so. What is so already is a duplicate.
 */
import { limits } from "../../runtime/limits.ts";
import type { ActionRequest, Facet } from "../moderation/moderation_action.ts";
import type { ChatOp } from "./chat_op.ts";
import { isStamp, type Stamp, tick } from "./hybrid_clock.ts";
import { isDeleted, pinned, purgedTo, visible } from "./op_set.ts";
import {
  type Answered,
  type Asked,
  isQueueFull,
  queueFull,
  rejected,
  unknownMessage,
} from "./room_answers.ts";
import type { HeldMessage } from "./room_entry.ts";
import { standingOf } from "./standings.ts";

export interface Effect {
  before: Facet;
  after: Facet;
  ops: ChatOp[];
  /** Goes into the queue, or is changed there. */
  item: HeldMessage | null;
}

type Outcome = Effect | Answered;

const UNCHANGED: Answered = { outcome: "duplicate" };

export function effectOn(asked: Asked, request: ActionRequest): Outcome {
  const { mode } = asked.context;
  switch (request.kind) {
    case "delete":
      return deleted(asked, request.target);
    case "purge":
      return purged(asked, request.target);
    case "hold":
      return held(asked, request.target);
    case "approve":
      return approved(asked, request.target);
    case "reject":
      return turnedDown(asked, request.target);
    case "pin":
    case "unpin":
      return pin(asked, request.target, request.kind);
    case "slow":
      return change(mode.slowSeconds, request.seconds!);
    case "lock":
    case "unlock":
      return change(mode.locked, request.kind === "lock");
    case "restrict":
    case "unrestrict":
      return change(mode.restricted, request.kind === "restrict");
    case "archive":
      return change(mode.archived, true);
    default:
      return standing(asked, request);
  }
}

function change(before: Facet, after: Facet): Outcome {
  return before === after ? UNCHANGED : { before, after, ops: [], item: null };
}

function standing({ context: { standings } }: Asked, request: ActionRequest): Outcome {
  const { kind, target, until = 0 } = request;
  const before = standingOf(standings, kind, target);
  switch (kind) {
    case "mute":
    case "ban": {
      const known = Object.keys(kind === "mute" ? standings.mutes : standings.bans).length;
      return before === null && known >= limits.roomStandingsMax
        ? rejected("standingsFull", `${kind} more than ${limits.roomStandingsMax} users`)
        : change(before, until);
    }
    case "unmute":
    case "unban":
      return change(before, null);
    case "warn":
      return change(before, Number(before) + 1);
    case "unwarn":
      return change(before, Math.max(0, Number(before) - 1));
    case "appoint":
      return before !== true && standings.moderators.length >= limits.roomModeratorsMax
        ? rejected("standingsFull", `appoint more than ${limits.roomModeratorsMax} moderators`)
        : change(before, true);
    default:
      return change(before, false);
  }
}

function deleted(asked: Asked, target: Stamp): Outcome {
  const { context: { set, held, stamp } } = asked;
  if (isDeleted(set, target)) return UNCHANGED;
  if (!isStamp(target) || target > stamp) return unknownMessage(asked.context, target);
  if (target <= set.horizon) return rejected("tooOld", "delete what has left the room's history");
  const isWaiting = held.some(({ id }) => id === target);
  return {
    before: isWaiting ? "held" : visible(set, target) === null ? null : "visible",
    after: "deleted",
    ops: [{ kind: "delete", ...made(asked), target }],
    item: null,
  };
}

function purged(asked: Asked, user: string): Outcome {
  const { context: { set, stamp } } = asked;
  const before = purgedTo(set, user);
  // Everything that the room has seen is at or below its stamp.
  if (stamp === before) return UNCHANGED;
  const op: ChatOp = { kind: "purgeUser", ...made(asked), user, upTo: stamp };
  return { before, after: stamp, ops: [op], item: null };
}

function held(asked: Asked, target: Stamp): Outcome {
  const { context } = asked;
  const known = context.held.find(({ id }) => id === target);
  if (known?.status === "waiting") return UNCHANGED;
  const message = visible(context.set, target);
  if (known === undefined && message === null) return unknownMessage(context, target);
  if (isQueueFull(context)) return queueFull();
  if (known !== undefined) {
    return { before: "rejected", after: "waiting", ops: [], item: { ...known, status: "waiting" } };
  }
  const { by, replyTo, body } = message!;
  const { key, digest, mentions } = body!.value;
  const item: HeldMessage = {
    ...{ id: target, by: by!, body: { key, digest }, replyTo, mentions },
    ...{ wasPublished: true, status: "waiting", rule: "", listVersion: "" },
  };
  const ops: ChatOp[] = [{ kind: "hold", ...made(asked), target }];
  return { before: "visible", after: "waiting", ops, item };
}

function approved(asked: Asked, target: Stamp): Outcome {
  const { context: { set, held, reports } } = asked;
  const item = held.find(({ id }) => id === target);
  if (item === undefined || item.status === "rejected") {
    if (visible(set, target) === null) return unknownMessage(asked.context, target);
    // Reported, looked at, and left where it is.
    return reports.some(({ message }) => message === target)
      ? { before: "reported", after: target, ops: [], item: null }
      : UNCHANGED;
  }
  const { stamp, by } = made(asked);
  if (item.wasPublished && target > set.floor) {
    const ops: ChatOp[] = [{ kind: "release", stamp, by, target }];
    return { before: "waiting", after: target, ops, item: null };
  }
  // Said again, now: where it stood is too long ago, or was never seen.
  const { body, replyTo, mentions } = item;
  const said = { body, replyTo, mentions, badge: null };
  const ops: ChatOp[] = [{ kind: "post", stamp, by: item.by, ...said }];
  return { before: "waiting", after: stamp, ops, item: null };
}

function turnedDown(asked: Asked, target: Stamp): Outcome {
  const item = asked.context.held.find(({ id }) => id === target);
  if (item === undefined) return unknownMessage(asked.context, target);
  if (item.status === "rejected") return UNCHANGED;
  return { before: "waiting", after: "rejected", ops: [], item: { ...item, status: "rejected" } };
}

function pin(asked: Asked, target: Stamp, kind: "pin" | "unpin"): Outcome {
  const { context: { set } } = asked;
  const pins = pinned(set);
  const isPinned = pins.includes(target);
  if (isPinned === (kind === "pin")) return UNCHANGED;
  const author = isPinned ? set.pins[target]!.author : visible(set, target)?.by;
  if (author === undefined || author === null) return unknownMessage(asked.context, target);
  if (kind === "pin" && pins.length >= limits.roomPinsMax) {
    return rejected("pinsFull", `pin more than ${limits.roomPinsMax} messages`);
  }
  const op: ChatOp = { kind, ...made(asked), target, author };
  return { before: isPinned, after: !isPinned, ops: [op], item: null };
}

function made({ context, from, now, node }: Asked): { stamp: Stamp; by: string } {
  return { stamp: tick(context.stamp, now, node), by: from.user };
}
