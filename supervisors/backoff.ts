/**
 * How long to wait before a child is started again: 200 ms, doubling up to 30 s
 * (or what else is the most), each ± 20 % so that children felled by one cause do
 * not return in step.
 *
 * A quiet window after the last return starts the series anew. It is counted
 * from the end of the last delay: a child that waits 30 s for its restart has
 * not been quiet for 30 s.
 */
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { jitter, type Random } from "../runtime/random.ts";

export class Backoff {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #quietMs: number;
  readonly #delayMsMax: number;
  #attempt = 0;
  #returnedAt = Number.NEGATIVE_INFINITY;

  constructor(
    clock: Clock,
    random: Random,
    quietMs: number,
    delayMsMax: number = limits.restartDelayMsMax,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#quietMs = quietMs;
    this.#delayMsMax = delayMsMax;
  }

  /** The delay before the next start, and its place in the present series, from 1. */
  next(): { delayMs: number; attempt: number } {
    const now = this.#clock.monotonic();
    if (now - this.#returnedAt > this.#quietMs) this.#attempt = 0;
    const steady = Math.min(limits.restartDelayMsMin * 2 ** this.#attempt, this.#delayMsMax);
    const delayMs = jitter(this.#random, steady);
    this.#attempt += 1;
    this.#returnedAt = now + delayMs;
    return { delayMs, attempt: this.#attempt };
  }

  reset(): void {
    this.#attempt = 0;
  }
}
