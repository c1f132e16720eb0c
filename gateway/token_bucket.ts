/**
 * So many at once, then so many a second.
 *
 * Filled by the clock when it is looked at, so an idle one costs nothing.
 */
import type { Clock } from "../runtime/clock.ts";

export interface Rate {
  perSecond: number;
  burst: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#filledAt = clock.monotonic();
  }

  /** How many may be taken now; whole ones only count. */
  tokens(): number {
    const now = this.#clock.monotonic();
    const gained = (now - this.#filledAt) / 1000 * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = now;
    return this.#tokens;
  }

  /** Ask before. */
  take(): void {
    this.#tokens -= 1;
  }
}
