/**
 * What the ledger of points answers leaderboards, on every SQL.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { competitionBoard, shardsOf, sliceOf } from "../../actors/leaderboard/leaderboard_names.ts";
import { chunkKey } from "../../actors/leaderboard/shard_chunks.ts";
import type { PointsLedger } from "../../actors/ports/points_ledger.ts";
import { limits } from "../../runtime/limits.ts";
import type { SqlDatabase } from "../sql/sql_database.ts";

export interface OpenPoints {
  store: PointsLedger;
  /** Migrated, and without a row of a settlement. */
  sql: SqlDatabase;
  close(): Promise<void>;
}

interface Written {
  match: string;
  run?: number;
  chunk: number;
  after?: string | null;
  upTo?: string | null;
  isRanked?: boolean;
  isWritten?: boolean;
  /** By fan: points of one market each. */
  entries: Record<string, number[]>;
}

export function describePointsContract(name: string, open: () => Promise<OpenPoints>): void {
  describe(`${name} keeps the points contract`, () => {
    let opened: OpenPoints;
    let store: PointsLedger;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    async function write(written: Written): Promise<void> {
      const { match, run = 1, chunk, after = null, upTo = null, entries } = written;
      const { isRanked = true, isWritten = true } = written;
      const rows = Object.entries(entries).flatMap(([user_id, points]) =>
        points.map((points, at) => ({
          ...{ match_id: match, user_id, market: `m${at}`, run, points },
        }))
      );
      const { kysely, words } = opened.sql;
      for (let at = 0; at < rows.length; at += 100) {
        await kysely.insertInto("point_entry").values(rows.slice(at, at + 100)).execute();
      }
      const head = { match_id: match, run };
      await words.upsert(kysely.insertInto("settlement_head").values(head), ["match_id"], { run })
        .execute();
      await kysely.insertInto("settlement_chunk").values({
        ...{ match_id: match, run, chunk, after_user: after, up_to_user: upTo },
        ...{ entries: rows.length, points: rows.reduce((sum, row) => sum + row.points, 0) },
        written_at: isWritten ? 1 : null,
        ranked_at: isRanked && isWritten ? 2 : null,
      }).execute();
    }

    /** Of all shards of a board. */
    async function sums(board: string) {
      const found: Record<string, number> = {};
      const keys: string[] = [];
      for (const shard of shardsOf(board)) {
        const { sums, contained } = store.sums(shard);
        for await (const page of sums) for (const one of page) found[one.member] = one.score;
        for await (const page of contained) keys.push(...page);
      }
      return { found, keys };
    }

    test("sums each fan's points over markets and runs, and over the matches of a board", async () => {
      await write({ match: "one", chunk: 1, entries: { ana: [5, 3], Ana: [1], bea: [10] } });
      await write({ match: "one", run: 2, chunk: 1, entries: { ana: [-5], bea: [2] } });
      await write({ match: "two", chunk: 1, entries: { ana: [7] } });
      expect((await sums("one")).found).toEqual({ ana: 3, Ana: 1, bea: 12 });
      expect((await sums("two")).found).toEqual({ ana: 7 });
      expect((await sums("global")).found).toEqual({ ana: 10, Ana: 1, bea: 12 });
      expect((await sums("three")).found).toEqual({});
    });

    test("a competition's board has the matches of its fixtures", async () => {
      const fixture = (match_id: string, competition: string) => ({
        ...{
          match_id,
          competition,
          stage: "",
          kickoff_at: 1,
          home: "{}",
          away: "{}",
          format: "{}",
        },
        ...{ status: "scheduled" as const, lock_at: 1, updated_seq: 1 },
      });
      const cup = "Coupe du monde 2022";
      await opened.sql.kysely.insertInto("fixture")
        .values([fixture("one", cup), fixture("two", "liga"), fixture("six", cup)]).execute();
      for (const match of ["one", "two", "six"]) {
        await write({ match, chunk: 1, entries: { ana: [1], [match]: [2] } });
      }
      expect((await sums(competitionBoard(cup))).found).toEqual({ ana: 2, one: 2, six: 2 });
      expect((await sums(competitionBoard("liga"))).found).toEqual({ ana: 1, two: 2 });
    });

    test("contains what is written, and names the keys of chunks that may come again", async () => {
      await write({ match: "one", chunk: 1, upTo: "bea", entries: { ana: [5], bea: [1] } });
      await write({
        ...{ match: "one", chunk: 2, after: "bea", upTo: "dan", isRanked: false },
        entries: { cem: [4], dan: [2] },
      });
      await write({ match: "one", chunk: 3, after: "dan", isWritten: false, entries: {} });
      const { found, keys } = await sums("one");
      expect(found).toEqual({ ana: 5, bea: 1, cem: 4, dan: 2 });
      const keyOf = (fan: string) => chunkKey("one/1", 2, sliceOf(fan), 0);
      expect(new Set(keys)).toEqual(new Set([keyOf("cem"), keyOf("dan")]));
    });

    test("reads chunks of more fans than a page, each fan in one shard", async () => {
      const fans = limits.pointEntriesReadMax + 50;
      const name = (fan: number) => `fan-${String(fan).padStart(5, "0")}`;
      const entries = Object.fromEntries(
        Array.from({ length: fans }, (_, fan) => [name(fan), [1 + (fan % 3)]]),
      );
      await write({ match: "one", chunk: 1, isRanked: false, entries });
      const { found, keys } = await sums("one");
      expect(Object.keys(found)).toHaveLength(fans);
      expect(found[name(fans - 1)]).toBe(1 + ((fans - 1) % 3));
      // Some 137 fans a slice: three parts of 64 each.
      expect(keys).toEqual(expect.arrayContaining(["one/1/1/0.0", "one/1/1/0.2", "one/1/1/3.2"]));
    });

    test("totals count who has points, and say whether every chunk is on the boards", async () => {
      const totals = async () => {
        const found = await Promise.all(shardsOf("one").map((shard) => store.totals(shard)));
        return {
          members: found.reduce((sum, { members }) => sum + members, 0),
          points: found.reduce((sum, { points }) => sum + points, 0),
          isAtRest: found.every(({ isAtRest }) => isAtRest),
        };
      };
      expect(await totals()).toEqual({ members: 0, points: 0, isAtRest: true });
      await write({ match: "one", chunk: 1, entries: { ana: [5], bea: [1] } });
      expect(await totals()).toEqual({ members: 2, points: 6, isAtRest: true });
      await write({ match: "one", run: 2, chunk: 1, isRanked: false, entries: { bea: [-1] } });
      expect(await totals()).toEqual({ members: 1, points: 5, isAtRest: false });
    });

    test("marks say of the whole board what has been and what is to come", async () => {
      const marks = () => store.marks(shardsOf("one")[0]!);
      expect(await marks()).toEqual({ isAtRest: true, wasRanked: false });
      await write({ match: "one", chunk: 1, isWritten: false, entries: {} });
      expect(await marks()).toEqual({ isAtRest: true, wasRanked: false });
      await write({ match: "one", chunk: 2, isRanked: false, entries: { ana: [5] } });
      expect(await marks()).toEqual({ isAtRest: false, wasRanked: false });
      await write({ match: "one", chunk: 3, entries: { bea: [1] } });
      expect(await marks()).toEqual({ isAtRest: false, wasRanked: true });
      expect(await store.marks(shardsOf("two")[0]!)).toEqual({ isAtRest: true, wasRanked: false });
    });
  });
}
