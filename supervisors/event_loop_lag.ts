/**
 * How late this process is: a timer is set, and what it is late by is how long
 * everything else waited.
 *
 * Ten looks a second cost nothing and see every stall of 100 ms and more. Whoever
 * asks in the middle of one, as a crowd at the door does, hears of it before the
 * timer itself comes.
 */
import { type Clock, every, type Timer } from "../runtime/clock.ts";

const LOOK_EVERY_MS = 100;

export interface EventLoopWatch extends Timer {
  /** When last looked at, or now if that is worse. */
  lagSeconds(): number;
}

export function watchEventLoop(clock: Clock, seen: (lagSeconds: number) => void): EventLoopWatch {
  let dueAt = clock.monotonic() + LOOK_EVERY_MS;
  let lastSeconds = 0;
  let isOver = false;
  const overdueSeconds = () => Math.max(0, clock.monotonic() - dueAt) / 1_000;
  const timer = every(clock, LOOK_EVERY_MS, () => {
    lastSeconds = overdueSeconds();
    dueAt = clock.monotonic() + LOOK_EVERY_MS;
    seen(lastSeconds);
  });
  return {
    lagSeconds: () => isOver ? lastSeconds : Math.max(lastSeconds, overdueSeconds()),
    cancel() {
      isOver = true;
      timer.cancel();
    },
  };
}
