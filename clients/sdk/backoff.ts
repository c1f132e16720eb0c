/**
 * How long to wait before the next connect.
 *
 * Full jitter above a floor: everybody who lost the same server at the same
 * moment comes back spread over the whole interval, and nobody at once.
 */
import { clientLimits } from "./client_limits.ts";

/** Milliseconds before attempt `failures + 1`; `failures` from 1, `fraction` in [0, 1). */
export function backoffDelayMs(failures: number, fraction: number): number {
  const { reconnectDelayMsMin: min, reconnectDelayMsMax: max } = clientLimits;
  const ceiling = Math.min(max, min * 2 ** failures);
  return Math.round(min + fraction * (ceiling - min));
}
