/**
 * The bounded queue in front of an actor.
 *
 * XState's mailbox has no bound and runs on the sender's stack; this one has
 * both corrected. It says "full" and the sender decides: facts wait in the
 * intake, commands are refused.
 */
export class Inbox<D> {
  readonly #max: number;
  #waiting: D[] = [];
  #wake: (() => void) | null = null;
  /** A nudge that came while nobody waited must not be lost. */
  #nudged = false;

  constructor(deliveriesMax: number) {
    this.#max = deliveriesMax;
  }

  get size(): number {
    return this.#waiting.length;
  }

  offer(delivery: D): "accepted" | "full" {
    if (this.#waiting.length >= this.#max) return "full";
    this.#waiting.push(delivery);
    this.nudge();
    return "accepted";
  }

  /** The oldest deliveries, at most `count`. */
  take(count: number): D[] {
    return this.#waiting.splice(0, count);
  }

  /** Puts deliveries back in front, in their order. */
  putBack(deliveries: D[]): void {
    this.#waiting.unshift(...deliveries);
  }

  /** Resolves at the next `nudge`, at once if something waits. */
  wait(): Promise<void> {
    if (this.#waiting.length > 0 || this.#nudged) {
      this.#nudged = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Wakes whoever waits, for a deadline or a stop. */
  nudge(): void {
    if (this.#wake === null) this.#nudged = true;
    this.#wake?.();
    this.#wake = null;
  }
}
