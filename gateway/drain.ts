/**
 * The sliced farewell of a gateway that goes down.
 *
 * Everybody leaving in one instant would come back to the other gateways in one
 * instant. So sockets are told to go in slices over most of the deadline, each
 * with its own time to return; deliveries to those still here go on meanwhile.
 */
import { type Clock, pause } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";

export interface Leaver {
  /** Says Goodbye and closes. */
  close(code: number, reason: string, retryAfterMs: number): void;
}

export interface DrainOptions {
  clock: Clock;
  random: Random;
  code: number;
  deadlineMs: number;
}

/** Resolves when the last slice was told; who then stays is the caller's to cut. */
export async function drain(leavers: readonly Leaver[], options: DrainOptions): Promise<void> {
  const { clock, random, code, deadlineMs } = options;
  const wanted = Math.ceil(leavers.length / limits.drainSliceSocketsMax);
  const slices = Math.min(leavers.length, Math.max(limits.drainSlicesMin, wanted));
  // Three quarters of the deadline for telling, one for the closing handshakes.
  const pauseMs = deadlineMs * 0.75 / slices;
  const startOf = (slice: number) => Math.floor(slice * leavers.length / slices);
  for (let slice = 0; slice < slices; slice++) {
    if (slice > 0) await pause(clock, pauseMs);
    for (const leaver of leavers.slice(startOf(slice), startOf(slice + 1))) {
      const retryAfterMs = Math.ceil(random.fraction() * limits.drainRetryMsMax);
      leaver.close(code, "draining", retryAfterMs);
    }
  }
}
