/**
 * Shards of leaderboards over their stores and a ledger of points in SQL, as
 * settlements leave them: what the tests of boards build on.
 */
import { shardChunks } from "../actors/leaderboard/shard_chunks.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { RankedMember, RankingStore } from "../actors/ports/ranking.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteRanking } from "../db/embedded/sqlite_ranking.ts";
import { PointsStore } from "../db/sql/points_store.ts";
import type { SqlDatabase } from "../db/sql/sql_database.ts";
import { temporarySql } from "../db/sql/temporary_sql.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { seededRandom } from "../runtime/random.ts";
import { nextTurn, socketTurnsAwaited } from "../runtime/turn.ts";
import { LeaderboardSupervisor } from "./leaderboard_supervisor.ts";

export const MATCH = "arg-fra-2022-12-18";

export interface SettledChunk {
  match?: string;
  run?: number;
  chunk: number;
  points: Record<string, number>;
  isRanked?: boolean;
}

/** A chunk as a settlement writes it: its point entries and its mark. */
export async function writeChunk(
  { kysely }: SqlDatabase,
  { match = MATCH, run = 1, chunk, points, isRanked = true }: SettledChunk,
): Promise<void> {
  const users = Object.keys(points).sort();
  const entries = users.map((user_id) => ({
    ...{ match_id: match, user_id, market: "score", run, points: points[user_id]! },
  }));
  await kysely.insertInto("point_entry").values(entries).execute();
  const heads = await kysely.selectFrom("settlement_head").selectAll()
    .where("match_id", "=", match).execute();
  if (heads.length === 0) {
    await kysely.insertInto("settlement_head").values({ match_id: match, run }).execute();
  }
  // Bounds that hold just these: nobody stands between a name and the same with a control before it.
  await kysely.insertInto("settlement_chunk").values({
    ...{ match_id: match, run, chunk, entries: users.length },
    after_user: `${users[0]!.slice(0, -1)}${
      String.fromCharCode(users[0]!.charCodeAt(users[0]!.length - 1) - 1)
    }`,
    up_to_user: users.at(-1)!,
    points: entries.reduce((sum, entry) => sum + entry.points, 0),
    written_at: 1,
    ranked_at: isRanked ? 2 : null,
  }).execute();
}

/** Sends the chunk to the board's shards, as a settlement does. */
export async function rank(
  boards: Boards,
  boardId: string,
  { match = MATCH, run = 1, chunk, points }: SettledChunk,
): Promise<string[]> {
  const changes = Object.entries(points).map(([member, score]) => ({ member, score }));
  const outcomes: string[] = [];
  for (
    const part of shardChunks(
      [boardId],
      `${match}/${run}`,
      chunk,
      changes,
      boards.changesMax,
    )
  ) {
    const [answer] = await boards.apply(part.shard, [part.chunk]);
    outcomes.push(answer!.outcome);
  }
  return outcomes;
}

export function embeddedRankings(clock: Clock) {
  const file = new SqliteFile(":memory:", { synchronous: "off" });
  return {
    rankings: new BreakableRanking(new SqliteRanking(file, clock)),
    cells: new SqliteCell(file, clock),
    /** As after the loss of the file. */
    empty: () => file.define("DELETE FROM ranking_member; DELETE FROM ranking_key"),
    close: () => file.close(),
  };
}

/** The same store, which has a bug on request. */
export class BreakableRanking implements RankingStore {
  isBroken = false;
  readonly #store: RankingStore;

  constructor(store: RankingStore) {
    this.#store = store;
  }

  get changesMax(): number {
    return this.#store.changesMax;
  }

  get holdsLoop(): boolean {
    return this.#store.holdsLoop;
  }

  apply(...asked: Parameters<RankingStore["apply"]>) {
    return this.#whole().apply(...asked);
  }

  scores(ranking: string, members: string[]) {
    return this.#whole().scores(ranking, members);
  }

  page(ranking: string, start: number, count: number) {
    return this.#whole().page(ranking, start, count);
  }

  around(ranking: string, place: RankedMember, above: number, below: number) {
    return this.#whole().around(ranking, place, above, below);
  }

  histogram(ranking: string) {
    return this.#whole().histogram(ranking);
  }

  size(ranking: string) {
    return this.#whole().size(ranking);
  }

  clear(ranking: string, fence: number) {
    return this.#whole().clear(ranking, fence);
  }

  #whole(): RankingStore {
    if (this.isBroken) throw new Error("the ranking is broken");
    return this.#store;
  }
}

export interface BoardsStageOptions {
  clock: Clock;
  rankings: RankingStore;
  cells: CellStore;
  fenceOf?: (shardId: string) => number | null;
}

export async function boardsStage({ fenceOf = () => 1, ...stores }: BoardsStageOptions) {
  const sql = await temporarySql();
  const heard: string[] = [];
  const changed: string[] = [];
  const listen: Partial<BusinessEvents> = {
    childRestarted: (id, reason) => void heard.push(`restarted ${id}: ${reason}`),
    childParked: (id) => void heard.push(`parked ${id}`),
    copyRebuilt: (what, reason) => void heard.push(`rebuilt ${what}: ${reason}`),
    warned: (message) => void heard.push(message),
  };
  const points = new PointsStore(sql.sql);
  const boards = await LeaderboardSupervisor.start({
    ...stores,
    ...{ fenceOf, points, random: seededRandom(7) },
    events: Object.assign(Object.create(silentEvents), listen),
    changed: (boardId) => void changed.push(boardId),
  });
  return {
    ...{ boards, sql: sql.sql, file: sql.file, points, heard, changed },
    async close() {
      await boards.stop("the test is over");
      await sql.close();
    },
  };
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) {
    await nextTurn();
    // Embedded stores take turns in which sockets are read; such a timer is due before this one.
    if (socketTurnsAwaited() > 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
