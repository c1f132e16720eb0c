/**
 * How far a socket's reader may be behind before it gets no more posts.
 *
 * What was given to the system is out of our hands: half a megabyte of buffers
 * between us and a phone at 2 KB/s hold four minutes of chat, and what is
 * removed meanwhile would be shown all the same. So the reader is asked by a
 * ping how far it is, and posts are sent as far ahead as it reads in half a
 * second. Goals and removals do not wait for that.
 */
import { limits } from "../../runtime/limits.ts";

export class ReadAhead {
  #readTo = 0;
  #bytesMax: number = limits.chatAheadBytes;
  /** Where the ping stands that was not answered; -1: none. */
  #askedTo = -1;
  #askedAt = 0;

  /** @param sent bytes since the socket was opened; so are all below */
  isOpen(sent: number): boolean {
    return sent - this.#readTo <= this.#bytesMax;
  }

  isToBeAsked(sent: number): boolean {
    return this.#askedTo === -1 && sent - this.#readTo > this.#bytesMax / 2;
  }

  asked(sent: number, now: number): void {
    this.#askedTo = sent;
    this.#askedAt = now;
  }

  answered(now: number): void {
    if (this.#askedTo === -1) return;
    this.#readTo = this.#askedTo;
    this.#askedTo = -1;
    this.#bytesMax = now - this.#askedAt < limits.chatAheadMs
      ? Math.min(this.#bytesMax * 2, limits.chatAheadBytesMax)
      : Math.max(this.#bytesMax / 2, limits.chatAheadBytesMin);
  }
}
