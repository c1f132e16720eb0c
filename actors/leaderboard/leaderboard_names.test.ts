import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaderboardChannel, parseChannel } from "../../protocol/channel_name.ts";
import {
  boardKind,
  boardsOf,
  competitionBoard,
  GLOBAL_BOARD,
  matchBoard,
  shardFor,
  shardsOf,
} from "./leaderboard_names.ts";

const LONG_MATCH = "m".repeat(64);

describe("leaderboard names", () => {
  test("every board has a channel and is known again by its id", () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 128 }), (competition) => {
      const id = competitionBoard(competition);
      expect(parseChannel(leaderboardChannel(id))).toEqual({ kind: "leaderboard", id });
      expect(boardKind(id)).toBe("competition");
    }));
    for (const [id, kind] of [[GLOBAL_BOARD, "global"], [matchBoard(LONG_MATCH), "match"]]) {
      expect(parseChannel(leaderboardChannel(id!))).toEqual({ kind: "leaderboard", id });
      expect(boardKind(id!)).toBe(kind);
    }
  });

  test("no two boards share an id", () => {
    const competitions = ["global", "a", "A", "ü", "b".repeat(42), "b".repeat(43), "a b", "a_b"];
    const ids = ["global", "a", "competition-a", ...competitions.map(competitionBoard)];
    expect(new Set(ids).size).toBe(ids.length);
    expect(competitionBoard("fifa-world-cup-2022")).toBe("competition_fifa-world-cup-2022");
  });

  test("what no board can be called has no kind and no shards", () => {
    for (const id of ["", "Match", "a.0", "a_b", "competition_", "x".repeat(65), "a:b"]) {
      expect([id, boardKind(id), shardsOf(id), shardFor(id, "ana")]).toEqual([id, null, [], null]);
    }
  });

  test("a fan's shard is one of the board's and stays the same", () => {
    expect(shardsOf(GLOBAL_BOARD)).toEqual(["global.0", "global.1", "global.2", "global.3"]);
    expect(shardsOf("arg-fra-2022")).toEqual(["arg-fra-2022.0", "arg-fra-2022.1"]);
    // Names of stored rankings: these may never change.
    expect(["ana", "bea", "cem", "dan"].map((user) => shardFor(GLOBAL_BOARD, user))).toEqual([
      "global.1",
      "global.3",
      "global.0",
      "global.0",
    ]);
    const used = new Map<string, number>();
    for (let n = 0; n < 4_000; n++) {
      const shard = shardFor(GLOBAL_BOARD, `user-${n}`)!;
      used.set(shard, (used.get(shard) ?? 0) + 1);
    }
    expect([...used.keys()].sort()).toEqual(shardsOf(GLOBAL_BOARD));
    expect(Math.min(...used.values())).toBeGreaterThan(850);
  });

  test("points of a match count on three boards, without a competition on two", () => {
    expect(boardsOf("arg-fra-2022", "wc")).toEqual(["arg-fra-2022", "competition_wc", "global"]);
    expect(boardsOf("arg-fra-2022", null)).toEqual(["arg-fra-2022", "global"]);
  });
});
