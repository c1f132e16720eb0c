/**
 * What a wish means for the global log: one row of its audit chain, or a refusal.
 *
 * Asked in this order, as in a room: is it an action at all, may this role do it,
 * may this person do it to that one, did somebody above decide it otherwise, is
 * there anything to change. Undo asks all of it again, as the action the other
 * way, and only while the ban still is what the action made it.
 */
import { limits } from "../../runtime/limits.ts";
import type { Decision } from "../actor_definition.ts";
import { isClientId, wishKey } from "../room/room_delivery.ts";
import { saidId } from "../room/said_wishes.ts";
import { chained } from "./audit_chain.ts";
import { banOf, type GlobalLogContext } from "./global_log_context.ts";
import type { GlobalEntryBody, GlobalWish, Steward } from "./global_log_entry.ts";
import {
  type ActionRequest,
  type Facet,
  inverseKind,
  inverseOf,
  problemOf,
} from "./moderation_action.ts";
import { isBelow, type ModerationKind, permission, permissionOver } from "./permission_rules.ts";

type Answered = Decision<GlobalEntryBody>;
type Wish<K extends GlobalWish["kind"]> = Extract<GlobalWish, { kind: K }>;

/** What is done here; everything else is a room's own. */
export const GLOBAL_ACTIONS: readonly ModerationKind[] = [
  "banGlobally",
  "unbanGlobally",
  "purge",
  "removeAvatar",
];

export function decideWish(
  context: GlobalLogContext,
  from: Steward,
  wish: GlobalWish,
  now: number,
): Answered {
  return wish.kind === "undo"
    ? decideUndo(context, from, wish, now)
    : decideAction(context, from, wish, now);
}

function decideAction(
  context: GlobalLogContext,
  from: Steward,
  { clientId, request, targetRole, found }: Omit<Wish<"moderate">, "kind">,
  now: number,
  undoes: number | null = null,
): Answered {
  const { kind, target, reason } = request;
  const said = wishKey(from.user, clientId);
  if (!isClientId(clientId)) return rejected("malformed", "do this: needed a client id");
  const refusal = refusalOf(context, from, request, targetRole, now);
  if (refusal !== null) return rejected(refusal, `${kind} ${target}: ${refusal}`);
  if (saidId(context, said) !== null) return { outcome: "duplicate" };
  const problem = problemOf(request, now);
  if (problem !== null) return rejected(problem.code, `${kind}: ${problem.reason}`);
  const change = changeBy(context, request, now, found);
  if ("outcome" in change) return change;
  const actor = { user: from.user, role: from.role };
  const row = chained(context.chain, { at: now, actor, kind, target, reason, ...change, undoes });
  return { outcome: "accepted", entries: [{ type: "action.taken", row, said }] };
}

function decideUndo(
  context: GlobalLogContext,
  from: Steward,
  { clientId, action, reason, targetRole }: Wish<"undo">,
  now: number,
): Answered {
  if (isBelow(from.role, "moderator")) {
    const code = from.role === "anonymous" ? "signIn" : "forbidden";
    return rejected(code, `undo action ${action}: ${code}`);
  }
  const taken = context.actions.find(({ number }) => number === action);
  if (taken === undefined) return rejected("tooOld", `undo action ${action}: it is not remembered`);
  if (context.actions.some(({ undoes }) => undoes === action)) return { outcome: "duplicate" };
  const request = inverseOf(taken, reason);
  if (request === null) return rejected("final", `undo a ${taken.kind}`);
  if ((banOf(context, taken.target, now)?.until ?? null) !== taken.after) {
    return rejected("changedSince", `undo action ${action}: it is not as the action left it`);
  }
  return decideAction(context, from, { clientId, request, targetRole }, now, action);
}

function refusalOf(
  context: GlobalLogContext,
  from: Steward,
  { kind, target }: ActionRequest,
  targetRole: Steward["role"],
  now: number,
): string | null {
  const answer = permission(from.role, kind, "open");
  if (answer !== "allowed") return answer;
  if (banOf(context, from.user, now) !== null) return "banned";
  if (!GLOBAL_ACTIONS.includes(kind)) return "wrongOwner";
  const over = permissionOver(from, { user: target, role: targetRole });
  if (over !== "allowed") return over;
  const ban = banOf(context, target, now);
  const isBan = kind === "banGlobally" || kind === "unbanGlobally";
  if (isBan && ban !== null && isBelow(from.role, ban.role)) return "superior";
  const last = context.actions.findLast((action) =>
    action.target === target && [kind, inverseKind(kind)].includes(action.kind)
  );
  return isBan && last !== undefined && isBelow(from.role, last.actor.role) ? "superior" : null;
}

/** What was and is; what is so already is a duplicate. */
function changeBy(
  context: GlobalLogContext,
  { kind, target, until = 0 }: ActionRequest,
  now: number,
  found?: string,
): { before: Facet; after: Facet } | Answered {
  const before = banOf(context, target, now)?.until ?? null;
  switch (kind) {
    case "banGlobally":
      if (before === until) return { outcome: "duplicate" };
      return before === null && Object.keys(context.bans).length >= limits.globalBansMax
        ? rejected("standingsFull", `ban more than ${limits.globalBansMax} users in every room`)
        : { before, after: until };
    case "unbanGlobally":
      return before === null ? { outcome: "duplicate" } : { before, after: null };
    case "purge":
      return context.purges.length >= limits.globalPurgesMax
        ? rejected("queueFull", `purge: ${limits.globalPurgesMax} purges are being carried out`)
        : { before: null, after: now };
    default:
      return { before: found ?? null, after: null };
  }
}

/** `what` goes on from "Cannot". */
function rejected(code: string, what: string): Answered {
  return { outcome: "rejected", code, reason: `Cannot ${what}` };
}
