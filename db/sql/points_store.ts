/**
 * The ledger of points as leaderboards read it.
 *
 * A chunk's entries are written in one transaction with its mark and never
 * change: it is in the ledger whole or not at all, and whoever found the mark
 * can read them at any time afterwards. So the chunks that were found, in page
 * after page, are a consistent snapshot, and no transaction is held open for it.
 * Whose shard a fan is in is the domain's hash, which SQL does not know, so a
 * shard reads its whole board and keeps its share.
 */
import {
  boardKind,
  boardOfShard,
  competitionBoard,
  GLOBAL_BOARD,
  shardOfSlice,
  sliceOf,
} from "../../actors/leaderboard/leaderboard_names.ts";
import { chunkKey } from "../../actors/leaderboard/shard_chunks.ts";
import type { PointSums } from "../../actors/leaderboard/shard_rebuild.ts";
import type { LedgerMarks, LedgerTotals, PointsLedger } from "../../actors/ports/points_ledger.ts";
import { limits } from "../../runtime/limits.ts";
import type { SqlDatabase } from "./sql_database.ts";
import type { SettlementChunkTable } from "./tables/settlement_chunk.ts";

type WrittenChunk = Pick<
  SettlementChunkTable,
  "match_id" | "run" | "chunk" | "after_user" | "up_to_user" | "ranked_at"
>;

interface ShardSums {
  sums: Map<string, number>;
  /** Keys of chunks that are in the sums and not on every board. */
  contained: string[];
  isAtRest: boolean;
  wasRanked: boolean;
}

export class PointsStore implements PointsLedger {
  readonly #sql: SqlDatabase;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
  }

  sums(shardId: string): PointSums {
    let reading: Promise<ShardSums> | undefined;
    const read = () => (reading ??= this.#read(shardId));
    return {
      sums: inPages(async () =>
        [...(await read()).sums].map(([member, score]) => ({ member, score }))
      ),
      contained: inPages(async () => (await read()).contained),
    };
  }

  async marks(shardId: string): Promise<LedgerMarks> {
    const marks = { isAtRest: true, wasRanked: false };
    for (const [at, matchId] of (await this.#matchesOf(boardOfShard(shardId))).entries()) {
      if (at > 0) await this.#sql.words.rest();
      const { written, ranked } = await this.#sql.kysely.selectFrom("settlement_chunk")
        .select(({ fn }) => [
          fn.count<number>("written_at").as("written"),
          fn.count<number>("ranked_at").as("ranked"),
        ])
        .where("match_id", "=", matchId).executeTakeFirstOrThrow();
      marks.isAtRest &&= Number(written) === Number(ranked);
      marks.wasRanked ||= Number(ranked) > 0;
    }
    return marks;
  }

  async totals(shardId: string): Promise<LedgerTotals> {
    const { sums, isAtRest, wasRanked } = await this.#read(shardId);
    const totals = { members: 0, points: 0, isAtRest, wasRanked };
    for (const points of sums.values()) {
      if (points === 0) continue;
      totals.members += 1;
      totals.points += points;
    }
    return totals;
  }

  async #read(shardId: string): Promise<ShardSums> {
    const boardId = boardOfShard(shardId);
    const found: ShardSums = { sums: new Map(), contained: [], isAtRest: true, wasRanked: false };
    for (const matchId of await this.#matchesOf(boardId)) {
      for await (const chunk of this.#writtenChunks(matchId)) {
        await this.#addChunk(found, boardId, shardId, chunk);
      }
    }
    return found;
  }

  async #addChunk(
    found: ShardSums,
    boardId: string,
    shardId: string,
    chunk: WrittenChunk,
  ): Promise<void> {
    const bySlice = new Map<number, number>();
    await this.#eachFan(chunk, (fan, points, ofFan) => {
      const slice = sliceOf(fan);
      if (shardOfSlice(boardId, slice) !== shardId) return;
      bySlice.set(slice, (bySlice.get(slice) ?? 0) + ofFan);
      found.sums.set(fan, (found.sums.get(fan) ?? 0) + points);
    });
    if (bySlice.size > 0 && chunk.ranked_at !== null) found.wasRanked = true;
    if (chunk.ranked_at !== null) return;
    found.isAtRest = false;
    // As many parts as there can be: a key that never comes harms nobody.
    const run = `${chunk.match_id}/${chunk.run}`;
    for (const [slice, entries] of bySlice) {
      // Of the store with the smallest parts.
      const parts = Math.ceil(entries / limits.leaderboardChangesMaxSqlite);
      for (let part = 0; part < parts; part++) {
        found.contained.push(chunkKey(run, chunk.chunk, slice, part));
      }
    }
  }

  /** Of all runs, also those that were superseded: what they wrote counts. */
  async *#writtenChunks(matchId: string): AsyncGenerator<WrittenChunk> {
    let last = { run: 0, chunk: 0 };
    for (;;) {
      const { run, chunk } = last;
      const page = await this.#sql.kysely.selectFrom("settlement_chunk")
        .select(["match_id", "run", "chunk", "after_user", "up_to_user", "ranked_at"])
        .where("match_id", "=", matchId).where("written_at", "is not", null)
        .where(({ and, eb, or }) =>
          or([eb("run", ">", run), and([eb("run", "=", run), eb("chunk", ">", chunk)])])
        )
        .orderBy("run").orderBy("chunk").limit(limits.pointEntriesReadMax).execute();
      yield* page;
      if (page.length < limits.pointEntriesReadMax) return;
      last = page.at(-1)!;
    }
  }

  async #matchesOf(boardId: string): Promise<string[]> {
    const { kysely } = this.#sql;
    if (boardId === GLOBAL_BOARD) {
      const heads = await kysely.selectFrom("settlement_head").select("match_id").execute();
      return heads.map(({ match_id }) => match_id);
    }
    if (boardKind(boardId) === "match") return [boardId];
    const fixtures = await kysely.selectFrom("fixture").select(["match_id", "competition"])
      .execute();
    return fixtures.filter(({ competition }) => competitionBoard(competition) === boardId)
      .map(({ match_id }) => match_id);
  }

  /** Each fan of the chunk with its points there and how many entries they are. */
  async #eachFan(
    { match_id, run, after_user, up_to_user }: WrittenChunk,
    take: (fan: string, points: number, entries: number) => void,
  ): Promise<void> {
    for (let after = after_user;;) {
      const rows = await this.#sql.kysely.selectFrom("point_entry")
        .select(({ fn }) => [
          "user_id",
          fn.sum<number>("points").as("points"),
          fn.countAll<number>().as("entries"),
        ])
        .where("match_id", "=", match_id).where("run", "=", run)
        .$if(after !== null, (query) => query.where("user_id", ">", after!))
        .$if(up_to_user !== null, (query) => query.where("user_id", "<=", up_to_user!))
        .groupBy("user_id").orderBy("user_id").limit(limits.pointEntriesReadMax).execute();
      // MySQL's sums are decimals, which come as text.
      for (const row of rows) take(row.user_id, Number(row.points), Number(row.entries));
      // The embedded database has answered within this very turn.
      await this.#sql.words.rest();
      if (rows.length < limits.pointEntriesReadMax) return;
      after = rows.at(-1)!.user_id;
    }
  }
}

/** Read when it is asked for first, as the snapshot counts from then. */
async function* inPages<T>(read: () => Promise<T[]>): AsyncGenerator<T[]> {
  const all = await read();
  for (let at = 0; at < all.length; at += limits.pointEntriesReadMax) {
    yield all.slice(at, at + limits.pointEntriesReadMax);
  }
}
