/**
 * A clock that moves only when told to, for tests and simulations.
 *
 * Timers fire in the order of their due time, ties in the order they were set,
 * exactly as the system's would.
 */
import type { Clock, Timer } from "./clock.ts";

interface Pending {
  dueAt: number;
  order: number;
  task: () => void;
}

export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  #pending: Pending[] = [];

  constructor(startAt = 1_671_375_600_000) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, task: () => void): Timer {
    const pending = { dueAt: this.#now + delayMs, order: this.#order++, task };
    this.#pending.push(pending);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== pending);
      },
    };
  }

  /** Moves time forward, firing what falls due; promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#pending
        .filter((pending) => pending.dueAt <= end)
        .sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0];
      if (next === undefined) break;
      this.#pending = this.#pending.filter((other) => other !== next);
      this.#now = next.dueAt;
      next.task();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets promise chains of a few steps run to their end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
