/**
 * Counts restarts in a sliding window and says when they are too many.
 *
 * OTP's rule: more than `restartsMax` within `windowMs`, both edges of the
 * window included, is not bad luck any more. Windows multiply up the tree
 * (5 below 3 are 15), so the top is allowed fewer.
 */
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

export interface Intensity {
  restartsMax: number;
  windowMs: number;
}

export const LEAF_INTENSITY: Intensity = {
  restartsMax: limits.restartsMax,
  windowMs: limits.restartWindowMs,
};

export class RestartIntensity {
  readonly #clock: Clock;
  readonly #intensity: Intensity;
  /** Oldest first; never longer than `restartsMax + 1`. */
  #times: number[] = [];

  constructor(clock: Clock, intensity: Intensity) {
    this.#clock = clock;
    this.#intensity = intensity;
  }

  /** Notes a restart about to happen. */
  note(): "allowed" | "exceeded" {
    this.#times.push(this.#clock.monotonic());
    return this.inWindow() > this.#intensity.restartsMax ? "exceeded" : "allowed";
  }

  /** Restarts that the window still sees. */
  inWindow(): number {
    const oldest = this.#clock.monotonic() - this.#intensity.windowMs;
    this.#times = this.#times
      .filter((time) => time >= oldest)
      .slice(-(this.#intensity.restartsMax + 1));
    return this.#times.length;
  }

  forget(): void {
    this.#times = [];
  }
}
