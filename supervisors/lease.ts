/**
 * The right to write, for a while: a lease with a token that only ever grows.
 *
 * The token is what is safe: stores refuse an older one. The lease only says
 * when to try: an owner that could not renew for 2 s by its own monotonic clock
 * stops by itself, a second before anybody else may be granted it.
 */
import type { CellStore } from "../actors/ports/cell.ts";
import { type Clock, every, pause, type Timer } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Child, Exit } from "./child_spec.ts";

export interface LeaseOptions {
  cells: CellStore;
  clock: Clock;
  key: string;
  /** Names this process among all that ever were. */
  holder: string;
}

export class Lease implements Child {
  readonly exited: Promise<Exit>;
  /** Carried by every write under this lease. */
  readonly token: number;
  readonly #options: LeaseOptions;
  readonly #end: (exit: Exit) => void;
  readonly #renewal: Timer;
  #silence: Timer;

  private constructor(options: LeaseOptions, token: number) {
    this.#options = options;
    this.token = token;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#end = resolve;
    this.#silence = this.#watch(options.clock.monotonic());
    this.#renewal = every(options.clock, limits.leaseRenewMs, () => this.#renew());
  }

  /**
   * Waits until the lease is free, at most one lease and a renewal.
   * @throws {Failure} `leaseHeld` naming the holder.
   */
  static async acquire(options: LeaseOptions): Promise<Lease> {
    const { cells, clock, key, holder } = options;
    const giveUpAt = clock.monotonic() + limits.leaseMs + limits.leaseRenewMs;
    for (;;) {
      const result = await cells.lease(key, holder, limits.leaseMs);
      if (result.outcome === "granted") return new Lease(options, result.token);
      if (clock.monotonic() >= giveUpAt) {
        throw new Failure(
          "leaseHeld",
          `Cannot own ${key} as ${result.by} holds it and goes on renewing: stop that process first`,
          { retryable: true },
        );
      }
      await pause(clock, limits.leaseRenewMs / 4);
    }
  }

  async stop(): Promise<void> {
    this.#cancel();
    await this.#options.cells.release(this.#options.key, this.#options.holder);
    this.#end({ kind: "shutdown" });
  }

  async #renew(): Promise<void> {
    const { cells, clock, key, holder } = this.#options;
    const askedAt = clock.monotonic();
    const result = await cells.lease(key, holder, limits.leaseMs).catch(() => null);
    if (result === null) return;
    if (result.outcome === "granted" && result.token === this.token) {
      this.#silence.cancel();
      this.#silence = this.#watch(askedAt);
    } else {
      this.#lose("it passed to another");
    }
  }

  /** Counted from the question, as the store may have counted from then; an answer may never come. */
  #watch(renewedAt: number): Timer {
    const { clock } = this.#options;
    const leftMs = renewedAt + limits.leaseSilentMsMax - clock.monotonic();
    const why = `its store was silent for ${limits.leaseSilentMsMax} ms`;
    return clock.after(Math.max(0, leftMs), () => this.#lose(why));
  }

  #lose(why: string): void {
    this.#cancel();
    this.#end({ kind: "crash", reason: `lost the lease ${this.#options.key}: ${why}` });
  }

  #cancel(): void {
    this.#renewal.cancel();
    this.#silence.cancel();
  }
}
