/**
 * The right to write, for a while: a lease with a token that only ever grows.
 *
 * The token is what is safe: stores refuse an older one. The lease only says
 * when to try: an owner that could not renew for 2 s by its own monotonic clock
 * stops by itself, before anybody else may be granted it.
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

const SILENT = "its store was silent for too long";

export class Lease implements Child {
  readonly exited: Promise<Exit>;
  /** Carried by every write under this lease. */
  readonly token: number;
  readonly #options: LeaseOptions;
  readonly #end: (exit: Exit) => void;
  readonly #renewal: Timer;
  #silence: Timer;
  /** When the store was asked for the last renewal: it may have counted from then. */
  #renewedAt: number;

  private constructor(options: LeaseOptions, token: number) {
    this.#options = options;
    this.token = token;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#end = resolve;
    this.#renewedAt = options.clock.monotonic();
    this.#silence = this.#watch();
    this.#renewal = every(options.clock, limits.leaseRenewMs, () => this.#renew());
  }

  /**
   * Waits until the lease is free, at most one lease and a renewal.
   * @throws {Failure} `leaseHeld` naming the holder.
   */
  static async acquire(options: LeaseOptions): Promise<Lease> {
    const { clock, key } = options;
    const giveUpAt = clock.monotonic() + limits.leaseMs + limits.leaseRenewMs;
    for (;;) {
      const lease = await Lease.ask(options);
      if (lease instanceof Lease) return lease;
      if (clock.monotonic() >= giveUpAt) {
        throw new Failure(
          "leaseHeld",
          `Cannot own ${key} as ${lease.by} holds it and goes on renewing: stop that process first`,
          { retryable: true },
        );
      }
      await pause(clock, limits.leaseRenewMs / 4);
    }
  }

  /** Asks once; answers who holds it where it is another's. */
  static async ask(options: LeaseOptions): Promise<Lease | { by: string }> {
    const { cells, key, holder } = options;
    const result = await cells.lease(key, holder, limits.leaseMs);
    return result.outcome === "granted" ? new Lease(options, result.token) : { by: result.by };
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
    if (result === null) {
      if (clock.monotonic() - this.#renewedAt >= limits.leaseSilentMsMax) this.#lose(SILENT);
      return;
    }
    // Granted anew after a lapse (a loop that was busy for 3 s) is ours as well: had somebody written
    // meanwhile, the stores' fences had risen above our token and they would refuse us.
    if (result.outcome === "granted") {
      this.#renewedAt = askedAt;
      this.#silence.cancel();
      this.#silence = this.#watch();
    } else {
      this.#lose("it passed to another");
    }
  }

  /** An answer may never come: after the second renewal had its chance nobody waits for it. */
  #watch(): Timer {
    const { clock } = this.#options;
    const silentAt = this.#renewedAt + limits.leaseSilentMsMax + limits.leaseRenewMs / 2;
    return clock.after(Math.max(0, silentAt - clock.monotonic()), () => this.#lose(SILENT));
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
