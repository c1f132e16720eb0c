/**
 * A room in protocol's words: domain → bytes, once.
 *
 * The same change has two encodings: with the text, for whoever listens now, and
 * without, for the channel's history. So nothing that is kept holds what
 * somebody wrote; on reading, the text is asked for where it can be removed
 * (room_fill.ts). What is not for everybody (mentions, standings, the
 * moderators' queue) says nothing here: it goes to whom it concerns.
 */
import type { RoomMessage, RoomWhole } from "../actors/ports/rooms.ts";
import type { BodyRef } from "../actors/room/chat_op.ts";
import { msOf } from "../actors/room/hybrid_clock.ts";
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import type { RoomFace } from "../actors/room/room_face.ts";
import type { PostBody } from "../actors/room/room_posts.ts";
import type { RoomUpdate, SaidUpdate } from "../actors/room/room_update.ts";
import {
  type ChatMessageInit,
  encodePublication,
  encodeSubscribed,
  type PublicationInit,
  type RoomStateInit,
} from "../protocol/golazo_codec.ts";
import { limits } from "../runtime/limits.ts";
import type { Encoded } from "./channel_publisher.ts";
import { postKey, removalKey } from "./chat_key.ts";
import type { Lane } from "./publication.ts";

/** What is there of a body now; null: it was removed, or is not to be said. */
export type BodyOf = (body: BodyRef) => PostBody | null;

/** One durable change; of a message whose body is gone only its place is left. */
export function encodeRoomUpdate(
  update: RoomUpdate,
  offset: number | null,
  bodyOf: BodyOf,
): Encoded {
  const { lane, key, body } = publicationOf(update, bodyOf);
  return { lane, key, body: encodePublication({ ...body, ...offset === null ? {} : { offset } }) };
}

/** A message of the history as it is now; null: it is gone, its place stays. */
export function encodeMessageAt(offset: number, message: RoomMessage | null): Uint8Array {
  return encodePublication({ offset, ...message === null ? {} : { chat: chatOf(message) } });
}

/** The whole room as the snapshot member of `Subscribed`. */
export function encodeRoomSnapshot({ face, messages }: RoomWhole): Uint8Array {
  const tallies = messages.flatMap(({ id, reactions }) => {
    const top = topOf(reactions).map(inFans);
    return top.length === 0 ? [] : [{ message: id, top }];
  });
  const room = { state: stateOf(face), messages: messages.map(chatOf), reactions: { tallies } };
  return encodeSubscribed({ room });
}

export interface MessageTally {
  /** Empty: the room itself. */
  message: string;
  top: ReactionCount[];
}

export function encodeReactions(tallies: MessageTally[]): Encoded {
  const inWords = tallies.map(({ message, top }) => ({ message, top: top.map(inFans) }));
  const body = encodePublication({ reactions: { tallies: inWords } });
  return { lane: "stats", key: "reactions", body };
}

/** The most given reactions of a message. */
export function topOf(counts: Record<string, number>): ReactionCount[] {
  return Object.entries(counts).slice(0, limits.roomReactionsTop)
    .map(([reaction, count]) => ({ reaction, count }));
}

export function chatOf(message: RoomMessage): ChatMessageInit {
  const { id, user, text, at, clientId, replyTo, sticker, mentions, badge, edited } = message;
  return {
    ...{ id, user, text, at, clientId, mentions, edited },
    replyTo: replyTo ?? "",
    sticker: sticker ?? "",
    badge: badge ?? "noBadge",
  };
}

function publicationOf(
  update: RoomUpdate,
  bodyOf: BodyOf,
): { lane: Lane; key: string; body: PublicationInit } {
  switch (update.kind) {
    case "posted":
    case "edited": {
      const lane = update.badge === null ? "chat" : "event";
      const key = postKey(update.id, update.by);
      const said = bodyOf(update.body);
      return { lane, key, body: said === null ? {} : { chat: saidOf(update, said) } };
    }
    case "removed": {
      const { id: message } = update;
      return { lane: "moderation", key: removalKey({ message }), body: { removal: { message } } };
    }
    case "purged": {
      const { user, upTo } = update;
      const key = removalKey({ user, upTo });
      return { lane: "moderation", key, body: { removal: { user, upTo } } };
    }
    case "pinned":
    case "mode":
      return { lane: "event", key: "", body: { room: stateOf(update.face) } };
    // Its place in the order, and nothing of what it says.
    case "standing":
      return { lane: "moderation", key: "", body: {} };
    case "mentioned":
    case "noticed":
    case "queue":
    case "reactions":
      return { lane: "stats", key: update.kind, body: {} };
  }
}

function saidOf(update: SaidUpdate, { text, sticker, clientId }: PostBody): ChatMessageInit {
  const { kind, id, by: user, badge, replyTo, mentions } = update;
  const edited = kind === "edited";
  const at = msOf(id);
  const { size } = new Set(mentions);
  const called = size === mentions.length ? mentions : [...new Set(mentions)];
  return chatOf({
    ...{ id, user, text, at, clientId, replyTo, sticker, badge, edited },
    ...{ mentions: called, reactions: {} },
  });
}

function stateOf({ state, slowMs, pinned, title }: RoomFace): RoomStateInit {
  return { mode: state, slowMs, pinned, name: title };
}

function inFans({ reaction, count }: ReactionCount): { reaction: string; fans: number } {
  return { reaction, fans: count };
}
