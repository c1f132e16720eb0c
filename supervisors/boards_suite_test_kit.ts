/**
 * Leaderboards over owners that come and go, asked from elsewhere: one suite for
 * the embedded stores and the shared ones.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inOrder } from "../actors/leaderboard/board_page.ts";
import { shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { RankingStore } from "../actors/ports/ranking.ts";
import { BoardReader } from "../channels/board_reader.ts";
import { OwnerCaller, OwnerDoors } from "../channels/owner_call.ts";
import { PointsStore } from "../db/sql/points_store.ts";
import type { SqlDatabase } from "../db/sql/sql_database.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { randomId, seededRandom, systemRandom } from "../runtime/random.ts";
import { rank, type SettledChunk, writeChunk } from "./boards_test_kit.ts";
import { LeaderboardSupervisor } from "./leaderboard_supervisor.ts";
import { boardAbilities, RemoteBoards } from "./remote_boards.ts";

export interface SharedParts {
  broker: Broker;
  cells: CellStore;
  rankings: RankingStore;
  sql: SqlDatabase;
  /** As after the loss of all ranks. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

type Node = Awaited<ReturnType<typeof begin>>;

/** An owner of every partition, as long as it is believed to be. */
async function begin({ broker, cells, rankings, sql }: SharedParts, fence: number) {
  const boards = await LeaderboardSupervisor.start({
    ...{ rankings, cells, clock: systemClock, random: systemRandom, events: silentEvents },
    ...{ points: new PointsStore(sql), fenceOf: () => fence, changed: () => {} },
  });
  const doors = new OwnerDoors(broker, boardAbilities(boards));
  return {
    boards,
    async open(board: string) {
      await Promise.all(shardsOf(board).map((shard) => doors.open(partitionOf(shard))));
    },
    closeDoors: (board: string) =>
      shardsOf(board).forEach((shard) => doors.close(partitionOf(shard))),
    stop: () => boards.stop("the test is over"),
  };
}

