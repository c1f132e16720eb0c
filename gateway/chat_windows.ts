/**
 * When the posts of a room are told: at once while it is quiet, else in windows.
 *
 * Ten thousand sockets and a thousand posts a second are ten million writes a
 * second one by one, and 25,000 in windows of 0.4 s. In a room that takes more
 * than a slice to be told, each of the eight samples has windows of its own,
 * which end one after another: so writes come evenly, nobody waits for ten
 * thousand others behind a window's end, and an answer for none of them. A window
 * that ends late, since the loop was busy, does not put off those after it.
 */
import { SAMPLES } from "../actors/room/pace_rules.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { OpenChannel } from "./audience.ts";

/** One bit each. */
export type SampleSet = number;

export const ALL_SAMPLES: SampleSet = (1 << SAMPLES) - 1;

interface Open {
  timer: Timer;
  /** When the timer should end, by the monotonic clock. */
  dueAt: number;
  /** Whose window ends next, where they have their own. */
  sample: number;
  /** For how much of a window nothing was to be told, in samples. */
  quiet: number;
}

export class ChatWindows {
  readonly #clock: Clock;
  readonly #ended: (channel: OpenChannel, samples: SampleSet) => void;
  /** Of rooms that have said something within the last window. */
  readonly #open = new Map<OpenChannel, Open>();

  /** `ended` is called at the end of each window of these samples, where somebody lacks something. */
  constructor(clock: Clock, ended: (channel: OpenChannel, samples: SampleSet) => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Whether a post of the room waits; one that does not opens a window. */
  holds(channel: OpenChannel): boolean {
    if (this.#open.has(channel)) return true;
    const open = { ...this.#next(channel, this.#clock.monotonic()), sample: 0, quiet: 0 };
    this.#open.set(channel, open);
    return false;
  }

  close(): void {
    for (const { timer } of this.#open.values()) timer.cancel();
    this.#open.clear();
  }

  /** @param since when the one before should have ended */
  #next(channel: OpenChannel, since: number): Pick<Open, "timer" | "dueAt"> {
    const own = isLarge(channel) ? 1 : SAMPLES;
    const ms = limits.chatWindowMs * own / SAMPLES;
    const now = this.#clock.monotonic();
    // After a long wait they do not end in a row: half a window lies between two at least.
    const dueAt = Math.max(since + ms, now + ms / 2);
    return { timer: this.#clock.after(dueAt - now, () => this.#end(channel, own)), dueAt };
  }

  /** @param own how many samples' windows end */
  #end(channel: OpenChannel, own: number): void {
    const open = this.#open.get(channel)!;
    const { backlog: { firstHeld, length } } = channel;
    const isQuiet = firstHeld === null && length === 0;
    open.quiet = isQuiet ? open.quiet + own : 0;
    if (open.quiet >= SAMPLES) return void this.#open.delete(channel);
    Object.assign(open, this.#next(channel, open.dueAt));
    const samples = own === SAMPLES ? ALL_SAMPLES : 1 << open.sample;
    open.sample = (open.sample + 1) % SAMPLES;
    if (!isQuiet) this.#ended(channel, samples);
  }
}

function isLarge({ audience }: OpenChannel): boolean {
  return audience.size > limits.fanOutSliceWrites;
}
