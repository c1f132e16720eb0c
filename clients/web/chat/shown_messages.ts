/**
 * What stands in the list: the room's messages and the fan's own that the room
 * does not say, in one order.
 *
 * A fast room is sampled, so an own message may never come back: once the server
 * has it, it stands where its id says. What waits, is held or was refused stands
 * at the end, where its author looks. A new text of an own message is shown in
 * the place of the old one until the room says it, or refuses it.
 */
import type { ChatMessage } from "../../../protocol/golazo_codec.ts";
import { type ChatPicture, isRemoved } from "../../sdk/chat_picture.ts";
import type { OwnMessage } from "../../sdk/chat_outbox.ts";

export interface ShownMessage {
  /** Stays the same while a message goes out and comes back. */
  key: string;
  message: ChatMessage;
  isOwn: boolean;
  /** Null: the room says it. */
  own: OwnMessage | null;
  /** So many were left out after it. */
  leftOut: number;
}

export function shownMessages(
  picture: ChatPicture,
  own: readonly OwnMessage[],
  leaving: ReadonlySet<string>,
  user: string,
): ShownMessage[] {
  const edits = new Map(own.filter(({ edits }) => edits !== "").map((one) => [one.edits, one]));
  const shown = picture.messages.filter(({ id }) => !leaving.has(id)).map((message) => {
    const isOwn = user !== "" && message.user === user;
    const edit = edits.get(message.id) ?? null;
    const isNew = edit !== null && edit.status !== "refused" && edit.status !== "rejected";
    return {
      key: isOwn && message.clientId !== "" ? message.clientId : message.id,
      message: isNew ? { ...message, text: edit.text, edited: true } : message,
      isOwn,
      own: edit,
      leftOut: picture.leftOut.get(message.id) ?? 0,
    };
  });
  const known = new Set(picture.messages.map(({ id }) => id));
  for (const one of own) {
    const { made: id, clientId, text, sticker, replyTo, at, edits } = one;
    const isSaid = edits !== "" || (id !== "" && known.has(id));
    if (isSaid || (id !== "" && one.status === "sent" && isGone(picture, id, user))) continue;
    const message: ChatMessage = {
      ...{ id, user, text, at, clientId, replyTo, sticker, mentions: [] },
      ...{ badge: "noBadge", edited: false },
    };
    const entry = { key: clientId, message, isOwn: true, own: one, leftOut: 0 };
    const isPlaced = one.status === "sent" && id !== "";
    const next = isPlaced ? shown.findIndex(({ message }) => message.id > id) : -1;
    shown.splice(next < 0 ? shown.length : next, 0, entry);
  }
  return shown;
}

/**
 * When the fan last wrote something new here; 0: never. What the room does not say
 * yet has this device's time, which the server's is `ahead` of.
 */
export function lastSaidAt(shown: readonly ShownMessage[], ahead: number): number {
  const times = shown.filter(({ isOwn }) => isOwn).map(({ message: { at }, own }) => {
    if (own === null || own.edits !== "") return at;
    return own.status === "sent" || own.status === "held" ? at + ahead : 0;
  });
  return Math.max(0, ...times);
}

function isGone(picture: ChatPicture, id: string, user: string): boolean {
  return isRemoved(picture, { id, user });
}
