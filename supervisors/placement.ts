/**
 * Which partitions this node owns, and the tokens that prove it.
 *
 * Every node works out for itself who should own what, from the roll of those
 * present, by rendezvous hashing: when one comes or goes only its share moves.
 * Leases decide who does own: granted by the store, renewed every second, given
 * up by oneself after 2 s without a word from the store, a second before
 * anybody else may be granted them. What is safe is not the lease but its
 * token, which every write carries and every store compares.
 */
import { partitionOf, PARTITIONS } from "../actors/ports/partition.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Child, Exit } from "./child_spec.ts";
import { withDeadline } from "./deadline.ts";
import { shouldOwn } from "./rendezvous.ts";

export interface PlacementOptions {
  cells: CellStore;
  clock: Clock;
  events: BusinessEvents;
  /** This process, among all that ever were. */
  node: string;
  /** From now on every write to the partition carries `token`. */
  gained(partition: number, token: number): Promise<void>;
  /** Resolves when nothing of the partition runs here any more. */
  lost(partition: number, reason: string): Promise<void>;
}

interface Owned {
  token: number;
  /** Monotonic time of the last renewal's question. */
  renewedAt: number;
}

const ROLL = "nodes";
const EVERY_PARTITION = Array.from({ length: PARTITIONS }, (_, partition) => partition);

