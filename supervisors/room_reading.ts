/**
 * What is read of a room: pages of its conversation, the whole of it, what waits
 * for moderators. From what its ops have left, with the texts that are still
 * there; what is older than the room's memory comes from SQL, and what SQL does
 * not have yet from those who wait to write it.
 */
import type {
  RemovedMessage,
  RoomMessage,
  RoomOrder,
  RoomPage,
  RoomPulse,
  RoomQueue,
  RoomWhole,
} from "../actors/ports/rooms.ts";
import type { BodyRef, ChatOp } from "../actors/room/chat_op.ts";
import { targetOf } from "../actors/room/chat_op.ts";
import { msOf, NO_STAMP, type Stamp } from "../actors/room/hybrid_clock.ts";
import { slotOf } from "../actors/room/op_set.ts";
import type { RoomContext } from "../actors/room/room_context.ts";
import { faceOf } from "../actors/room/room_face.ts";
import { type HistoryItem, itemOf, olderSet, pageOf } from "../actors/room/room_history.ts";
import type { PostBody, RoomPosts } from "../actors/room/room_posts.ts";
import { opsOf } from "../db/sql/chat_row.ts";
import type { ChatStore } from "../db/sql/chat_store.ts";
import type { RoomHistory } from "../db/sql/room_history.ts";
import { limits } from "../runtime/limits.ts";

export interface RoomView {
  context: RoomContext;
  posts: RoomPosts;
  store: ChatStore;
  history: RoomHistory;
}

export async function pageOfRoom(
  view: RoomView,
  { before, limit }: { before: Stamp | null; limit: number },
): Promise<RoomPage> {
  const { set } = view.context;
  const count = Math.min(limit, limits.roomPageMax);
  const recent = pageOf(set, before, count);
  const missing = count - recent.items.length;
  if (recent.before !== null || set.floor === NO_STAMP) {
    return { messages: await withTexts(view, recent.items), before: recent.before };
  }
  if (missing === 0) {
    return { messages: await withTexts(view, recent.items), before: recent.items[0]!.id };
  }
  // "!" stands before all that a stamp is made of: up to the floor and with it.
  const end = before === null || before > set.floor ? `${set.floor}!` : before;
  const ids = await olderIds(view, end, missing + 1);
  const older = await olderItems(view, ids.slice(0, missing));
  return {
    messages: await withTexts(view, [...older, ...recent.items]),
    before: ids.length > missing ? ids[missing - 1]! : null,
  };
}

export async function wholeOf(view: RoomView, offset: number): Promise<RoomWhole> {
  const { items } = pageOf(view.context.set, null, limits.roomShownMax);
  const messages = (await withTexts(view, items)).filter((one) => !("gone" in one));
  return { face: faceOf(view.context), messages: messages as RoomMessage[], offset };
}

/** As they are now, in the order of the ids; null: nothing of it may be said any more. */
export async function messagesOf(view: RoomView, ids: Stamp[]): Promise<(RoomMessage | null)[]> {
  const { set } = view.context;
  const old = ids.filter((id) => id <= set.floor);
  const items = [
    ...ids.flatMap((id) => {
      const slot = slotOf(set, id);
      return slot === undefined ? [] : itemOf(slot) ?? [];
    }),
    ...old.length === 0 ? [] : await olderItems(view, old),
  ];
  const messages = new Map((await withTexts(view, items)).map((one) => [one.id, one]));
  return ids.map((id) => {
    const message = messages.get(id);
    return message === undefined || "gone" in message ? null : message;
  });
}

