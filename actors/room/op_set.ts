/**
 * A conversation as the set of its ops: the same ops give the same state, in
 * whichever order and however often they come.
 *
 * - A message is a slot that any op about it opens. The newest slots are kept,
 *   gone ones included, and `floor` is the newest that left: nothing at or below
 *   it opens a slot again. So what is kept follows from the names seen alone.
 * - Removed always wins: a slot that is gone stays gone, whatever comes later or
 *   is found to have come earlier. It keeps its name and nothing else.
 * - Body, hold and pin are the word with the highest stamp, a user's reaction too.
 * - `horizon` is where tombstones end. What is spoken of is older than who speaks
 *   (chat_op.ts), so every op about something at or below it changes nothing,
 *   everywhere.
 *
 * The state is JSON and no part of it is ever changed in place.
 */
import { limits } from "../../runtime/limits.ts";
import { canonicalJson } from "../moderation/canonical_json.ts";
import { type Badge, type BodyRef, type ChatOp, isCausal, targetOf } from "./chat_op.ts";
import { NO_STAMP, type Stamp } from "./hybrid_clock.ts";
import { ownValue } from "./own_value.ts";

/** The last word on something, and when it was said. */
export interface Word<T> {
  stamp: Stamp;
  value: T;
}

export interface Message {
  id: Stamp;
  /** Before its post has come there is nothing to show. */
  posted: boolean;
  /** Edits are their author's too; null: neither has come. */
  by: string | null;
  badge: Badge | null;
  replyTo: Stamp | null;
  /** Said by the post or by an edit. */
  body: Word<BodyRef & { mentions: string[] }> | null;
  held: Word<boolean> | null;
  /** By user; null: taken back. */
  reactions: Record<string, Word<string | null>>;
}

export interface Gone {
  id: Stamp;
  gone: true;
}

export type Slot = Message | Gone;

export interface OpSet {
  /** By name, ascending. */
  slots: Slot[];
  /** The newest that is not kept any more. */
  floor: Stamp;
  /** Tombstones above it are kept. */
  horizon: Stamp;
  /** Messages that were deleted, also those below the floor. Ascending. */
  deleted: Stamp[];
  /** Up to where each user was purged. */
  purges: Record<string, Stamp>;
  pins: Record<Stamp, Word<boolean> & { author: string }>;
}

export interface Applied {
  set: OpSet;
  /** Keys of bodies that nothing in the conversation shows any more. */
  dropped: string[];
}

export const EMPTY_OP_SET: OpSet = {
  slots: [],
  floor: NO_STAMP,
  horizon: NO_STAMP,
  deleted: [],
  purges: {},
  pins: {},
};

export function apply(set: OpSet, op: ChatOp, slotsMax: number = limits.roomMessagesMax): Applied {
  if (!isCausal(op)) return { set, dropped: bodyKeys(op) };
  if (op.kind === "collect") return collect(set, op.upTo);
  if (op.kind === "purgeUser") return purge(set, op.user, op.upTo);
  const target = targetOf(op)!;
  if (target <= set.horizon) return { set, dropped: bodyKeys(op) };
  const noted = note(set, op, target);
  if (target <= set.floor) return { set: noted, dropped: bodyKeys(op) };
  const at = placeOf(noted.slots, target);
  const found = noted.slots[at];
  const before = found?.id === target ? found : emptyMessage(target);
  const after = settled(noted, changed(before, op), op);
  const kept = found === undefined && noted.slots.length === slotsMax
    ? shifted(noted, after)
    : trim({ ...noted, slots: placed(noted.slots, at, found === before ? 1 : 0, after) }, slotsMax);
  return { set: kept, dropped: droppedKeys(before, after, op) };
}

/** What an op says that outlives the window. */
function note(set: OpSet, op: ChatOp, target: Stamp): OpSet {
  if (op.kind === "delete") {
    if (isDeleted(set, target)) return set;
    const at = placeIn(set.deleted.length, (index) => set.deleted[index]!, target);
    return { ...set, deleted: set.deleted.toSpliced(at, 0, target) };
  }
  if (op.kind === "pin" || op.kind === "unpin") {
    const word = later(ownValue(set.pins, target) ?? null, op.stamp, op.kind === "pin");
    return { ...set, pins: { ...set.pins, [target]: { ...word, author: op.author } } };
  }
  return set;
}

function changed(slot: Slot, op: ChatOp): Slot {
  if ("gone" in slot) return slot;
  switch (op.kind) {
    case "post": {
      const { by, badge, replyTo, body, mentions, stamp } = op;
      const word = later(slot.body, stamp, { ...body, mentions });
      return { ...slot, posted: true, by, badge, replyTo, body: word };
    }
    case "edit": {
      const word = later(slot.body, op.stamp, { ...op.body, mentions: op.mentions });
      return { ...slot, by: op.by, body: word };
    }
    case "hold":
    case "release":
      return { ...slot, held: later(slot.held, op.stamp, op.kind === "hold") };
    case "react": {
      const word = later(ownValue(slot.reactions, op.by) ?? null, op.stamp, op.reaction);
      return { ...slot, reactions: { ...slot.reactions, [op.by]: word } };
    }
    default:
      return slot;
  }
}

