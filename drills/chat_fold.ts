/**
 * What one client holds of a room, by the contract's own words and nothing else:
 * the same message again replaces it, what was removed stays removed whatever
 * comes later.
 *
 * Shares no line with the server's or the SDK's chat, so it finds what they have
 * wrong together. Of what was left out on purpose it keeps the number.
 */
import type { ChatMessage, Publication, RoomSnapshot } from "../protocol/golazo_codec.ts";

export class ChatFold {
  readonly held = new Map<string, ChatMessage>();
  /** Ids of all that were ever held. */
  readonly seen = new Set<string>();
  /** Sum of all `more`. */
  leftOut = 0;
  removals = 0;
  readonly #removed = new Set<string>();
  /** By user, up to which message all of theirs are gone. */
  readonly #purged = new Map<string, string>();

  /** Begins anew with the room as it is; what was removed is not forgotten. */
  begin({ messages }: RoomSnapshot): void {
    this.held.clear();
    for (const message of messages) this.#take(message);
  }

  hear({ chat, removal, more }: Publication): void {
    if (chat) this.#take(chat);
    if (more) this.leftOut += more.more;
    if (!removal) return;
    this.removals += 1;
    const { message, user, upTo } = removal;
    if (message !== "") this.#removed.add(message);
    else this.#purged.set(user, [this.#purged.get(user) ?? "", upTo].toSorted().at(-1)!);
    for (const held of this.held.values()) if (this.#isGone(held)) this.held.delete(held.id);
  }

  /** Ids of held messages that say this. */
  saying(word: string): string[] {
    return [...this.held.values()].filter(({ text }) => text.includes(word)).map(({ id }) => id);
  }

  #take(message: ChatMessage): void {
    if (this.#isGone(message)) return;
    this.seen.add(message.id);
    this.held.set(message.id, message);
  }

  #isGone({ id, user }: ChatMessage): boolean {
    return this.#removed.has(id) || id <= (this.#purged.get(user) ?? "");
  }
}

/** A message's own words, alike from a frame and from a history page. */
export function messageBytes(
  message:
    & {
      [name in "id" | "user" | "text" | "at" | "clientId" | "edited"]: unknown;
    }
    & { replyTo: string | null; sticker: string | null; mentions: string[]; badge: string | null },
) {
  const { id, user, text, at, clientId, edited, replyTo, sticker, mentions, badge } = message;
  const rest = [replyTo || null, sticker || null, mentions, badge === "noBadge" ? null : badge];
  return JSON.stringify([id, user, text, Number(at), clientId, edited, ...rest]);
}
