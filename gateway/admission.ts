/**
 * Who may come in while everybody wants to.
 *
 * Two bounds hold a reconnect storm to what one process can serve: a token
 * bucket on handshakes and a cap on sockets that have not said Hello. Whoever
 * is turned away hears when to come back; those inside are not slowed down.
 */
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export type Entry =
  | { admitted: true }
  | { admitted: false; reason: "busy" | "draining"; retryAfterMs: number };

export class Admission {
  readonly #clock: Clock;
  #tokens: number = limits.handshakesBurstMax;
  #filledAt: number;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAt = clock.monotonic();
  }

  /** `greeting`: sockets inside that have not said Hello. */
  enter(greeting: number): Entry {
    if (this.#closed) return { admitted: false, reason: "draining", retryAfterMs: 1_000 };
    this.#fill();
    if (this.#tokens < 1 || greeting >= limits.greetingSocketsMax) {
      return { admitted: false, reason: "busy", retryAfterMs: limits.busyRetryMs };
    }
    this.#tokens -= 1;
    return { admitted: true };
  }

  /** Nobody comes in any more. */
  close(): void {
    this.#closed = true;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    const gained = (now - this.#filledAt) / 1000 * limits.handshakesPerSecondMax;
    this.#tokens = Math.min(limits.handshakesBurstMax, this.#tokens + gained);
    this.#filledAt = now;
  }
}
