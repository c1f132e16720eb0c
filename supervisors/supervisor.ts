/**
 * OTP's supervisor: starts its children in order, stops them in reverse, starts
 * again what crashed, and knows when to give up.
 *
 * `one_for_one` restarts the child alone, `rest_for_one` also those after it,
 * `one_for_all` all of them: stopped in reverse, started in order once the last
 * is over. Past the restart intensity a child is parked (it rests, with its
 * reason, until somebody unparks it) or the supervisor gives up: it stops all
 * its children and ends with a crash, and its own supervisor decides.
 *
 * Where children are parked one by one the intensity is counted per child, as
 * one of them must never be parked for its neighbours; else per supervisor, as
 * in OTP. An end that is the world's doing is not counted: the child waits until
 * it can start. One that does not stop in time is dropped and reported; it may
 * still be doing something, which is why every owner's write carries a fence.
 */
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { assert, Failure, reasonOf } from "../runtime/failure.ts";
import type { Random } from "../runtime/random.ts";
import { type Child, type ChildSpec, crash, type Exit, isRestarted } from "./child_spec.ts";
import { withDeadline } from "./deadline.ts";
import { type Intensity, LEAF_INTENSITY, RestartIntensity } from "./restart_intensity.ts";
import { type ChildState, type Scope, Supervised } from "./supervised.ts";

export interface SupervisorOptions {
  /** For messages: `root`, `matches`. */
  id: string;
  strategy: "one_for_one" | "rest_for_one" | "one_for_all";
  whenExceeded: "park" | "escalate";
  children?: ChildSpec[];
  /** Default: 5 in 30 s. */
  intensity?: Intensity;
  /** Whether an end is nobody's fault and will pass; default: none is. */
  isOutage?(exit: Exit): boolean;
  /** Stops it, also while its first children start. */
  signal?: AbortSignal;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

export interface ChildStatus {
  id: string;
  state: ChildState;
  /** When a child that backs off is started again, milliseconds since 1970. */
  restartAt: number | null;
  restartsInWindow: number;
  restartsTotal: number;
  /** Why it last ended, if it ever did. */
  lastReason: string | null;
  /** The children of a running child that is a supervisor. */
  children?: ChildStatus[];
}

export class Supervisor implements Child {
  readonly exited: Promise<Exit>;
  readonly #options: SupervisorOptions;
  readonly #intensity: Intensity;
  readonly #window: RestartIntensity;
  readonly #shared: Scope = { down: Promise.resolve() };
  readonly #children = new Map<string, Supervised>();
  /** Removed children that are still stopping. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #end: (exit: Exit) => void;
  /** Ends are heeded after the first start only, as in OTP, where they wait in the mailbox. */
  readonly #begun = Promise.withResolvers<void>();
  #finishing: Promise<void> | null = null;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#intensity = options.intensity ?? LEAF_INTENSITY;
    this.#window = new RestartIntensity(options.clock, this.#intensity);
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#end = resolve;
    for (const spec of options.children ?? []) this.#enlist(spec);
  }