/** The slot as the removals leave it. */
function settled(set: OpSet, slot: Slot, op: ChatOp): Slot {
  if ("gone" in slot) return slot;
  const isPurged = slot.by !== null && slot.id <= purgedTo(set, slot.by);
  if (isPurged || isDeleted(set, slot.id)) return { id: slot.id, gone: true };
  return op.kind === "react" ? withoutPurged(slot, op.by, purgedTo(set, op.by)) : slot;
}

function purge(set: OpSet, user: string, upTo: Stamp): Applied {
  if (upTo <= set.horizon || upTo <= purgedTo(set, user)) return { set, dropped: [] };
  const dropped: string[] = [];
  const slots = set.slots.map((slot): Slot => {
    if ("gone" in slot) return slot;
    if (slot.by !== user || slot.id > upTo) return withoutPurged(slot, user, upTo);
    if (slot.body !== null) dropped.push(slot.body.value.key);
    return { id: slot.id, gone: true };
  });
  return { set: { ...set, slots, purges: { ...set.purges, [user]: upTo } }, dropped };
}

/** The message without what the user thought of it up to then. */
function withoutPurged(message: Message, user: string, upTo: Stamp): Message {
  const word = ownValue(message.reactions, user);
  if (word === undefined || word.stamp > upTo) return message;
  const { [user]: _purged, ...reactions } = message.reactions;
  return { ...message, reactions };
}

function collect(set: OpSet, upTo: Stamp): Applied {
  if (upTo <= set.horizon) return { set, dropped: [] };
  const isKept = (id: Stamp) => id > upTo;
  const kept = <T>(all: Record<string, T>, keep: (name: string, one: T) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name, one]) => keep(name, one)));
  return {
    set: {
      slots: set.slots.filter(({ id }) => isKept(id)),
      floor: set.floor > upTo ? set.floor : upTo,
      horizon: upTo,
      deleted: set.deleted.filter(isKept),
      purges: kept(set.purges, (_user, purged) => isKept(purged)),
      pins: kept(set.pins, isKept),
    },
    // Who leaves with the window keeps its body in the history.
    dropped: [],
  };
}

function placed(slots: Slot[], at: number, replaced: 0 | 1, slot: Slot): Slot[] {
  const copy = [...slots];
  copy.splice(at, replaced, slot);
  return copy;
}

/** The newest comes and the oldest goes, as with nearly every post: 1 us; `copyWithin` takes 60. */
function shifted(set: OpSet, newest: Slot): OpSet {
  const slots = set.slots.slice();
  for (let at = 1; at < slots.length; at++) slots[at - 1] = slots[at]!;
  slots[slots.length - 1] = newest;
  return { ...set, floor: set.slots[0]!.id, slots };
}

function trim(set: OpSet, slotsMax: number): OpSet {
  const excess = set.slots.length - slotsMax;
  if (excess <= 0) return set;
  return { ...set, floor: set.slots[excess - 1]!.id, slots: set.slots.slice(excess) };
}

function later<W extends Word<unknown>>(known: W | null, stamp: Stamp, value: W["value"]): W {
  return known !== null && known.stamp >= stamp ? known : { stamp, value } as W;
}

function droppedKeys(before: Slot, after: Slot, op: ChatOp): string[] {
  const had = "gone" in before || before.body === null ? [] : [before.body.value.key];
  const has = "gone" in after ? undefined : after.body?.value.key;
  return [...new Set([...had, ...bodyKeys(op)])].filter((key) => key !== has);
}

function bodyKeys(op: ChatOp): string[] {
  return "body" in op ? [op.body.key] : [];
}

function emptyMessage(id: Stamp): Message {
  return {
    id,
    posted: false,
    by: null,
    badge: null,
    replyTo: null,
    body: null,
    held: null,
    reactions: {},
  };
}

/** Where a slot of that name is, or would be. */
function placeOf(slots: Slot[], id: Stamp): number {
  return placeIn(slots.length, (index) => slots[index]!.id, id);
}

function placeIn(count: number, nameAt: (index: number) => Stamp, name: Stamp): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nameAt(middle) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isDeleted({ deleted }: OpSet, id: Stamp): boolean {
  return deleted[placeIn(deleted.length, (index) => deleted[index]!, id)] === id;
}

/** The slot of that name; undefined where none is kept. */
export function slotOf(set: OpSet, id: Stamp): Slot | undefined {
  const slot = set.slots[placeOf(set.slots, id)];
  return slot?.id === id ? slot : undefined;
}

/** Up to where the user was purged. */
export function purgedTo({ purges }: OpSet, user: string): Stamp {
  return ownValue(purges, user) ?? NO_STAMP;
}

/** The message as fans see it; null where they see none. */
export function visible(set: OpSet, id: Stamp): Message | null {
  const slot = slotOf(set, id);
  if (slot === undefined || "gone" in slot) return null;
  return slot.posted && slot.held?.value !== true ? slot : null;
}

/** What stays on top, in the order in which it was pinned. */
export function pinned(set: OpSet): Stamp[] {
  return Object.entries(set.pins)
    .filter(([id, { value, author }]) => {
      return value && !isDeleted(set, id) && id > purgedTo(set, author);
    })
    .sort(([, a], [, b]) => a.stamp < b.stamp ? -1 : 1)
    .map(([id]) => id);
}

/** Two replicas that have seen the same ops have the same. */
export function canonicalBytes(set: OpSet): Uint8Array {
  return new TextEncoder().encode(canonicalJson(set));
}
