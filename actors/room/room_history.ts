/**
 * Pages of a conversation, from what its ops have left of it and never from what
 * was once sent: a message that is gone is its tombstone, wherever it is read.
 *
 * The newest come from the room's own op set; older ones from the ops in SQL,
 * folded onto the removals that the room knows, which SQL may not have yet.
 */
import { limits } from "../../runtime/limits.ts";
import type { Badge, BodyRef, ChatOp } from "./chat_op.ts";
import type { Stamp } from "./hybrid_clock.ts";
import { apply, EMPTY_OP_SET, type OpSet, type Slot } from "./op_set.ts";
import { reactionCounts } from "./room_update.ts";

export type HistoryItem =
  | { id: Stamp; gone: true }
  | {
    id: Stamp;
    by: string;
    badge: Badge | null;
    replyTo: Stamp | null;
    mentions: string[];
    body: BodyRef;
    edited: boolean;
    reactions: Record<string, number>;
  };

export interface HistoryPage {
  /** Oldest first. */
  items: HistoryItem[];
  /** Where to go on towards the past: before this one. Null: here is nothing older. */
  before: Stamp | null;
}

/** The newest messages before `before`; of all where that is null. */
export function pageOf(set: OpSet, before: Stamp | null, count: number): HistoryPage {
  const shown = set.slots.flatMap((slot) => itemOf(slot) ?? []);
  const older = shown.filter(({ id }) => before === null || id < before);
  const items = older.slice(-Math.min(count, limits.roomPageMax));
  return { items, before: older.length > items.length ? items[0]!.id : null };
}

/** What ops of before the room's memory have left: every op about those messages is needed. */
export function olderSet(ops: ChatOp[], { deleted, purges }: OpSet): OpSet {
  const removed: OpSet = { ...EMPTY_OP_SET, deleted, purges };
  return ops
    .filter(({ kind }) => kind !== "collect")
    .reduce((set, op) => apply(set, op, Infinity).set, removed);
}

/** Null: nothing to show, as its post has not come or a moderator looks at it. */
export function itemOf(slot: Slot): HistoryItem | null {
  if ("gone" in slot) return slot;
  const { id, posted, by, badge, replyTo, body, held } = slot;
  if (!posted || held?.value === true) return null;
  const { key, digest, mentions } = body!.value;
  const edited = body!.stamp !== id;
  const reactions = reactionCounts(slot);
  return { id, by: by!, badge, replyTo, mentions, body: { key, digest }, edited, reactions };
}
