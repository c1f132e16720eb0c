/**
 * What a moderator's action means for a room: one row of its audit chain with
 * the ops that carry it out, or a refusal.
 *
 * Asked in this order: is it an action at all, may this role do it here, may
 * this person do it to that one, did somebody above decide it otherwise, is
 * there anything to change. Undo asks all of it again, as the action the other
 * way.
 */
import { chained } from "../moderation/audit_chain.ts";
import {
  type Action,
  type ActionRequest,
  type Facet,
  inverseKind,
  inverseOf,
  isAbout,
  isGlobal,
  problemOf,
} from "../moderation/moderation_action.ts";
import {
  type ChatRole,
  higher,
  isBelow,
  type ModerationKind,
  permission,
  permissionOver,
} from "../moderation/permission_rules.ts";
import { type Effect, effectOn } from "./action_effect.ts";
import { slotOf } from "./op_set.ts";
import { accepted, type Answered, type Asked, rejected } from "./room_answers.ts";
import type { RoomContext } from "./room_context.ts";
import { saidId } from "./said_wishes.ts";
import { type FanCommand, isClientId, wishKey } from "./room_delivery.ts";
import { isBanned, roleIn, standingOf } from "./standings.ts";

export function decideAction(
  asked: Asked,
  { clientId, request, targetRole }: Omit<Extract<FanCommand, { kind: "moderate" }>, "kind">,
  undoes: number | null = null,
): Answered {
  const { context, room, from, now } = asked;
  const said = wishKey(from.user, clientId);
  if (!isClientId(clientId)) return rejected("malformed", "do this: needed a client id");
  if (saidId(context, said) !== null) return { outcome: "duplicate" };
  const problem = problemOf(request, now);
  if (problem !== null) return rejected(problem.code, `${request.kind}: ${problem.reason}`);
  const actor = { user: from.user, role: roleIn(context.standings, room, from.user, from.role) };
  const refusal = refusalOf(asked, actor, request, targetRole);
  if (refusal !== null) return rejected(refusal, `${request.kind} ${request.target}: ${refusal}`);
  const effect = effectOn(asked, request);
  if ("outcome" in effect) return effect;
  const { kind, target, reason } = request;
  const { before, after, ops, item }: Effect = effect;
  const taken = { at: now, actor, kind, target, reason, before, after, undoes };
  const row = chained(context.chain, taken);
  return accepted({ type: "action.taken", row, ops, item, said });
}

/** The same thing the other way, while it still is as the action left it. */
export function decideUndo(
  asked: Asked,
  { clientId, action, reason, targetRole }: Extract<FanCommand, { kind: "undo" }>,
): Answered {
  const { context } = asked;
  const taken = context.actions.find(({ number }) => number === action);
  if (taken === undefined) return rejected("tooOld", `undo action ${action}: it is not remembered`);
  if (context.actions.some(({ undoes }) => undoes === action)) return { outcome: "duplicate" };
  const request = inverseOf(taken, reason);
  if (request === null) return rejected("final", `undo a ${taken.kind}`);
  const current = facetOf(context, taken.kind, taken.target);
  if (current !== undefined && current !== taken.after) {
    return rejected("changedSince", `undo action ${action}: somebody has acted since`);
  }
  return decideAction(asked, { clientId, request, targetRole }, action);
}

function refusalOf(
  asked: Asked,
  actor: Action["actor"],
  { kind, target }: ActionRequest,
  targetRole: ChatRole,
): string | null {
  const { context, room, state, from, now } = asked;
  if (from.isBanned || isBanned(context.standings, from.user, now)) return "banned";
  const answer = permission(actor.role, kind, state);
  if (answer !== "allowed") return answer;
  // What holds in every room is taken where accounts are.
  if (isGlobal(kind)) return "wrongOwner";
  const about = isAbout(kind);
  const author = about === "message" ? authorOf(context, target) : null;
  if (about !== "room" && kind !== "pin" && kind !== "unpin") {
    // Whose message the room no longer knows is judged by what accounts say alone.
    const user = about === "user" ? target : author?.user ?? "";
    const known = roleIn(context.standings, room, user, higher(targetRole, "fan"));
    const over = permissionOver(actor, { user, role: higher(known, author?.role ?? "fan") });
    const isOwnDelete = over === "ownCase" && kind === "delete";
    if (over !== "allowed" && !isOwnDelete) return over;
  }
  return isDecidedAbove(context, actor.role, kind, target) ? "superior" : null;
}

/** Whether somebody of a higher role had the last word on it. */
function isDecidedAbove(
  { actions }: RoomContext,
  role: ChatRole,
  kind: ModerationKind,
  target: string,
): boolean {
  const kinds = [kind, inverseKind(kind)];
  const last = actions.findLast((action) =>
    action.target === target && kinds.includes(action.kind)
  );
  return last !== undefined && isBelow(role, last.actor.role);
}

/** Who wrote it, and as what; undefined where the room does not know any more. */
export function authorOf(
  { set, held }: Pick<RoomContext, "set" | "held">,
  id: string,
): { user: string; role: ChatRole } | undefined {
  const item = held.find((one) => one.id === id);
  if (item !== undefined) return { user: item.by, role: "fan" };
  const slot = slotOf(set, id);
  if (slot === undefined || "gone" in slot || slot.by === null) return undefined;
  const roles = { moderator: "roomModerator", operator: "operator" } as const;
  return { user: slot.by, role: slot.badge === null ? "fan" : roles[slot.badge] };
}

/** What an action of this kind changed, as it is; undefined where only its effect can be asked. */
function facetOf(
  { mode, standings }: RoomContext,
  kind: ModerationKind,
  target: string,
): Facet | undefined {
  switch (kind) {
    case "slow":
      return mode.slowSeconds;
    case "lock":
    case "unlock":
      return mode.locked;
    case "restrict":
    case "unrestrict":
      return mode.restricted;
    case "pin":
    case "unpin":
    case "hold":
    case "approve":
    case "reject":
      return undefined;
    default:
      return standingOf(standings, kind, target);
  }
}
