import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  mergedTop,
  type RankedRow,
  type Standing,
  standing,
} from "../actors/leaderboard/board_page.ts";
import { shardFor, shardsOf } from "../actors/leaderboard/leaderboard_names.ts";
import { RankHistogram, type ScoreCount } from "../actors/leaderboard/rank_histogram.ts";
import type { Boards, ShardCounts } from "../actors/ports/boards.ts";
import type { RankedMember } from "../actors/ports/ranking.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { BoardReader } from "./board_reader.ts";

const BOARD = "global";

/** Shards that hold what they are told, and count what they are asked. */
class ScriptedBoards implements Pick<Boards, "counts" | "standings" | "around"> {
  readonly points = new Map<string, number>();
  asked: string[] = [];
  withCounts = 0;
  version = 1;
  isAway = false;
  held: Promise<void> = Promise.resolve();
  /** A shard tells only what changed, and its top stayed as it was. */
  belowTop: { shard: string; counts: ScoreCount[] } | null = null;

  give(fan: string, points: number): void {
    this.points.set(fan, points);
    this.version += 1;
  }

  async counts(shardId: string, knownVersion: string): Promise<ShardCounts> {
    this.asked.push(shardId);
    await this.held;
    if (this.isAway) throw new Failure("ownerUnavailable", "nobody", { retryable: true });
    const version = `${shardId.at(-1)}v${this.version}`;
    if (version === knownVersion) return { version, counts: null, top: null };
    this.withCounts += 1;
    if (this.belowTop?.shard === shardId) {
      return { version, counts: this.belowTop.counts, since: knownVersion, top: null };
    }
    const members = this.#of(shardId);
    const counts = this.#histogram(shardId);
    const rows = mergedTop([members], counts, limits.leaderboardPageMax);
    return { version, counts: counts.page(), top: { version, rows } };
  }

  standings(shardId: string, members: string[]): Promise<Standing[]> {
    const counts = this.#histogram(shardId);
    return Promise.resolve(
      members.map((fan) => standing(fan, this.points.get(fan) ?? null, counts)),
    );
  }

