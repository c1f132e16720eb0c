/**
 * How late this process is: a timer is set, and what it is late by is how long
 * everything else waited.
 *
 * Ten looks a second cost nothing and see every stall of 100 ms and more.
 */
import { type Clock, every, type Timer } from "../runtime/clock.ts";

const LOOK_EVERY_MS = 100;

export function watchEventLoop(clock: Clock, seen: (lagSeconds: number) => void): Timer {
  let dueAt = clock.monotonic() + LOOK_EVERY_MS;
  return every(clock, LOOK_EVERY_MS, () => {
    const now = clock.monotonic();
    seen(Math.max(0, now - dueAt) / 1000);
    dueAt = now + LOOK_EVERY_MS;
  });
}
