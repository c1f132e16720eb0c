/**
 * How a loop waits: for a store or a board that is away, for a time, for a nudge.
 *
 * Every wait ends when the loop is told to stop, and what would go on after it
 * does not.
 */
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { jitter, type Random } from "../../runtime/random.ts";

export interface PatienceOptions {
  /** For an operator: who waits. */
  who: string;
  clock: Clock;
  random: Random;
  events: Pick<BusinessEvents, "warned">;
}

export class Patience {
  readonly #options: PatienceOptions;
  readonly #sleeping = new Set<() => void>();
  isOver = false;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Whoever sleeps wakes up and looks. */
  nudge(): void {
    for (const wake of this.#sleeping) wake();
  }

  end(): void {
    this.isOver = true;
    this.nudge();
  }

  /** @throws {Failure} `settlementStopped` once it is over. */
  goOn(): void {
    if (!this.isOver) return;
    throw new Failure("settlementStopped", `${this.#options.who} was told to stop`);
  }

  /** Until then or a nudge. */
  async sleep(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        timer.cancel();
        this.#sleeping.delete(wake);
        resolve();
      };
      const timer = this.#options.clock.after(delayMs, wake);
      this.#sleeping.add(wake);
    });
    this.goOn();
  }

  /** Asks again, ever more patiently, while whoever answers is away. @throws what waiting does not cure. */
  async untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    const { who, random, events } = this.#options;
    for (let delayMs: number = limits.settlementRetryMsMin;; delayMs *= 2) {
      this.goOn();
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof Failure) || !error.retryable) throw error;
        if (delayMs === limits.settlementRetryMsMin) {
          events.warned(`${who} waits: ${reasonOf(error)}`);
        }
        await this.sleep(jitter(random, Math.min(delayMs, limits.settlementRetryMsMax)));
      }
    }
  }
}