  around(
    shardId: string,
    place: RankedMember,
    above: number,
    below: number,
  ): Promise<RankedRow[]> {
    const rows = mergedTop([this.#of(shardId)], this.#histogram(shardId), Infinity);
    const isBefore = (row: RankedMember) =>
      row.score > place.score || (row.score === place.score && row.member < place.member);
    const before = rows.filter(isBefore);
    const there = rows.filter(({ member }) => member === place.member);
    const after = rows.filter((row) => !isBefore(row) && row.member !== place.member);
    return Promise.resolve([
      ...before.slice(Math.max(0, before.length - above)),
      ...there,
      ...after.slice(0, below),
    ]);
  }

  #of(shardId: string): RankedMember[] {
    return [...this.points].filter(([fan, score]) =>
      score !== 0 && shardFor(BOARD, fan) === shardId
    )
      .map(([member, score]) => ({ member, score }));
  }

  #histogram(shardId: string): RankHistogram {
    return new RankHistogram(this.#of(shardId).map(({ score }) => ({ score, members: 1 })));
  }
}

let clock: SimulatedClock;
let boards: ScriptedBoards;
let reader: BoardReader;
beforeEach(() => {
  clock = new SimulatedClock();
  boards = new ScriptedBoards();
  reader = new BoardReader({
    boards: boards as unknown as Boards,
    clock,
    exists: (boardId) => Promise.resolve(boardId === BOARD),
  });
});
afterEach(() => reader.close());

/** Fans with few points, so that there are many ties. */
function fill(fans: number, totals = 40): void {
  for (let fan = 0; fan < fans; fan++) boards.give(`fan-${fan}`, (fan * 7) % totals);
}
/** Who stands where, counted fan by fan. */
function bruteForce(): RankedRow[] {
  const all = [...boards.points].filter(([, score]) => score !== 0)
    .map(([member, score]) => ({ member, score }));
  all.sort((a, b) => b.score - a.score || (a.member < b.member ? -1 : 1));
  return all.map((row) => ({
    ...row,
    rank: 1 + all.filter(({ score }) => score > row.score).length,
  }));
}

describe("BoardReader", () => {
  test("ranks over all shards as a count fan by fan does, however far down", async () => {
    fill(400);
    const all = bruteForce();
    const page = await reader.page(BOARD, 0, 100);
    expect(page).toMatchObject({ members: all.length, rows: all.slice(0, 100) });
    expect((await reader.page(BOARD, 340, 20))!.rows).toEqual(all.slice(340, 360));
    expect((await reader.page(BOARD, 980, 20))!.rows).toEqual([]);
    const fans = ["fan-3", "fan-0", "nobody", "fan-399", "fan-3"];
    expect(await reader.standings(BOARD, fans)).toEqual(
      fans.map((fan) => {
        const row = all.find(({ member }) => member === fan);
        return { member: fan, score: row?.score ?? 0, rank: row?.rank ?? null };
      }),
    );
  });

  test("around a fan stand those that stand around him on the whole board", async () => {
    fill(120);
    const all = bruteForce();
    for (const fan of ["fan-17", all[0]!.member, all.at(-1)!.member]) {
      const at = all.findIndex(({ member }) => member === fan);
      const found = await reader.around(BOARD, fan, 3, 4);
      expect(found!.rows).toEqual(all.slice(Math.max(0, at - 3), at + 5));
      expect(found!.around).toMatchObject({ member: fan, rank: all[at]!.rank });
    }
    expect(await reader.around(BOARD, "fan-0", 3, 4)).toMatchObject({
      around: { rank: null, score: 0 },
      rows: [],
    });
  });

  test("there is no board but those that are", async () => {
    expect(await reader.page("no-match", 0, 10)).toBeNull();
    expect(await reader.standings("Nothing!", ["ana"])).toBeNull();
    expect(await reader.around("competition_x", "ana", 1, 1)).toBeNull();
    expect(boards.asked).toEqual([]);
  });

  test("asks each shard once however many read, and for counts only where they changed", async () => {
    fill(10);
    const pages = await Promise.all(Array.from({ length: 50 }, () => reader.page(BOARD, 0, 5)));
    expect(new Set(pages.map((page) => page!.version)).size).toBe(1);
    expect(boards.asked.sort()).toEqual(shardsOf(BOARD));
    await clock.advance(limits.boardAgeMsMax + 1);
    await reader.page(BOARD, 0, 5);
    expect(boards.asked.length).toBeGreaterThan(shardsOf(BOARD).length);
    expect(boards.withCounts).toBe(shardsOf(BOARD).length);
  });

  test("nobody is given counts that are older than 100 ms", async () => {
    fill(10);
    await reader.page(BOARD, 0, 1);
    boards.give("ana", 99);
    await clock.advance(limits.boardAgeMsMax + 1);
    expect((await reader.page(BOARD, 0, 1))!.rows).toEqual([{ member: "ana", score: 99, rank: 1 }]);
  });

  test("who moved is counted where he is now, and nowhere else", async () => {
    fill(10);
    await reader.page(BOARD, 0, 10);
    boards.give("fan-5", 1);
    boards.give("fan-4", 0);
    await clock.advance(limits.boardAgeMsMax + 1);
    expect(await reader.page(BOARD, 0, 10)).toMatchObject({ members: 8, rows: bruteForce() });
    expect(await reader.totals(BOARD)).toMatchObject({ points: 155 - 34 - 28 });
  });

  test("a top that no shard told again stands, with the ranks of now", async () => {
    fill(600);
    await reader.page(BOARD, 0, 100);
    boards.give("low", 1);
    const shard = shardFor(BOARD, "low")!;
    const low = [...boards.points]
      .filter(([fan, score]) => score === 1 && shardFor(BOARD, fan) === shard);
    boards.belowTop = { shard, counts: [{ score: 1, members: low.length }] };
    await clock.advance(limits.boardAgeMsMax + 1);
    const all = bruteForce();
    expect(await reader.page(BOARD, 0, 100)).toMatchObject({
      members: all.length,
      rows: all.slice(0, 100),
    });
    expect(await reader.standings(BOARD, ["low"])).toMatchObject([
      { score: 1, rank: all.find(({ member }) => member === "low")!.rank },
    ]);
  });

  test("what is under way for too long is asked again for who comes later", async () => {
    fill(10);
    const { promise, resolve } = Promise.withResolvers<void>();
    boards.held = promise;
    const first = reader.page(BOARD, 0, 1);
    while (boards.asked.length === 0) await Promise.resolve();
    await clock.advance(limits.boardAgeMsMax + 1);
    const second = reader.page(BOARD, 0, 1);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    resolve();
    await Promise.all([first, second]);
    expect(boards.asked.length).toBe(2 * shardsOf(BOARD).length);
  });

  test("while a board is read it is asked for ahead, so nobody waits; later no more", async () => {
    fill(10);
    await reader.page(BOARD, 0, 1);
    for (let step = 0; step < 10; step++) await clock.advance(limits.boardRefreshMs);
    boards.give("ana", 99);
    await clock.advance(limits.boardRefreshMs);
    boards.isAway = true;
    // Nobody was asked for this one.
    expect((await reader.page(BOARD, 0, 1))!.rows[0]!.member).toBe("ana");
    boards.isAway = false;
    for (let step = 0; step < 100; step++) await clock.advance(limits.boardRefreshMs);
    const { length } = boards.asked;
    await clock.advance(limits.boardReadMs);
    expect(boards.asked.length).toBe(length);
  });

  test("says so where an owner is away, and goes on once it is back", async () => {
    fill(10);
    boards.isAway = true;
    await expect(reader.page(BOARD, 0, 1)).rejects.toMatchObject({ code: "ownerUnavailable" });
    boards.isAway = false;
    expect(await reader.totals(BOARD)).toMatchObject({ members: 9, points: 155 });
  });
});
