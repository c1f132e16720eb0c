/**
 * One child as its supervisor sees it: the spec, its present incarnation and
 * its history of restarts.
 *
 * The incarnation is the promise of a start, not the started child, so one that
 * is still starting can be taken down like one that runs. Whoever waits on an
 * incarnation compares it afterwards: another one, or none, means that the child
 * was taken down meanwhile and the news is stale.
 */
import type { Clock, Timer } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import { Backoff } from "./backoff.ts";
import type { Child, ChildSpec, Exit } from "./child_spec.ts";
import { type Intensity, RestartIntensity } from "./restart_intensity.ts";

/** `waiting`: starts as soon as those before it run. `stopped`: ended, and not called for again. */
export type ChildState = "waiting" | "starting" | "running" | "backingOff" | "parked" | "stopped";

/** Children that are restarted together; what of them is being stopped is over with `down`. */
export interface Scope {
  down: Promise<void>;
}

export class Supervised {
  readonly spec: ChildSpec;
  readonly scope: Scope;
  readonly intensity: RestartIntensity;
  readonly backoff: Backoff;
  /** The same for what is no fault of its own: tried more often, as it may be cured at any time. */
  readonly patience: Backoff;
  state: ChildState = "waiting";
  incarnation: Promise<Child> | null = null;
  /** Set while it runs. */
  child: Child | null = null;
  restartsTotal = 0;
  lastReason: string | null = null;
  /** Wall clock, while it backs off. */
  restartAt: number | null = null;
  readonly #clock: Clock;
  #timer: Timer | null = null;

  constructor(spec: ChildSpec, scope: Scope, clock: Clock, random: Random, intensity: Intensity) {
    this.spec = spec;
    this.scope = scope;
    this.intensity = new RestartIntensity(clock, intensity);
    this.backoff = new Backoff(clock, random, intensity.windowMs);
    this.patience = new Backoff(clock, random, intensity.windowMs, limits.startRetryMsMax);
    this.#clock = clock;
  }

  /** Starts an incarnation, once all that is being stopped around it has ended. */
  begin(): Promise<Child> {
    this.state = "starting";
    const incarnation: Promise<Child> = this.scope.down.then(() => {
      if (this.incarnation !== incarnation) {
        throw new Error(`${this.spec.id} is called for no more`);
      }
      return this.spec.start();
    });
    this.incarnation = incarnation;
    return incarnation;
  }

  runs(child: Child): void {
    this.state = "running";
    this.child = child;
  }

  ended(exit: Exit): void {
    this.lastReason = exit.kind === "crash" ? exit.reason : `its end was "${exit.kind}"`;
    this.leave("stopped");
  }

  backOff(delayMs: number, task: () => void): void {
    this.state = "backingOff";
    this.restartAt = this.#clock.now() + delayMs;
    this.restartsTotal += 1;
    this.#timer = this.#clock.after(delayMs, () => {
      this.leave("waiting");
      task();
    });
  }

  /** Goes to `state`; answers the incarnation that it leaves behind, for somebody to stop. */
  leave(state: "waiting" | "stopped" | "parked"): Promise<Child> | null {
    const left = this.incarnation;
    this.#timer?.cancel();
    this.#timer = null;
    this.restartAt = null;
    this.incarnation = null;
    this.child = null;
    this.state = state;
    return left;
  }
}
