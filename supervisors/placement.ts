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
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Child, Exit } from "./child_spec.ts";

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

export class Placement implements Child {
  readonly exited: Promise<Exit>;
  readonly #options: PlacementOptions;
  readonly #end: (exit: Exit) => void;
  readonly #owned = new Map<number, Owned>();
  readonly #moving = new Set<Promise<void>>();
  #timer: Timer | null = null;

  constructor(options: PlacementOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    this.exited = promise;
    this.#end = resolve;
  }

  /** Resolves after the first round: what is free and ours is owned. */
  async begin(): Promise<void> {
    await this.#round();
    this.#timer = every(this.#options.clock, limits.leaseRoundMs, () => this.#round());
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
    this.#timer?.cancel();
    const { cells, node } = this.#options;
    await cells.depart(ROLL, node).catch(() => {});
    await Promise.all(this.partitions().map((partition) => this.#giveBack(partition, "stopping")));
    await Promise.allSettled(this.#moving);
    this.#end({ kind: "shutdown" });
  }

  async #round(): Promise<void> {
    const { cells, node, clock } = this.#options;
    const askedAt = clock.monotonic();
    const present = await cells.attend(ROLL, node, limits.leaseMs).catch(() => null);
    if (present !== null) {
      const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
      await Promise.all(partitions.map((partition) => {
        const isMeant = shouldOwn(present, node, partition);
        return this.#settle(partition, isMeant, askedAt).catch(() => {});
      }));
    }
    this.#dropSilent();
  }

  async #settle(partition: number, isMeant: boolean, askedAt: number): Promise<void> {
    const held = this.#owned.get(partition);
    if (!isMeant) {
      if (held !== undefined) await this.#giveBack(partition, "another node owns it by now");
      return;
    }
    const { cells, node, gained } = this.#options;
    const lease = await cells.lease(leaseKey(partition), node, limits.leaseMs);
    if (lease.outcome === "held") {
      if (held !== undefined) this.#drop(partition, `${lease.by} holds its lease`);
      return;
    }
    if (held?.token === lease.token) {
      held.renewedAt = askedAt;
      return;
    }
    // The store forgot our lease and gave it anew: everything under the old token ends first.
    if (held !== undefined) await this.#drop(partition, "its lease was forgotten");
    this.#owned.set(partition, { token: lease.token, renewedAt: askedAt });
    this.#follow(gained(partition, lease.token));
  }

  /** An owner that heard nothing for 2 s by its own clock stops by itself. */
  #dropSilent(): void {
    const now = this.#options.clock.monotonic();
    for (const [partition, { renewedAt }] of this.#owned) {
      const silentMs = now - renewedAt;
      if (silentMs < limits.leaseSilentMsMax) continue;
      void this.#drop(partition, `the store was silent for ${Math.round(silentMs)} ms`);
    }
  }

  #drop(partition: number, reason: string): Promise<void> {
    this.#owned.delete(partition);
    const dropped = this.#options.lost(partition, reason);
    this.#follow(dropped);
    return dropped.catch(() => {});
  }

  async #giveBack(partition: number, reason: string): Promise<void> {
    const { cells, node } = this.#options;
    await this.#drop(partition, reason);
    await cells.release(leaseKey(partition), node).catch(() => {});
  }

  #follow(task: Promise<void>): void {
    const followed = task.catch((error) => {
      this.#options.events.warned(`Cannot take over or leave a partition: ${reasonOf(error)}`);
    });
    this.#moving.add(followed);
    void followed.then(() => this.#moving.delete(followed));
  }
}

function leaseKey(partition: number): string {
  return `lease/${partition}`;
}

/** Rendezvous hashing: the node with the highest hash of (node, partition). */
function shouldOwn(present: string[], node: string, partition: number): boolean {
  const weight = (candidate: string) => hash(`${candidate}/${partition}`);
  const own = weight(node);
  return present.every((other) => {
    const rival = weight(other);
    return rival < own || (rival === own && other <= node);
  });
}

/** FNV-1a, its bits mixed once more since the names differ little. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
