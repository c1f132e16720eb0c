/**
 * A room's conversation as its channel tells it, its last messages (chat_bound.ts)
 * and what was asked for of those before (chat_past.ts).
 *
 * The fold is pure. A removal wins over everything that was said before it, in
 * whatever order the two arrive: publications of a room are numbered, and what
 * has a lower number than the removal, or none, stays removed. A moderator who
 * held a message may let it in again; that is said anew, with a higher number.
 */
import type {
  ChatMessage,
  ChatRemoval,
  Publication,
  ReactionCount,
  Reactions,
  RoomSnapshot,
  RoomState,
} from "../../protocol/golazo_codec.ts";
import { bounded, without } from "./chat_bound.ts";
import { clientLimits } from "./client_limits.ts";

export interface ChatPicture {
  state: RoomState | null;
  /** Oldest first. */
  messages: readonly ChatMessage[];
  /** By message; under "" those to the room itself, of the last second. */
  reactions: ReadonlyMap<string, readonly ReactionCount[]>;
  /** How many were left out after a message; under "" before all. */
  leftOut: ReadonlyMap<string, number>;
  /** When each message was removed: the number of its removal. */
  removed: ReadonlyMap<string, number>;
  /** By user: everything up to there. */
  purged: ReadonlyMap<string, string>;
  /** Before this one what is older is asked for; null: nothing is. */
  before: string | null;
  /** Somebody reads what is old: it stays, and gaps are in the middle. */
  isPastKept: boolean;
}

export const EMPTY_CHAT: ChatPicture = {
  state: null,
  messages: [],
  reactions: new Map(),
  leftOut: new Map(),
  removed: new Map(),
  purged: new Map(),
  before: null,
  isPastKept: false,
};

/**
 * What was removed stays known: an older word of it may still come. Of the past
 * nothing stays: nobody said what was removed of it meanwhile.
 */
export function withSnapshot(picture: ChatPicture, room: RoomSnapshot): ChatPicture {
  const removed = new Map(picture.removed);
  for (const { id } of room.messages) removed.delete(id);
  const messages = room.messages.filter((message) => !isPurged(picture, message));
  const before = room.messages[0]?.id ?? null;
  const fresh = { ...EMPTY_CHAT, removed, purged: picture.purged, before };
  return withReactions({ ...fresh, state: room.state ?? null, messages }, room.reactions);
}

export function foldChat(picture: ChatPicture, publication: Publication): ChatPicture {
  const { chat, removal, more, reactions, room, offset } = publication;
  if (chat) return withMessage(picture, chat, offset);
  if (removal) return withRemoval(picture, removal, offset);
  if (more) return withLeftOut(picture, more.more);
  if (reactions) return withReactions(picture, reactions);
  return room ? { ...picture, state: room } : picture;
}

export function isRemoved(picture: ChatPicture, message: { id: string; user: string }): boolean {
  return picture.removed.has(message.id) || isPurged(picture, message);
}

function withMessage(picture: ChatPicture, message: ChatMessage, offset: number): ChatPicture {
  const removedAt = picture.removed.get(message.id);
  if (removedAt !== undefined && offset <= removedAt) return picture;
  if (isPurged(picture, message)) return picture;
  const removed = new Map(picture.removed);
  removed.delete(message.id);
  const isBefore = ({ id }: ChatMessage) => id < message.id;
  const isAfter = ({ id }: ChatMessage) => id > message.id;
  const { messages: known } = picture;
  const messages = [...known.filter(isBefore), message, ...known.filter(isAfter)];
  return bounded({ ...picture, removed, messages });
}

function withRemoval(
  picture: ChatPicture,
  { message: id, user, upTo }: ChatRemoval,
  offset: number,
): ChatPicture {
  if (id !== "") {
    const removed = new Map(picture.removed);
    removed.set(id, Math.max(offset, removed.get(id) ?? 0));
    trim(removed);
    return without({ ...picture, removed }, (one) => one.id === id);
  }
  const purged = new Map(picture.purged);
  const known = purged.get(user) ?? "";
  purged.set(user, known > upTo ? known : upTo);
  trim(purged);
  const after = { ...picture, purged };
  return without(after, (one) => isPurged(after, one));
}

function withLeftOut(picture: ChatPicture, more: number): ChatPicture {
  const { messages } = picture;
  const after = messages[messages.length - 1]?.id ?? "";
  const leftOut = new Map(picture.leftOut);
  leftOut.set(after, (leftOut.get(after) ?? 0) + more);
  return { ...picture, leftOut };
}

function withReactions(picture: ChatPicture, said: Reactions | undefined): ChatPicture {
  if (!said) return picture;
  const reactions = new Map(picture.reactions);
  for (const { message, top } of said.tallies) reactions.set(message, top);
  return bounded({ ...picture, reactions });
}

function isPurged({ purged }: ChatPicture, { id, user }: { id: string; user: string }): boolean {
  const upTo = purged.get(user);
  return upTo !== undefined && id <= upTo;
}

function trim(remembered: Map<string, unknown>): void {
  while (remembered.size > clientLimits.chatRemovalsMax) {
    remembered.delete(remembered.keys().next().value!);
  }
}