  /**
   * Starts the children in order.
   * @throws {Failure} `childNotStarted` where one does not; those before it are stopped again.
   * @throws {Failure} `supervisorStopped` once all that was started is over.
   */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    const { signal } = options;
    const calledOff = new Promise<null>((resolve) => {
      signal?.addEventListener("abort", () => {
        void supervisor.stop("called off");
        resolve(null);
      });
    });
    for (const one of [...supervisor.#children.values()]) {
      const failed = await Promise.race([supervisor.#launch(one), calledOff]);
      if (signal?.aborted) {
        await supervisor.stop("called off");
        throw new Failure("supervisorStopped", `${options.id} was called off while it started`);
      }
      if (failed === null) continue;
      const why = `${one.spec.id} did not start`;
      await supervisor.stop(why);
      const { cause } = failed;
      throw new Failure("childNotStarted", `Cannot start ${options.id}: ${why}: ${failed.reason}`, {
        cause,
        retryable: cause instanceof Failure && cause.retryable,
      });
    }
    supervisor.#begun.resolve();
    return supervisor;
  }

  /** Stops the children in reverse, each within its deadline. */
  stop(reason: string): Promise<void> {
    return this.#finish({ kind: "shutdown" }, reason);
  }

  /**
   * Takes in one more child, last in order, and resolves after its first start
   * was tried, however that went, or at once where it waits for those before it.
   * @throws {Failure} `supervisorStopped`.
   */
  async add(spec: ChildSpec): Promise<void> {
    await this.#leaving.get(spec.id);
    if (this.#finishing !== null) {
      throw new Failure(
        "supervisorStopped",
        `Cannot start ${spec.id} as ${this.#options.id} has stopped`,
      );
    }
    await this.#bringUp(this.#enlist(spec));
  }

  /** Stops a child and forgets it; resolves when it is over. */
  async remove(id: string): Promise<void> {
    const one = this.#children.get(id);
    if (one !== undefined) {
      this.#children.delete(id);
      this.#leaving.set(id, this.#takeDown([one], "removed", "stopped"));
    }
    await this.#leaving.get(id);
    if (one === undefined) return;
    this.#leaving.delete(id);
    void this.#bringUp(one);
  }

  /** Gives a parked child a fresh start: no restarts counted, no delay. */
  unpark(id: string): "unparked" | "notParked" | "unknown" {
    const one = this.#children.get(id);
    if (one === undefined) return "unknown";
    if (one.state !== "parked") return "notParked";
    one.leave("waiting");
    one.intensity.forget();
    one.backoff.reset();
    this.#window.forget();
    this.#options.events.childUnparked(id);
    void this.#bringUp(one);
    return "unparked";
  }

  status(): ChildStatus[] {
    return [...this.#children.values()].map((one) => ({
      id: one.spec.id,
      state: one.state,
      restartAt: one.restartAt,
      restartsInWindow: one.intensity.inWindow(),
      restartsTotal: one.restartsTotal,
      lastReason: one.lastReason,
      ...(supervises(one.child) ? { children: one.child.status() } : {}),
    }));
  }

  #enlist(spec: ChildSpec): Supervised {
    assert(!this.#children.has(spec.id), `child ids of ${this.#options.id} are unique: ${spec.id}`);
    const { clock, random, strategy } = this.#options;
    const scope = strategy === "one_for_one" ? { down: Promise.resolve() } : this.#shared;
    const one = new Supervised(spec, scope, clock, random, this.#intensity);
    this.#children.set(spec.id, one);
    return one;
  }

  /** Starts a child; answers why it did not start, or null. */
  async #launch(one: Supervised): Promise<Extract<Exit, { kind: "crash" }> | null> {
    const incarnation = one.begin();
    const ended = (exit: Exit) => {
      if (one.incarnation === incarnation) this.#ended(one, exit);
    };
    try {
      const child = await incarnation;
      if (one.incarnation !== incarnation) return null;
      one.runs(child);
      this.#begun.promise.then(() => child.exited).then(ended, (error) => ended(crash(error)));
      return null;
    } catch (error) {
      return one.incarnation === incarnation ? crash(error) : null;
    }
  }

