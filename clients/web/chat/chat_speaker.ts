/**
 * What a screen reader is told of a chat: never more than it can say.
 *
 * A sentence every six seconds at most. One message is read whole, more are
 * counted; while the match itself has something to say the chat is silent, and
 * what came meanwhile is counted after it.
 */
import type { ChatMessage } from "../../../protocol/golazo_codec.ts";
import { countText, fanName } from "../market_words.ts";
import { saidText } from "./chat_words.ts";

const SPEAK_EVERY_MS = 6_000;
/** A goal, its scorer and its review take this long to be said. */
const MATCH_SPEAKS_MS = 12_000;

export class ChatSpeaker {
  #last: ChatMessage | null = null;
  /** What the page's announcer still holds. */
  #said: ChatMessage | null = null;
  #count = 0;
  #silentUntil = 0;

  heard(message: ChatMessage): void {
    this.#last = message;
    this.#count += 1;
  }

  /** What was removed is not read any more; true where it just was, and has to be unsaid. */
  forget(isRemoved: (message: ChatMessage) => boolean): boolean {
    if (this.#last && isRemoved(this.#last)) this.#last = null;
    if (!this.#said || !isRemoved(this.#said)) return false;
    this.#said = null;
    return true;
  }

  matchSpoke(now: number): void {
    this.#silentUntil = Math.max(this.#silentUntil, now + MATCH_SPEAKS_MS);
  }

  /** The sentence that is due, or nothing. */
  due(now: number): string {
    if (this.#count === 0 || now < this.#silentUntil) return "";
    const [last, count] = [this.#last, this.#count];
    this.#last = null;
    this.#count = 0;
    if (count === 1 && last === null) return "";
    this.#silentUntil = now + SPEAK_EVERY_MS;
    this.#said = count === 1 ? last : null;
    return count === 1 && last
      ? `${fanName(last.user)}: ${saidText(last)}`
      : `${countText(count)} new messages in the chat`;
  }
}
