/**
 * Rebuilds of whole boards, one shard after the other, as operators start and
 * watch them.
 *
 * The shards' owners do the work and may be anywhere; what is known here is how
 * far it is. A board is rebuilt once at a time; readers keep the old ranks of a
 * shard until its new ones hold.
 */
import { shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { RebuildDesk, RebuildState } from "../gateway/http/rebuild_routes.ts";
import { type Clock, pause } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface BoardRebuildsOptions {
  boards: Boards;
  clock: Clock;
}

/** A shard that is busy or has no owner just now is asked again so often. */
const TRIES = 20;

export class BoardRebuilds implements RebuildDesk {
  readonly #options: BoardRebuildsOptions;
  /** The last of each board. */
  readonly #rebuilds = new Map<string, RebuildState>();

  constructor(options: BoardRebuildsOptions) {
    this.#options = options;
  }

  begin(boardId: string): RebuildState | null {
    const shards = shardsOf(boardId);
    if (shards.length === 0) return null;
    const known = this.#rebuilds.get(boardId);
    if (known?.state === "rebuilding") return known;
    const rebuild: RebuildState = {
      board: boardId,
      state: "rebuilding",
      done: 0,
      of: shards.length,
    };
    this.#rebuilds.delete(boardId);
    this.#rebuilds.set(boardId, rebuild);
    if (this.#rebuilds.size > limits.boardsReadMax) {
      const [oldest] = this.#rebuilds.keys();
      this.#rebuilds.delete(oldest!);
    }
    void this.#run(rebuild, shards);
    return rebuild;
  }

  state(boardId: string): RebuildState | null {
    return this.#rebuilds.get(boardId) ?? null;
  }

  /** Never rejects. */
  async #run(rebuild: RebuildState, shards: string[]): Promise<void> {
    try {
      for (const shard of shards) {
        await this.#rebuild(shard);
        rebuild.done += 1;
      }
      rebuild.state = "done";
    } catch (error) {
      rebuild.state = "failed";
      rebuild.reason = reasonOf(error);
    }
  }

  async #rebuild(shard: string): Promise<void> {
    const { boards, clock } = this.#options;
    for (let tries = 1;; tries++) {
      const outcome = await boards.rebuild(shard).catch((error) => {
        if (!(error instanceof Failure) || !error.retryable || tries === TRIES) throw error;
        return null;
      });
      if (outcome?.outcome === "done") return;
      if (tries === TRIES) {
        throw new Failure(
          "shardBusy",
          `Cannot rebuild leaderboard shard ${shard} as it must be live or frozen: ` +
            `it is ${outcome?.state ?? "away"}`,
        );
      }
      await pause(clock, limits.leaderboardRetryMs);
    }
  }
}
