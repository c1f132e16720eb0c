/**
 * The shards of leaderboards that this process owns: woken by the first
 * question, restarted and parked each by itself, asleep when nobody asks.
 *
 * Which shards are ours follows from their partitions, as with matches; every
 * move of a store carries the token, so a shard that has another owner by now
 * changes nothing. A shard that has loaded is compared with the ledger of points
 * in SQL, and rebuilt where they differ: the stores of ranks are copies.
 */
import type { LeaderboardActor } from "../actors/leaderboard/leaderboard_actor.ts";
import { boardOfShard, shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import type { RankedRow, Standing } from "../actors/leaderboard/board_page.ts";
import type { Chunk, ChunkOutcome } from "../actors/leaderboard/leaderboard_shard.ts";
import type { Boards, ShardCounts, ShardRefused } from "../actors/ports/boards.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { PointsLedger } from "../actors/ports/points_ledger.ts";
import type { RankedMember } from "../actors/ports/ranking.ts";
import { every, type Timer } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Child, Exit } from "./child_spec.ts";
import { isForOutage } from "./outage.ts";
import type { OwnedKind } from "./owned_kind.ts";
import { Parking } from "./parking.ts";
import { ShardComparison } from "./shard_comparison.ts";
import { ShardOwner, type ShardParts } from "./shard_owner.ts";
import { type ChildStatus, Supervisor } from "./supervisor.ts";

export interface LeaderboardSupervisorOptions extends ShardParts {
  points: PointsLedger;
}

const PREFIX = "leaderboard/";

export class LeaderboardSupervisor implements Boards, OwnedKind, Child {
  readonly #options: LeaderboardSupervisorOptions;
  readonly #owners = new Map<string, ShardOwner>();
  readonly #parking: Parking;
  readonly #comparison: ShardComparison;
  readonly #sleep: Timer;
  #supervisor!: Supervisor;

  private constructor(options: LeaderboardSupervisorOptions) {
    this.#options = options;
    const { clock, events } = options;
    this.#parking = new Parking({ prefix: PREFIX, clock, events, parked: () => {} });
    this.#comparison = new ShardComparison({
      ...options,
      actorOf: (shardId) => this.#owners.get(shardId)?.actor ?? null,
    });
    this.#sleep = every(clock, limits.leaderboardIdleMs / 10, () => this.#letSleep());
  }

  static async start(options: LeaderboardSupervisorOptions): Promise<LeaderboardSupervisor> {
    const boards = new LeaderboardSupervisor(options);
    const { clock, random } = options;
    boards.#supervisor = await Supervisor.start({
      id: "leaderboards",
      strategy: "one_for_one",
      whenExceeded: "park",
      isOutage: isForOutage,
      ...{ clock, random, events: boards.#parking.events },
    });
    return boards;
  }

  get changesMax(): number {
    return this.#options.rankings.changesMax;
  }

  get exited(): Promise<Exit> {
    return this.#supervisor.exited;
  }

  async stop(reason: string): Promise<void> {
    this.#sleep.cancel();
    this.#comparison.stop();
    await this.#supervisor.stop(reason);
  }

  status(): ChildStatus[] {
    return this.#supervisor.status();
  }

  /** By child id, `leaderboard/<shard>`; 0 where it is not parked. */
  parkedSince(childId: string): number {
    return this.#parking.since(childId);
  }

  /** By child id. */
  unpark(childId: string): "unparked" | "notParked" | "unknown" {
    return this.#supervisor.unpark(childId);
  }

  awake(): string[] {
    return [...this.#owners.keys()];
  }

  async apply(shardId: string, chunks: Chunk[]): Promise<(ChunkOutcome | ShardRefused)[]> {
    const actor = await this.#wake(shardId);
    return await Promise.all(chunks.map((chunk) => actor.apply(chunk)));
  }

  async standings(shardId: string, members: string[]): Promise<Standing[]> {
    return await (await this.#wake(shardId)).standings(members);
  }

  async around(
    shardId: string,
    place: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedRow[]> {
    return await (await this.#wake(shardId)).around(place, above, below);
  }

  async counts(shardId: string, knownVersion: string): Promise<ShardCounts> {
    await this.#wake(shardId);
    return this.#owners.get(shardId)!.counts(knownVersion);
  }

  async rebuild(shardId: string): Promise<{ outcome: "done" } | ShardRefused> {
    const actor = await this.#wake(shardId);
    return await actor.rebuild(this.#options.points.sums(shardId));
  }

  async freeze(shardId: string, isFrozen: boolean): Promise<{ outcome: "done" } | ShardRefused> {
    const actor = await this.#wake(shardId);
    return await (isFrozen ? actor.freeze() : actor.unfreeze());
  }

  /** Its shards wait for their first question. */
  gained(_partition: number): Promise<void> {
    return Promise.resolve();
  }

  async lost(partition: number): Promise<void> {
    const theirs = this.awake().filter((shardId) => partitionOf(shardId) === partition);
    await Promise.all(theirs.map((shardId) => this.#passivate(shardId)));
  }

  /** @throws {Failure} `unknownShard`, `notOwner`, `shardUnavailable`. */
  async #wake(shardId: string): Promise<LeaderboardActor> {
    const { clock } = this.#options;
    const reason = this.#parking.reasonOf(shardId);
    if (reason !== null) {
      throw unavailable(
        shardId,
        `it is parked after ${reason}; unpark it at /api/ops/parked`,
      );
    }
    const owner = this.#owners.get(shardId) ?? this.#newOwner(shardId);
    await owner.woken;
    owner.askedAt = clock.monotonic();
    if (owner.actor !== null && this.#owners.get(shardId) === owner) return owner.actor;
    throw unavailable(shardId, owner.lastReason ?? "it is starting");
  }

  #newOwner(shardId: string): ShardOwner {
    if (!shardsOf(boardOfShard(shardId)).includes(shardId)) {
      throw new Failure("unknownShard", `There is no leaderboard shard ${shardId}`);
    }
    if (this.#options.fenceOf(shardId) === null) throw notOwner(shardId);
    const owner = new ShardOwner({
      ...this.#options,
      id: shardId,
      loaded: () => this.#comparison.begin(shardId),
    });
    this.#owners.set(shardId, owner);
    owner.woken = this.#supervisor.add({
      id: PREFIX + shardId,
      start: () => owner.start(),
      restart: "permanent",
      shutdownMs: limits.shutdownMsMax,
    }).catch((error) => {
      this.#owners.delete(shardId);
      throw error;
    });
    return owner;
  }

  async #passivate(shardId: string): Promise<void> {
    this.#owners.delete(shardId);
    await this.#supervisor.remove(PREFIX + shardId);
  }

  async #letSleep(): Promise<void> {
    const since = this.#options.clock.monotonic() - limits.leaderboardIdleMs;
    for (const [shardId, owner] of this.#owners) {
      // A parked one waits for an operator, a busy one finishes.
      const isIdle = owner.actor !== null && owner.askedAt < since;
      if (isIdle && owner.actor!.state !== "rebuilding") await this.#passivate(shardId);
    }
  }
}

function unavailable(shardId: string, why: string): Failure {
  return new Failure("shardUnavailable", `Cannot ask leaderboard shard ${shardId} as ${why}`, {
    retryable: true,
  });
}

function notOwner(shardId: string): Failure {
  return new Failure(
    "notOwner",
    `Cannot ask leaderboard shard ${shardId} here: another process owns it`,
    { retryable: true },
  );
}