  /** Starts, in order, the waiting ones of `one`'s scope that wait for nobody. */
  async #bringUp(one: Supervised): Promise<void> {
    for (;;) {
      const next = this.#nextOf(this.#scopeOf(one));
      if (next?.state !== "waiting") return;
      const failed = await this.#launch(next);
      if (failed !== null) this.#ended(next, failed);
    }
  }

  /** Whose turn it is; one that is not waiting is still to come and brings up the rest when it has. */
  #nextOf(scope: Supervised[]): Supervised | undefined {
    const isHeldUp = ({ state }: Supervised) => state === "backingOff" || state === "parked";
    const holdsAll = this.#options.strategy === "one_for_all" ? scope.find(isHeldUp) : undefined;
    return holdsAll ?? scope.find(({ state }) => state !== "running" && state !== "stopped");
  }

  #ended(one: Supervised, exit: Exit): void {
    one.ended(exit);
    if (isRestarted(one.spec.restart, exit)) this.#recover(one, exit);
    // As in OTP: nothing is left of a temporary child, the spec of a transient one stays.
    else if (one.spec.restart === "temporary") this.#children.delete(one.spec.id);
  }

  #recover(one: Supervised, exit: Exit): void {
    const { whenExceeded, events, isOutage } = this.#options;
    const { id } = one.spec;
    const reason = one.lastReason ?? "";
    const isExcused = isOutage?.(exit) ?? false;
    const isExceeded = !isExcused && this.#isOneTooMany(one);
    if (isExceeded && whenExceeded === "escalate") {
      void this.#finish({ kind: "crash", reason: this.#giveUp(id, reason) }, `${id} crashed`);
      return;
    }
    const others = this.#fallingWith(one).filter((other) => other !== one);
    void this.#takeDown(others, `${id} crashed`, "waiting");
    if (isExceeded) {
      one.leave("parked");
      events.childParked(id, reason);
      return;
    }
    const { delayMs, attempt } = (isExcused ? one.patience : one.backoff).next();
    one.backOff(delayMs, () => void this.#bringUp(one));
    if (!isExcused) events.childRestarted(id, reason, attempt, delayMs);
    else if (attempt === 1) events.warned(`${id} cannot run and is started once it can: ${reason}`);
  }

  #isOneTooMany(one: Supervised): boolean {
    const { strategy, whenExceeded } = this.#options;
    const ofChild = one.intensity.note();
    const ofAll = this.#window.note();
    const isPerChild = strategy === "one_for_one" && whenExceeded === "park";
    return (isPerChild ? ofChild : ofAll) === "exceeded";
  }

  #giveUp(childId: string, reason: string): string {
    const { restartsMax, windowMs } = this.#intensity;
    return `${this.#options.id} gave up after more than ${restartsMax} restarts in ` +
      `${windowMs / 1000} s, the last for ${childId}: ${reason}`;
  }

  /** Those that start in order with `one`. */
  #scopeOf(one: Supervised): Supervised[] {
    return this.#options.strategy === "one_for_one" ? [one] : [...this.#children.values()];
  }

  /** Those that are restarted when `one` is. */
  #fallingWith(one: Supervised): Supervised[] {
    const scope = this.#scopeOf(one);
    return this.#options.strategy === "one_for_all" ? scope : scope.slice(scope.indexOf(one));
  }

  #finish(exit: Exit, reason: string): Promise<void> {
    this.#finishing ??= (async () => {
      const leaving = [...this.#leaving.values()];
      await this.#takeDown([...this.#children.values()], reason, "stopped");
      await Promise.all(leaving);
      this.#end(exit);
    })();
    return this.#finishing;
  }

  /** All leave their state at once, so that none is restarted meanwhile; then each is stopped in turn. */
  #takeDown(group: Supervised[], reason: string, state: "waiting" | "stopped"): Promise<void> {
    let over = Promise.resolve();
    for (const one of group.toReversed()) {
      if (one.state === "parked") this.#options.events.childUnparked(one.spec.id);
      const left = one.leave(state);
      const before = Promise.all([over, one.scope.down]);
      over = before.then(() =>
        left === null ? undefined : this.#stopInTime(one.spec, left, reason)
      );
      one.scope.down = over;
    }
    return over;
  }

  async #stopInTime(spec: ChildSpec, left: Promise<Child>, reason: string): Promise<void> {
    const { id, clock, events } = this.#options;
    const stopped = left.then(
      (child) => child.stop(reason),
      () => {}, // It never started.
    ).catch((error) =>
      events.warned(`${spec.id} of ${id} did not stop cleanly: ${reasonOf(error)}`)
    );
    if (spec.shutdownMs === Number.POSITIVE_INFINITY) return await stopped;
    const outcome = await withDeadline(clock, spec.shutdownMs, stopped);
    if (outcome === "late") {
      events.warned(`${spec.id} of ${id} did not stop within ${spec.shutdownMs} ms: dropped`);
    }
  }
}

/** A supervisor, or what stands for one. */
function supervises(child: Child | null): child is Child & Pick<Supervisor, "status"> {
  return child !== null && "status" in child;
}