export class Placement implements Child {
  readonly exited: Promise<Exit>;
  readonly #options: PlacementOptions;
  readonly #end: (exit: Exit) => void;
  readonly #owned = new Map<number, Owned>();
  /** What each partition's last gain or loss is still about: the next one waits for it. */
  readonly #moves = new Map<number, Promise<void>>();
  /** Leases that are meant for us and still another's. */
  #awaited = 0;
  /** When a lease was found to be forgotten, by the monotonic clock. */
  #forgottenAt = -Infinity;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(options: PlacementOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#end = resolve;
  }

  /** Resolves after the first round: what is free and ours is owned. */
  async begin(): Promise<void> {
    this.#round = this.#lookInTime();
    await this.#round;
    this.#arm();
  }

  /** The token for an entity of this node's; null where another owns it, or nobody. */
  tokenOf(entityId: string): number | null {
    return this.#owned.get(partitionOf(entityId))?.token ?? null;
  }

  partitions(): number[] {
    return [...this.#owned.keys()].sort((a, b) => a - b);
  }

  /** Gives everything back, so that others need not wait for the leases to end. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#timer?.cancel();
    await this.#round;
    const { cells, node } = this.#options;
    await cells.depart(ROLL, node).catch(() => {});
    for (const partition of this.partitions()) this.#giveBack(partition, "stopping");
    await Promise.all(this.#moves.values());
    this.#end({ kind: "shutdown" });
  }

  #arm(): void {
    if (this.#isStopping) return;
    const delayMs = this.#awaited > 0 ? limits.leaseHeldRoundMs : limits.leaseRoundMs;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#round = this.#lookInTime().then(() => this.#arm());
    });
  }

  /**
   * Waits for a store that does not answer until it is time to stop, and asks anew. What it says
   * late counts from when it was asked.
   */
  async #lookInTime(): Promise<void> {
    const { clock } = this.#options;
    const renewedAt = Math.min(...[...this.#owned.values()].map((owned) => owned.renewedAt));
    const leftMs = renewedAt + limits.leaseSilentMsMax - clock.monotonic();
    // Who was stopped itself asks before it gives up: its leases may be nobody else's yet.
    const deadlineMs = Math.min(Math.max(leftMs, limits.leaseRoundMs), limits.leaseSilentMsMax);
    await withDeadline(clock, deadlineMs, this.#look());
    this.#dropSilent();
  }

  /** Never waits for a gain or a loss: who is slow at one would lose all its leases over it. */
  async #look(): Promise<void> {
    const { cells, node, clock } = this.#options;
    const askedAt = clock.monotonic();
    this.#awaited = 0;
    const present = await cells.attend(ROLL, node, limits.leaseMs).catch(() => null);
    if (present !== null) {
      const settle = (partitions: number[]) =>
        Promise.all(partitions.map((partition) => {
          const isMeant = shouldOwn(present, node, partition);
          return this.#settle(partition, isMeant, askedAt).catch(() => {});
        }));
      await settle(this.partitions());
      // A store that was emptied forgot the others too: they attend again before we inherit them.
      const isForgetful = clock.monotonic() - this.#forgottenAt < limits.leaseRenewMs;
      if (!isForgetful) {
        await settle(EVERY_PARTITION.filter((partition) => !this.#owned.has(partition)));
      }
    }
  }

  async #settle(partition: number, isMeant: boolean, askedAt: number): Promise<void> {
    if (!isMeant) {
      if (this.#owned.has(partition)) this.#giveBack(partition, "another node owns it by now");
      return;
    }
    const { cells, node } = this.#options;
    const lease = await cells.lease(leaseKey(partition), node, limits.leaseMs);
    const held = this.#owned.get(partition);
    if (this.#isStopping && held === undefined) {
      // Said too late to be of use.
      if (lease.outcome === "granted") await cells.release(leaseKey(partition), node);
      return;
    }
    if (lease.outcome === "held") {
      this.#awaited += 1;
      if (held !== undefined) this.#drop(partition, `${lease.by} holds its lease`);
    } else if (held?.token === lease.token) {
      held.renewedAt = Math.max(held.renewedAt, askedAt);
    } else {
      // The store forgot our lease and gave it anew: everything under the old token ends first.
      if (held !== undefined) {
        this.#forgottenAt = this.#options.clock.monotonic();
        this.#drop(partition, "its lease was forgotten");
      }
      this.#take(partition, lease.token, askedAt);
    }
  }

  /** An owner that heard nothing for 2 s by its own clock stops by itself. */
  #dropSilent(): void {
    const now = this.#options.clock.monotonic();
    for (const [partition, { renewedAt }] of this.#owned) {
      const silentMs = now - renewedAt;
      if (silentMs < limits.leaseSilentMsMax) continue;
      this.#drop(partition, `the store was silent for ${Math.round(silentMs)} ms`);
    }
  }

  #take(partition: number, token: number, askedAt: number): void {
    const { gained, events } = this.#options;
    const isStillOurs = () => this.#owned.get(partition)?.token === token;
    this.#owned.set(partition, { token, renewedAt: askedAt });
    this.#move(partition, async () => {
      if (!isStillOurs()) return;
      try {
        await gained(partition, token);
      } catch (error) {
        const reason = reasonOf(error);
        events.warned(`Cannot take over partition ${partition}, trying again: ${reason}`);
        // The next round finds it free and gains it anew.
        if (isStillOurs()) this.#drop(partition, reason);
      }
    });
  }

  #drop(partition: number, reason: string): void {
    const { lost, events } = this.#options;
    this.#owned.delete(partition);
    this.#move(partition, async () => {
      await lost(partition, reason).catch((error) =>
        events.warned(`Cannot leave partition ${partition} cleanly: ${reasonOf(error)}`)
      );
    });
  }

  #giveBack(partition: number, reason: string): void {
    const { cells, node } = this.#options;
    this.#drop(partition, reason);
    this.#move(partition, async () => {
      // Meanwhile it may have become ours again.
      if (this.#owned.has(partition)) return;
      await cells.release(leaseKey(partition), node).catch(() => {});
    });
  }

  #move(partition: number, act: () => Promise<void>): void {
    const move = (this.#moves.get(partition) ?? Promise.resolve()).then(act);
    this.#moves.set(partition, move);
    void move.then(() => {
      if (this.#moves.get(partition) === move) this.#moves.delete(partition);
    });
  }
}

function leaseKey(partition: number): string {
  return `lease/${partition}`;
}
