/**
 * When the posts of a room are told: at once while it is quiet, else in windows.
 *
 * Ten thousand sockets and a thousand posts a second are ten million writes a
 * second one by one, and 25,000 in windows of 0.4 s.
 */
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { OpenChannel } from "./audience.ts";

export class ChatWindows {
  readonly #clock: Clock;
  readonly #ended: (channel: OpenChannel) => void;
  /** Of rooms that have said something within the last window. */
  readonly #open = new Map<OpenChannel, Timer>();

  /** `ended` is called at the end of each window in which something was held. */
  constructor(clock: Clock, ended: (channel: OpenChannel) => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Whether a post of the room waits; one that does not opens a window. */
  holds(channel: OpenChannel): boolean {
    if (this.#open.has(channel)) return true;
    this.#begin(channel);
    return false;
  }

  close(): void {
    for (const timer of this.#open.values()) timer.cancel();
    this.#open.clear();
  }

  #begin(channel: OpenChannel): void {
    this.#open.set(channel, this.#clock.after(limits.chatWindowMs, () => this.#end(channel)));
  }

  #end(channel: OpenChannel): void {
    this.#open.delete(channel);
    if (channel.backlog.firstHeld === null) return;
    this.#begin(channel);
    this.#ended(channel);
  }
}