export function describeBoards(name: string, open: () => Promise<SharedParts>): void {
  describe(`leaderboards on ${name}`, () => {
    let parts: SharedParts;
    let caller: OwnerCaller;
    let remote: RemoteBoards;
    let reader: BoardReader;
    let nodes: Node[];
    /** A board of its own for each test. */
    let board: string;
    beforeEach(async () => {
      parts = await open();
      const node = `reader-${randomId(systemRandom)}`;
      caller = await OwnerCaller.open({ broker: parts.broker, clock: systemClock, node });
      remote = new RemoteBoards(caller);
      reader = new BoardReader({
        ...{ boards: remote, clock: systemClock },
        exists: () => Promise.resolve(true),
      });
      board = `m-${randomId(systemRandom)}`;
      nodes = [];
    });
    afterEach(async () => {
      reader.close();
      caller.close();
      for (const node of nodes) await node.stop();
      await parts.close();
    });

    const owner = async (fence: number) => {
      const node = await begin(parts, fence);
      nodes.push(node);
      await node.open(board);
      return node;
    };
    const chunksOf = (count: number): SettledChunk[] => {
      const random = seededRandom(count);
      return Array.from({ length: count }, (_, at) => ({
        ...{ match: board, chunk: at + 1 },
        points: Object.fromEntries(Array.from({ length: 40 }, (_, fan) => [
          `fan-${String(at * 40 + fan).padStart(4, "0")}`,
          1 + Math.floor(random.fraction() * 25),
        ])),
      }));
    };
    /** Who stands where by a count fan by fan. */
    const expected = (chunks: SettledChunk[]) => {
      const all = chunks.flatMap(({ points }) =>
        Object.entries(points).map(([member, score]) => ({ member, score }))
      ).sort(inOrder);
      return all.map((row) => ({
        ...row,
        rank: 1 + all.filter(({ score }) => score > row.score).length,
      }));
    };
    /** As it is before the boards have it. */
    const write = (chunk: SettledChunk) => writeChunk(parts.sql, { ...chunk, isRanked: false });
    const settle = async (chunks: SettledChunk[]) => {
      for (const chunk of chunks) {
        await write(chunk);
        await rank(remote, board, chunk);
        await parts.sql.kysely.updateTable("settlement_chunk").set({ ranked_at: 2 })
          .where("match_id", "=", board).where("chunk", "=", chunk.chunk).execute();
      }
    };
    const ranks = async () => (await reader.page(board, 0, 100))!.rows;
    const until = async (isSo: () => Promise<boolean>) => {
      for (let tries = 0; tries < 100; tries++) {
        if (await isSo().catch(() => false)) return;
        await new Promise((resolve) => void systemClock.after(50, () => resolve(null)));
      }
      throw new Error("it never came so");
    };

    test("a reader elsewhere sees exact ranks at rest, and a version that stays", async () => {
      await owner(1);
      const chunks = chunksOf(4);
      await settle(chunks);
      const all = expected(chunks);
      await until(async () => (await reader.page(board, 0, 1))!.members === all.length);
      await until(async () => JSON.stringify(await ranks()) === JSON.stringify(all.slice(0, 100)));
      expect((await reader.page(board, 100, 50))!.rows).toEqual(all.slice(100, 150));
      const { member } = all[77]!;
      const around = await reader.around(board, member, 5, 5);
      expect(around!.rows).toEqual(all.slice(72, 83));
      expect((await reader.standings(board, [member, "nobody"]))![0]).toEqual(all[77]);
      const { version } = (await reader.page(board, 0, 1))!;
      expect((await reader.page(board, 0, 1))!.version).toBe(version);
    });

    test("an owner that is lost: who asks is answered by the next, and each chunk counts once", async () => {
      const first = await owner(1);
      const chunks = chunksOf(3);
      await settle(chunks.slice(0, 2));
      await ranks();
      first.closeDoors(board);
      await write(chunks[2]!);
      // Asked while nobody owns the board; answered once somebody does.
      const asked = rank(remote, board, chunks[2]!);
      await owner(2);
      expect(new Set(await asked)).toEqual(new Set(["applied"]));
      expect(new Set(await rank(remote, board, chunks[2]!))).toEqual(new Set(["applied before"]));
      const all = expected(chunks);
      await until(async () => JSON.stringify(await ranks()) === JSON.stringify(all.slice(0, 100)));
    });

    test("an owner of yesterday moves nothing any more", async () => {
      const first = await owner(1);
      const chunks = chunksOf(2);
      await settle(chunks.slice(0, 1));
      first.closeDoors(board);
      await owner(2);
      await Promise.all(shardsOf(board).map((shard) => remote.counts(shard, "")));
      await expect(rank(first.boards, board, chunks[1]!)).rejects.toMatchObject({
        code: "shardUnavailable",
      });
      const all = expected(chunks.slice(0, 1));
      await until(async () => JSON.stringify(await ranks()) === JSON.stringify(all));
    });

    test("a rebuild from SQL gives the same ranks, also when all of them were lost", async () => {
      await owner(1);
      const chunks = chunksOf(4);
      await settle(chunks);
      const all = JSON.stringify(expected(chunks).slice(0, 100));
      for (const shard of shardsOf(board)) {
        expect(await remote.rebuild(shard)).toEqual({ outcome: "done" });
      }
      await until(async () => JSON.stringify(await ranks()) === all);
      await parts.empty();
      for (const shard of shardsOf(board)) await remote.rebuild(shard);
      await until(async () => JSON.stringify(await ranks()) === all);
      expect(new Set(await rank(remote, board, { ...chunks[0]!, run: 2 })))
        .toEqual(new Set(["applied"]));
    });

    test("frozen, a shard keeps its points until it is told otherwise", async () => {
      await owner(1);
      const [chunk] = chunksOf(1);
      for (const shard of shardsOf(board)) await remote.freeze(shard, true);
      await write(chunk!);
      expect(new Set(await rank(remote, board, chunk!))).toEqual(new Set(["refused"]));
      for (const shard of shardsOf(board)) await remote.freeze(shard, false);
      expect(new Set(await rank(remote, board, chunk!))).toEqual(new Set(["applied"]));
    });
  });
}
