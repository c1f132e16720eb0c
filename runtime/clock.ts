/**
 * The only source of time and timers.
 *
 * Everything that needs "now" or "later" is given a `Clock`, so a test can hold
 * time still and a simulation can run a whole match in milliseconds. Whoever sets
 * a timer cancels it when it stops; nothing else ends one.
 */

/** A timer that can be called off; cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds that only ever grow; for measuring, never for telling the time. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`. */
  after(delayMs: number, task: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const id = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(id) };
  },
};

/** Resolves after `delayMs` by the given clock. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}

/** Runs `task` every `periodMs` until cancelled; a slow task delays the next one, never overlaps. */
export function every(clock: Clock, periodMs: number, task: () => void | Promise<void>): Timer {
  let cancelled = false;
  let timer: Timer;
  const arm = () => {
    timer = clock.after(periodMs, async () => {
      await task();
      if (!cancelled) arm();
    });
  };
  arm();
  return {
    cancel() {
      cancelled = true;
      timer.cancel();
    },
  };
}
