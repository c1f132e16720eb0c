/**
 * So much of something to each of many: an address, a subject.
 *
 * Memory is bounded whatever is sent: past the number kept, the bucket that was
 * not asked for the longest is forgotten, which is the one most filled again.
 */
import type { Clock } from "../../runtime/clock.ts";
import { type Rate, TokenBucket } from "../token_bucket.ts";

export class RateLimit {
  readonly #rate: Rate;
  readonly #keptMax: number;
  readonly #clock: Clock;
  /** The one not asked for the longest comes first. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, keptMax: number, clock: Clock) {
    this.#rate = rate;
    this.#keptMax = keptMax;
    this.#clock = clock;
  }

  get kept(): number {
    return this.#buckets.size;
  }

  /** Takes one of `key`'s. @returns 0, or in how many milliseconds there is one again. */
  take(key: string): number {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate, this.#clock);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#keptMax) this.#forgetOldest();
    const tokens = bucket.tokens();
    if (tokens < 1) return Math.ceil((1 - tokens) / this.#rate.perSecond * 1000);
    bucket.take();
    return 0;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) return void this.#buckets.delete(key);
  }
}
