/**
 * What the global log remembers, and how an entry changes it.
 *
 * A purge is only forgotten once every room has been told, so it survives whoever
 * dies over it. A ban that has ended is let go at the next action, by the time
 * of that action: every fold forgets the same. All of it is JSON and bounded.
 */
import { limits } from "../../runtime/limits.ts";
import { ownValue } from "../room/own_value.ts";
import { type SaidWishes, withSaid } from "../room/said_wishes.ts";
import { type AuditRow, type ChainHead, emptyHead, headOf } from "./audit_chain.ts";
import { GLOBAL_LOG, type GlobalEntry } from "./global_log_entry.ts";
import type { ChatRole } from "./permission_rules.ts";

export interface GlobalBan {
  /** Milliseconds since 1970; 0: without end. */
  until: number;
  reason: string;
  /** Of who banned: nobody below lifts it. */
  role: ChatRole;
}

/** In all rooms, and not carried out everywhere yet. */
export interface GlobalPurge {
  action: number;
  user: string;
  by: AuditRow["actor"];
  reason: string;
}

export interface GlobalLogContext extends SaidWishes {
  /** Last entry folded. */
  seq: number;
  bans: Record<string, GlobalBan>;
  purges: GlobalPurge[];
  /** The last ones, newest last. */
  actions: AuditRow[];
  chain: ChainHead;
}

export function newGlobalLog(): GlobalLogContext {
  return {
    // The first list: a snapshot copies what it holds of it as it is.
    said: [],
    saidLately: [],
    seq: 0,
    bans: {},
    purges: [],
    actions: [],
    chain: emptyHead(GLOBAL_LOG),
  };
}

export function fold(context: GlobalLogContext, { seq, body }: GlobalEntry): GlobalLogContext {
  const after = { ...context, seq };
  switch (body.type) {
    case "action.taken":
      return withSaid(withRow(after, body.row), body.said, `action ${body.row.number}`);
    case "purge.carried":
      return { ...after, purges: context.purges.filter(({ action }) => action !== body.action) };
    case "entry.quarantined":
      return after;
  }
}

/** The ban that is in force at `now`; null: there is none. */
export function banOf({ bans }: Pick<GlobalLogContext, "bans">, user: string, now: number) {
  const ban = ownValue(bans, user);
  return ban !== undefined && isInForce(ban, now) ? ban : null;
}

function isInForce({ until }: GlobalBan, now: number): boolean {
  return until === 0 || until > now;
}

function withRow(context: GlobalLogContext, row: AuditRow): GlobalLogContext {
  const { kind, target, reason, actor, at, number } = row;
  const taken = {
    ...context,
    actions: [...context.actions, row].slice(-limits.roomActionsMax),
    chain: headOf(row),
  };
  if (kind === "purge") {
    const purge = { action: number, user: target, by: actor, reason };
    return { ...taken, purges: [...context.purges, purge] };
  }
  if (kind !== "banGlobally" && kind !== "unbanGlobally") return taken;
  const others = Object.entries(context.bans).filter(([user, ban]) =>
    user !== target && isInForce(ban, at)
  );
  const ban = { until: Number(row.after), reason, role: actor.role };
  const bans = Object.fromEntries(kind === "banGlobally" ? [...others, [target, ban]] : others);
  return { ...taken, bans };
}
