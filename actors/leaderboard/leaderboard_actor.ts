/**
 * The actor of one leaderboard shard, as those see it who ask it for something.
 *
 * It is a supervised child with an inbox of its own and not run by the ledgered
 * loop: points have their ledger in SQL, and the store remembers each chunk's
 * key in the step that moves the points, so a second log here would only be
 * written twice. What the loop's rules are for holds as well: one thing at a
 * time, by the machine's pure transition (shard_loop.ts), every write fenced.
 */
import { assert } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { LoopExit } from "../actor_loop.ts";
import { countOf } from "../ports/packed_changes.ts";
import type { RankedMember } from "../ports/ranking.ts";
import type { RankedRow, Standing } from "./board_page.ts";
import type { Chunk, ChunkOutcome, TopPage } from "./leaderboard_shard.ts";
import type { ScoreSpan } from "./rank_histogram.ts";
import type { Reply, ShardDelivery } from "./shard_delivery.ts";
import { ShardLoop, type ShardLoopOptions, type ShardState } from "./shard_loop.ts";
import type { PointSums } from "./shard_rebuild.ts";

/** Not in this state: whoever asked keeps what it has and asks again. */
export type Refused = { outcome: "refused"; state: ShardState };
export type Done = { outcome: "done" };

export class LeaderboardActor {
  readonly #loop: ShardLoop;
  readonly #changesMax: number;

  private constructor(loop: ShardLoop, changesMax: number) {
    this.#loop = loop;
    this.#changesMax = changesMax;
  }

  /** @throws {Failure} what loading throws. */
  static async start(options: ShardLoopOptions): Promise<LeaderboardActor> {
    return new LeaderboardActor(await ShardLoop.start(options), options.rankings.changesMax);
  }

  get exited(): Promise<LoopExit> {
    return this.#loop.exited;
  }

  get state(): ShardState {
    return this.#loop.state;
  }

  get top(): TopPage {
    return this.#loop.shard.top;
  }

  get totals(): { members: number; points: number } {
    return this.#loop.shard.totals;
  }

  /** How many have each score, for ranks over all shards of the board. */
  counts(): ScoreSpan {
    return this.#loop.shard.counts.span();
  }

  /**
   * Applies the chunk, once however often it is sent.
   * @throws {Failure} `shardUnavailable` (retryable): it may have been applied; send it again.
   */
  apply(chunk: Chunk): Promise<ChunkOutcome | Refused> {
    assert(countOf(chunk.changes) <= this.#changesMax, "a chunk keeps to its limit");
    return this.#ask((reply) => ({ type: "board.apply", chunk, ...reply }));
  }

  /** Points and ranks within the shard. @throws {Failure} `shardUnavailable` (retryable). */
  standings(members: string[]): Promise<Standing[]> {
    assert(members.length <= limits.leaderboardMembersMax, "a question keeps to its limit");
    return this.#ask((reply) => ({ type: "standings", members, ...reply }));
  }

  /** The window around a place, with ranks within the shard. @throws as `standings` does. */
  around(place: RankedMember, above: number, below: number): Promise<RankedRow[]> {
    assert(above + below < limits.leaderboardPageMax, "a window is no larger than a page");
    return this.#ask((reply) => ({ type: "around", place, above, below, ...reply }));
  }

  /** Answers once the new ranks are in force. @throws {Failure} as `rebuildShard` does. */
  rebuild(source: PointSums): Promise<Done | Refused> {
    return this.#ask((reply) => ({ type: "board.rebuild", source, ...reply }));
  }

  freeze(): Promise<Done | Refused> {
    return this.#ask((reply) => ({ type: "board.freeze", ...reply }));
  }

  unfreeze(): Promise<Done | Refused> {
    return this.#ask((reply) => ({ type: "board.unfreeze", ...reply }));
  }

  /** Finishes what is in hand; a rebuild is given up and the old ranks stay. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #ask<A>(delivery: (reply: Reply) => ShardDelivery): Promise<A> {
    return new Promise((reply, fail) => this.#loop.offer(delivery({ reply, fail })));
  }
}
