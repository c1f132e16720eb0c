/**
 * What a room remembers, and how an entry changes it.
 *
 * The conversation is the op set; beside it stand the room's mode, who may not
 * speak, what waits for a moderator, and which bodies are still to be removed:
 * an erasure is only forgotten once the store has confirmed it, so it survives
 * whoever dies over it. Everything is JSON and bounded.
 */
import { limits } from "../../runtime/limits.ts";
import { type AuditRow, type ChainHead, emptyHead, headOf } from "../moderation/audit_chain.ts";
import { looked, report, type ReportQueue } from "../moderation/report_queue.ts";
import type { Erasure } from "../ports/bodies.ts";
import { type ChatOp, targetOf } from "./chat_op.ts";
import { NO_STAMP, type Stamp } from "./hybrid_clock.ts";
import { apply, EMPTY_OP_SET, type OpSet, slotOf } from "./op_set.ts";
import type { HeldMessage, RoomEntry, RoomFacts } from "./room_entry.ts";
import { type SaidWishes, withSaid } from "./said_wishes.ts";
import { type Standings, withAction, withoutExpired } from "./standings.ts";

export interface RoomMode {
  archived: boolean;
  locked: boolean;
  restricted: boolean;
  /** One message in so many seconds, by a moderator's word; 0: none. */
  slowSeconds: number;
  /** Slow by itself until then; null: it is not. */
  calmAt: number | null;
}

export interface RoomContext extends SaidWishes {
  roomId: string;
  /** Last entry folded. */
  seq: number;
  /** Null: the room was not opened yet. */
  room: RoomFacts | null;
  /** The highest stamp seen. */
  stamp: Stamp;
  set: OpSet;
  mode: RoomMode;
  /** The match's ledger seq whose moment slowed the room last; 0: none has. */
  pacedSeq: number;
  standings: Standings;
  held: HeldMessage[];
  reports: ReportQueue;
  /** The last ones, newest last. */
  actions: AuditRow[];
  chain: ChainHead;
  /** Bodies to be removed that the store has not confirmed. */
  erasing: Erasure[];
}

export function newRoomContext(roomId: string): RoomContext {
  return {
    roomId,
    // The first list: a snapshot copies what it holds of it as it is.
    said: [],
    saidLately: [],
    seq: 0,
    room: null,
    stamp: NO_STAMP,
    set: EMPTY_OP_SET,
    mode: { archived: false, locked: false, restricted: false, slowSeconds: 0, calmAt: null },
    pacedSeq: 0,
    standings: { moderators: [], mutes: {}, bans: {}, warnings: {} },
    held: [],
    reports: [],
    actions: [],
    chain: emptyHead(`room ${roomId}`),
    erasing: [],
  };
}

/** The context after one more entry. */
export function fold(context: RoomContext, { seq, body }: RoomEntry): RoomContext {
  const after = { ...context, seq };
  switch (body.type) {
    case "room.opened":
      return { ...after, room: body.room };
    case "op.applied":
      return withSaid(withOp(after, body.op), body.said, body.op.stamp);
    case "message.held":
      return withSaid(withHeld(after, body.item), body.said, body.item.id);
    case "message.shadowed":
      return withSaid(erased(stamped(after, body.id), { keys: [body.key] }), body.said, body.id);
    case "message.reported":
      return { ...after, reports: report(context.reports, body.report) };
    case "action.taken":
      return withSaid(
        withRow(body.ops.reduce(withOp, after), body.row, body.item),
        body.said,
        `action ${body.row.number}`,
      );
    case "pace.slowed":
      return {
        ...after,
        mode: { ...context.mode, calmAt: body.until },
        pacedSeq: Math.max(context.pacedSeq, body.matchSeq),
      };
    case "pace.calmed":
      return { ...after, mode: { ...context.mode, calmAt: null } };
    case "standings.expired":
      return { ...after, standings: withoutExpired(context.standings, body.users, body.at) };
    case "bodies.erased":
      return { ...after, erasing: context.erasing.filter(({ seq }) => !body.seqs.includes(seq)) };
    case "entry.quarantined":
      return after;
  }
}

function withOp(context: RoomContext, op: ChatOp): RoomContext {
  const { set, dropped } = apply(context.set, op);
  const after = { ...stamped(context, op.stamp), set };
  if (op.kind === "purgeUser") {
    const { user, upTo } = op;
    const isPurged = ({ by, id }: { by: string; id: Stamp }) => by === user && id <= upTo;
    const purged = context.held.filter(isPurged);
    return erased({
      ...after,
      held: context.held.filter((item) => !isPurged(item)),
      reports: looked(context.reports, ({ author, message }) => author === user && message <= upTo),
    }, { keys: [...dropped, ...purged.map(({ body }) => body.key)], purge: { user, upTo } });
  }
  if (op.kind !== "delete") return dropped.length > 0 ? erased(after, { keys: dropped }) : after;
  const target = targetOf(op)!;
  // Its body is that of the conversation where it was published, else nothing else names it.
  const own = context.held.filter(({ id }) => id === target).map(({ body }) => body.key);
  return erased({
    ...after,
    held: context.held.filter(({ id }) => id !== target),
    reports: looked(context.reports, ({ message }) => message === target),
  }, {
    keys: [...new Set([...dropped, ...own])],
    messages: slotOf(context.set, target) === undefined ? [target] : [],
  });
}

function withRow(context: RoomContext, row: AuditRow, item: HeldMessage | null): RoomContext {
  const { kind, target, after } = row;
  const mode = { ...context.mode };
  if (kind === "slow") mode.slowSeconds = after as number;
  else if (kind === "lock" || kind === "unlock") mode.locked = after as boolean;
  else if (kind === "restrict" || kind === "unrestrict") mode.restricted = after as boolean;
  else if (kind === "archive") mode.archived = true;
  const taken = {
    ...context,
    mode,
    standings: withAction(context.standings, kind, target, after),
    actions: [...context.actions, row].slice(-limits.roomActionsMax),
    chain: headOf(row),
  };
  if (kind === "approve" || kind === "reject") {
    taken.reports = looked(context.reports, ({ message }) => message === target);
  }
  if (kind === "approve") taken.held = context.held.filter(({ id }) => id !== target);
  return item === null ? taken : withHeld(taken, item);
}

/** Puts a message into the queue, or anew; the oldest rejected one is given up for good. */
function withHeld(context: RoomContext, item: HeldMessage): RoomContext {
  const held = [...context.held.filter(({ id }) => id !== item.id), item];
  const rejected = held.filter(({ status }) => status === "rejected");
  const after = { ...stamped(context, item.id), held };
  if (rejected.length <= limits.roomRejectedMax) return after;
  const last = rejected[0]!;
  return erased({ ...after, held: held.filter((one) => one !== last) }, { keys: [last.body.key] });
}

function stamped(context: RoomContext, stamp: Stamp): RoomContext {
  return stamp > context.stamp ? { ...context, stamp } : context;
}

function erased(context: RoomContext, erasure: Partial<Erasure>): RoomContext {
  const whole = { keys: [], messages: [], purge: null, ...erasure, seq: context.seq };
  if (whole.keys.length + whole.messages.length === 0 && whole.purge === null) return context;
  return { ...context, erasing: [...context.erasing, whole] };
}
