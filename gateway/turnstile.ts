/**
 * Lets a crowd through in groups.
 *
 * What every post costs (a question to a store, a question to the room's owner,
 * an answer from each) is mostly the cost of a message on its way, and those who
 * go on in one turn share it all the way. So where many come those of a moment
 * go on together; where few come nobody waits.
 */
import type { Clock } from "../runtime/clock.ts";

export interface TurnstileOptions {
  clock: Clock;
  /** Nobody waits longer. */
  groupMs: number;
  /** Who came with fewer within such a time is no crowd. */
  crowd: number;
}

export class Turnstile {
  readonly #options: TurnstileOptions;
  #waiting: (() => void)[] = [];
  /** Number of the moment that is counted. */
  #moment = 0;
  #count = 0;
  #isCrowded = false;

  constructor(options: TurnstileOptions) {
    this.#options = options;
  }

  /** Null: nobody is to be waited for. Whoever waits goes on in the order of the calls. */
  pass(): Promise<void> | null {
    const { clock, groupMs, crowd } = this.#options;
    const now = clock.monotonic();
    const moment = Math.floor(now / groupMs);
    if (moment !== this.#moment) {
      this.#isCrowded = moment === this.#moment + 1 && this.#count >= crowd;
      this.#moment = moment;
      this.#count = 0;
    }
    this.#count += 1;
    if (!this.#isCrowded && this.#waiting.length === 0) return null;
    if (this.#waiting.length === 0) {
      clock.after((moment + 1) * groupMs - now, () => this.#open());
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #open(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const goOn of waiting) goOn();
  }
}
