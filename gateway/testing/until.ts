/**
 * Waiting in tests for what must come, with an end: never for "long enough".
 */
import { pause, systemClock } from "../../runtime/clock.ts";

/** Resolves with the first value that is neither false, null nor undefined. */
export async function until<T>(
  look: () => T | false | null | undefined,
  what: string,
  withinMs = 3_000,
): Promise<T> {
  const endsAt = systemClock.monotonic() + withinMs;
  for (;;) {
    const found = look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (systemClock.monotonic() > endsAt) throw new Error(`Waited ${withinMs} ms for ${what}`);
    await pause(systemClock, 1);
  }
}
