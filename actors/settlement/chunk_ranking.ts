/**
 * Brings written chunks to every board their points count on.
 *
 * A chunk is marked once all boards have it, and sent again until then: its
 * parts are applied once whatever happens. Chunks of earlier runs go first and
 * in order, so that nobody has the difference to points that were never given.
 */
import { Failure } from "../../runtime/failure.ts";
import { shardChunks } from "../leaderboard/shard_chunks.ts";
import type { Boards } from "../ports/boards.ts";
import type { RankedMember } from "../ports/ranking.ts";
import type { RunChunk, Settlements } from "../ports/settlements.ts";
import type { Patience } from "./patience.ts";

export interface ChunkRankingOptions {
  matchId: string;
  settlements: Settlements;
  boards: Pick<Boards, "apply" | "changesMax">;
  patience: Patience;
  /** Where a drill stops it: boards have the chunk and SQL does not say so yet. */
  afterRanks?(): Promise<void>;
}

export class ChunkRanking {
  readonly #options: ChunkRankingOptions;

  constructor(options: ChunkRankingOptions) {
    this.#options = options;
  }

  /** Those of runs before `run`. */
  async rankEarlier(run: number): Promise<void> {
    const { settlements, matchId, patience } = this.#options;
    const chunks = await patience.untilAnswered(() => settlements.unranked(matchId));
    for (const chunk of chunks.filter((chunk) => chunk.run < run)) {
      const of = await patience.untilAnswered(() => settlements.find(matchId, chunk.run));
      const changes = await patience.untilAnswered(() => settlements.changes(matchId, chunk));
      await this.rank(chunk, of!.boards, changes);
    }
  }

  /** @throws {Failure} `pointsRejected` where a fan's total would be no possible one. */
  async rank(chunk: RunChunk, boards: string[], changes: RankedMember[]): Promise<void> {
    const { settlements, matchId, patience, afterRanks } = this.#options;
    const run = `${matchId}/${chunk.run}`;
    const { changesMax } = this.#options.boards;
    const parts = shardChunks(boards, run, chunk.number, changes, changesMax);
    const byShard = Map.groupBy(parts, ({ shard }) => shard);
    const applying: Promise<PromiseSettledResult<void>[]>[] = [];
    for (const [shard, parts] of byShard) {
      await settlements.rest();
      const apply = () => this.#apply(shard, parts.map(({ chunk }) => chunk));
      applying.push(Promise.allSettled([patience.untilAnswered(apply)]));
    }
    for (const applied of (await Promise.all(applying)).flat()) {
      if (applied.status === "rejected") throw applied.reason;
    }
    await afterRanks?.();
    await patience.untilAnswered(() => settlements.markRanked(matchId, chunk));
  }

  async #apply(shard: string, parts: Parameters<Boards["apply"]>[1]): Promise<void> {
    for (const [at, outcome] of (await this.#options.boards.apply(shard, parts)).entries()) {
      const cannot = `Cannot apply ${parts[at]!.key} to ${shard} as`;
      if (outcome.outcome === "refused") {
        throw new Failure("shardRefused", `${cannot} it is ${outcome.state}`, { retryable: true });
      }
      if (outcome.outcome === "rejected") {
        const members = outcome.members.slice(0, 5).join(", ");
        throw new Failure("pointsRejected", `${cannot} totals must be possible: not ${members}'s`);
      }
    }
  }
}