export async function queueOf(view: RoomView): Promise<RoomQueue> {
  const { held, reports, set } = view.context;
  const reported = reports.map(({ message }) => {
    const slot = slotOf(set, message);
    return slot === undefined || "gone" in slot ? null : slot.body?.value ?? null;
  });
  const refs = [...held.map(({ body }) => body), ...reported.filter((ref) => ref !== null)];
  const texts = await textsOf(view.posts, refs);
  const textOf = (ref: BodyRef | null) => ref === null ? null : texts.get(ref.key)?.text ?? null;
  return {
    held: held.map(({ id, by: user, body, wasPublished, status, rule }) => ({
      ...{ id, user, text: textOf(body), at: msOf(id), wasPublished, status, rule },
    })),
    reported: reports.map(({ message, author: user, why, reporters, firstAt }, at) => ({
      ...{ message, user, text: textOf(reported[at]!), why, reporters: reporters.length, firstAt },
    })),
  };
}

export function pulseOf(context: RoomContext, now: number): RoomPulse {
  const { roomId: id, set: { slots }, held, reports } = context;
  const { title, state } = faceOf(context);
  const said = slots.map((slot) => msOf(slot.id)).filter((at) => at > now - 60_000);
  // A room that has forgotten some of the last minute's is judged by those it knows.
  const seconds = said.length < limits.roomMessagesMax ? 60 : (now - said[0]!) / 1_000;
  return {
    ...{ id, title, state },
    postsPerMinute: Math.round(said.length * 60 / Math.max(1, seconds)),
    held: held.filter(({ status }) => status === "waiting").length,
    reported: reports.length,
  };
}

export function orderOf({ context }: Pick<RoomView, "context">): RoomOrder {
  const { room, standings } = context;
  return { state: faceOf(context).state, room: room!, standings };
}

async function olderIds(
  { context: { roomId }, store, history }: RoomView,
  end: Stamp,
  count: number,
): Promise<Stamp[]> {
  const waiting = waitingOps(history, roomId)
    .flatMap((op) => op.kind === "post" && op.stamp < end ? [op.stamp] : []);
  const recorded = await store.messagesBefore(roomId, end, count);
  return [...new Set([...recorded, ...waiting])].sort().reverse().slice(0, count);
}

/** Oldest first. */
async function olderItems(
  { context: { roomId, set }, store, history }: RoomView,
  ids: Stamp[],
): Promise<HistoryItem[]> {
  const isMeant = (op: ChatOp) => op.kind === "purgeUser" || ids.includes(targetOf(op) ?? "");
  // Asked first: what is written meanwhile is in both, never in neither.
  const waiting = waitingOps(history, roomId).filter(isMeant);
  const ops = [...await store.opsAbout(roomId, ids), ...waiting];
  return olderSet(ops, set).slots.filter(({ id }) => ids.includes(id))
    .flatMap((slot) => itemOf(slot) ?? []);
}

function waitingOps(history: RoomHistory, roomId: string): ChatOp[] {
  return history.unconfirmed(roomId).flatMap(({ body }) => opsOf(body));
}

async function withTexts(
  { posts }: RoomView,
  items: HistoryItem[],
): Promise<(RoomMessage | RemovedMessage)[]> {
  const refs = items.flatMap((item) => "gone" in item ? [] : [item.body]);
  const texts = await textsOf(posts, refs);
  return items.map((item) => {
    const body = "gone" in item ? undefined : texts.get(item.body.key);
    if ("gone" in item || body === undefined) return { id: item.id, gone: true };
    const { id, by: user, replyTo, mentions, badge, edited, reactions } = item;
    const { text, sticker, clientId } = body;
    return {
      ...{ id, user, text, at: msOf(id), clientId, replyTo, sticker },
      ...{ mentions, badge, edited, reactions },
    };
  });
}

/** By key. */
async function textsOf(posts: RoomPosts, refs: BodyRef[]): Promise<Map<string, PostBody>> {
  const texts = new Map<string, PostBody>();
  const elsewhere: BodyRef[] = [];
  for (const ref of refs) {
    const body = posts.bodyOf(ref);
    if (body === null) elsewhere.push(ref);
    else texts.set(ref.key, body);
  }
  const read = elsewhere.length === 0 ? [] : await posts.read(elsewhere);
  for (const [at, { key }] of elsewhere.entries()) {
    if (read[at] !== null) texts.set(key, read[at]!);
  }
  return texts;
}
