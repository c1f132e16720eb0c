/**
 * Compares shards that have loaded with the ledger of points, one at a time and
 * behind everything else, and has those rebuilt that differ.
 *
 * Stores of ranks are copies: one that was emptied, or lost its last seconds,
 * says nothing of it. While chunks are under way the two differ rightly, and
 * while SQL is away nobody can say: then it is tried again later, and the shard
 * goes on as it is.
 */
import type { LeaderboardActor } from "../actors/leaderboard/leaderboard_actor.ts";
import type { LedgerTotals, PointsLedger } from "../actors/ports/points_ledger.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { nextTurn } from "../runtime/turn.ts";

export interface ShardComparisonOptions {
  points: PointsLedger;
  clock: Clock;
  events: BusinessEvents;
  /** Null where the shard is not awake here any more. */
  actorOf(shardId: string): LeaderboardActor | null;
}

export class ShardComparison {
  readonly #options: ShardComparisonOptions;
  readonly #waiting = new Set<string>();
  readonly #later = new Set<string>();
  #isComparing = false;
  #timer: Timer | null = null;
  #isStopping = false;

  constructor(options: ShardComparisonOptions) {
    this.#options = options;
  }

  begin(shardId: string): void {
    this.#waiting.add(shardId);
    if (this.#isComparing || this.#isStopping) return;
    this.#isComparing = true;
    void this.#compareAll();
  }

  stop(): void {
    this.#isStopping = true;
    this.#timer?.cancel();
  }

  /** Never rejects. */
  async #compareAll(): Promise<void> {
    // Whoever woke the first one is answered before.
    await nextTurn();
    for (const shardId of this.#waiting) {
      this.#waiting.delete(shardId);
      const actor = this.#isStopping ? null : this.#options.actorOf(shardId);
      if (actor === null) continue;
      if (await this.#tryTo(shardId, actor) === "later") this.#later.add(shardId);
    }
    this.#isComparing = false;
    if (this.#later.size === 0 || this.#isStopping) return;
    this.#timer ??= this.#options.clock.after(limits.leaderboardCompareMs, () => {
      this.#timer = null;
      const due = [...this.#later];
      this.#later.clear();
      for (const shardId of due) this.begin(shardId);
    });
  }

  async #tryTo(shardId: string, actor: LeaderboardActor): Promise<"done" | "later"> {
    try {
      return await this.#compare(shardId, actor);
    } catch (error) {
      if (error instanceof Failure && error.retryable) return "later";
      const reason = reasonOf(error);
      this.#options.events.warned(`Cannot compare shard ${shardId} with SQL: ${reason}`);
      return "done";
    }
  }

  async #compare(shardId: string, actor: LeaderboardActor): Promise<"done" | "later"> {
    const { points, events } = this.#options;
    // It keeps its points, whatever they are, until an operator says otherwise.
    if (actor.state === "frozen") return "later";
    const before = actor.totals;
    const marks = await points.marks(shardId);
    const mayBeEmptied = marks.wasRanked && before.members === 0;
    // Reading all of a board beside its settlement would hold both up, and prove nothing.
    if (!marks.isAtRest && !mayBeEmptied) return "later";
    const ledger = await points.totals(shardId);
    const held = actor.totals;
    if (isSame(held, ledger)) return "done";
    const isMoving = !isSame(before, held) || !ledger.isAtRest;
    // What was there and is gone nobody need wait for: chunks under way are known by their keys.
    const isEmptied = held.members === 0 && ledger.wasRanked;
    if (isMoving && !isEmptied) return "later";
    const found = `${held.members} with ${held.points}`;
    const needed = `${ledger.members} fans with ${ledger.points} points`;
    const rebuilt = await actor.rebuild(points.sums(shardId));
    // Being rebuilt already, or frozen meanwhile.
    if (rebuilt.outcome === "refused") return "later";
    events.copyRebuilt(`leaderboard/${shardId}`, `SQL has ${needed}, the store had ${found}`);
    return "done";
  }
}

type Totals = Pick<LedgerTotals, "members" | "points">;

function isSame(a: Totals, b: Totals): boolean {
  return a.members === b.members && a.points === b.points;
}
