/**
 * Waits for something to become true, and says what never did.
 */
import { setTimeout as pause } from "node:timers/promises";

const LOOK_EVERY_MS = 10;

/** @throws {Error} naming `what` where it does not come true in time. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  msMax = 15_000,
): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await isTrue())) {
    if (performance.now() > deadline) {
      throw new Error(`Cannot go on: needed within ${msMax} ms that ${what}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
