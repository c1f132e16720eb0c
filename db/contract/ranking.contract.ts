/**
 * What every RankingStore keeps, sentence by sentence of its port.
 *
 * What a rank is, ties and all, is the domain's and not asked here.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RankedMember, RankingStore } from "../../actors/ports/ranking.ts";

export interface OpenRanking {
  store: RankingStore;
  /** The same, which keeps applied keys for 50 ms only. */
  forgetful: RankingStore;
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
  reopen?(): Promise<RankingStore>;
}

export function describeRankingContract(name: string, open: () => Promise<OpenRanking>): void {
  describe(`${name} keeps the ranking contract`, () => {
    let opened: OpenRanking;
    let store: RankingStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const changes = (scores: Record<string, number>): RankedMember[] =>
      Object.entries(scores).map(([member, score]) => ({ member, score }));
    const page = async (start = 0, count = 100) =>
      (await store.page("global", start, count)).map(({ member, score }) => `${member}:${score}`);

    test("apply adds each change to its member's score", async () => {
      expect(await store.apply("global", "run-1", changes({ ana: 5, bea: 3 }), 1)).toBe("applied");
      expect(await store.apply("global", "run-2", changes({ ana: -2, cem: 3 }), 1)).toBe("applied");
      expect(await store.scores("global", ["cem", "nobody", "ana", "bea"])).toEqual([
        3,
        null,
        3,
        3,
      ]);
    });

    test("apply happens once per key", async () => {
      await store.apply("global", "run-1", changes({ ana: 5 }), 1);
      expect(await store.apply("global", "run-1", changes({ ana: 5, bea: 1 }), 1)).toBe(
        "applied before",
      );
      expect(await page()).toEqual(["ana:5"]);
      expect(await store.apply("friends", "run-1", changes({ ana: 5 }), 1)).toBe("applied");
    });

    test("apply forgets keys that are older than they are kept, and no others", async () => {
      const { forgetful, elapse } = opened;
      for (let key = 0; key < 12; key++) {
        await forgetful.apply("global", `old-${key}`, changes({ ana: 1 }), 1);
      }
      await elapse(60);
      expect(await forgetful.apply("global", "new-1", changes({ ana: 1 }), 1)).toBe("applied");
      expect(await forgetful.apply("global", "new-1", changes({ ana: 1 }), 1)).toBe(
        "applied before",
      );
      for (let key = 0; key < 12; key++) {
        expect(await forgetful.apply("global", `old-${key}`, [], 1)).toBe("applied");
      }
      expect(await store.apply("global", "old-0", [], 1)).toBe("applied before");
      expect(await page()).toEqual(["ana:13"]);
    });

    test("apply refuses a fence lower than it has seen, and does nothing", async () => {
      await store.apply("global", "run-1", changes({ ana: 5 }), 7);
      expect(await store.apply("global", "run-2", changes({ ana: 5 }), 6)).toBe("fenced");
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 6)).toBe("fenced");
      expect(await page()).toEqual(["ana:5"]);
      expect(await store.apply("global", "run-2", changes({ ana: 5 }), 7)).toBe("applied");
    });

    test("apply takes all changes or none", async () => {
      await expect(store.apply("global", "run-1", changes({ ana: 5, bea: 0.5 }), 1)).rejects
        .toThrow("whole");
      expect(await page()).toEqual([]);
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 1)).toBe("applied");
    });

    test("order is by score, highest first; equal scores by member id", async () => {
      await store.apply(
        "global",
        "run-1",
        changes({ cem: 3, ana: 3, dan: 10, bea: -1, eve: 0 }),
        1,
      );
      expect(await page()).toEqual(["dan:10", "ana:3", "cem:3", "eve:0", "bea:-1"]);
    });

    test("page answers from start, at most count", async () => {
      await store.apply("global", "run-1", changes({ ana: 5, bea: 4, cem: 3 }), 1);
      expect(await page(1, 1)).toEqual(["bea:4"]);
      expect(await page(2, 5)).toEqual(["cem:3"]);
      expect(await page(3, 5)).toEqual([]);
      expect(await store.page("none", 0, 5)).toEqual([]);
    });

    describe("around", () => {
      const around = async (score: number, member: string, above: number, below: number) =>
        (await store.around("global", { member, score }, above, below))
          .map((row) => `${row.member}:${row.score}`);
      beforeEach(() =>
        store.apply(
          "global",
          "run-1",
          changes({ Zoe: 3, ana: 3, bea: 3, cem: 9, dan: 12, eve: 0, fay: -2 }),
          1,
        )
      );

      test("answers who stands before and after a member, in order", async () => {
        expect(await around(3, "ana", 2, 2)).toEqual(["cem:9", "Zoe:3", "ana:3", "bea:3", "eve:0"]);
        expect(await around(3, "bea", 1, 9)).toEqual(["ana:3", "bea:3", "eve:0", "fay:-2"]);
        expect(await around(12, "dan", 3, 1)).toEqual(["dan:12", "cem:9"]);
        expect(await around(0, "eve", 0, 0)).toEqual(["eve:0"]);
        expect(await around(0, "eve", 2, 0)).toEqual(["ana:3", "bea:3", "eve:0"]);
        expect(await around(9, "cem", 0, 2)).toEqual(["cem:9", "Zoe:3", "ana:3"]);
      });

      test("takes a place that nobody has", async () => {
        expect(await around(3, "b", 1, 1)).toEqual(["ana:3", "bea:3"]);
        expect(await around(5, "ana", 1, 2)).toEqual(["cem:9", "Zoe:3", "ana:3"]);
        expect(await around(99, "ana", 5, 1)).toEqual(["dan:12"]);
        expect(await around(-9, "ana", 2, 5)).toEqual(["eve:0", "fay:-2"]);
        expect(await around(5, "ana", 0, 0)).toEqual([]);
        expect(await store.around("none", { member: "ana", score: 1 }, 5, 5)).toEqual([]);
      });

      test("finds the place in a long tie", async () => {
        const tied = Array.from({ length: 300 }, (_, n) => `fan-${String(n).padStart(3, "0")}`);
        await store.apply("global", "run-2", tied.map((member) => ({ member, score: 7 })), 1);
        expect(await around(7, "fan-237", 1, 1)).toEqual(["fan-236:7", "fan-237:7", "fan-238:7"]);
        expect(await around(7, "fan-000", 1, 1)).toEqual(["cem:9", "fan-000:7", "fan-001:7"]);
        expect(await around(7, "fan-299", 1, 1)).toEqual(["fan-298:7", "fan-299:7", "Zoe:3"]);
      });
    });

    test("an apply of nothing shuts older owners out, also when its key was applied before", async () => {
      await store.apply("global", "owner", [], 3);
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 2)).toBe("fenced");
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 3)).toBe("applied");
      expect(await store.apply("global", "owner", [], 4)).toBe("applied before");
      expect(await store.apply("global", "run-2", changes({ ana: 5 }), 3)).toBe("fenced");
      expect(await page()).toEqual(["ana:5"]);
      expect(await store.histogram("global")).toEqual([{ score: 5, members: 1 }]);
    });

    test("chunks asked for at once are each applied once", async () => {
      const outcomes = await Promise.all(
        ["a", "b", "a", "c", "b"].map((key) =>
          store.apply("global", key, changes({ ana: 1, bea: -1 }), 1)
        ),
      );
      expect(outcomes).toEqual([
        "applied",
        "applied",
        "applied before",
        "applied",
        "applied before",
      ]);
      expect(await page()).toEqual(["ana:3", "bea:-3"]);
      expect(await store.histogram("global")).toEqual([
        { score: 3, members: 1 },
        { score: -3, members: 1 },
      ]);
    });

    test("a member named twice in one change set is moved twice and counted once", async () => {
      const twice = [{ member: "ana", score: 5 }, { member: "ana", score: -2 }];
      expect(await store.apply("global", "run-1", twice, 1)).toBe("applied");
      expect(await page()).toEqual(["ana:3"]);
      expect(await store.histogram("global")).toEqual([{ score: 3, members: 1 }]);
    });

    test("histogram counts members per score, highest score first", async () => {
      await store.apply("global", "run-1", changes({ ana: 5, bea: 3, cem: 3, dan: 100 }), 1);
      expect(await store.histogram("global")).toEqual([
        { score: 100, members: 1 },
        { score: 5, members: 1 },
        { score: 3, members: 2 },
      ]);
      expect(await store.size("global")).toBe(4);
      expect(await store.histogram("none")).toEqual([]);
      expect(await store.size("none")).toBe(0);
    });

    test("histogram forgets a score that nobody has any more, and counts who comes to one", async () => {
      await store.apply("global", "run-1", changes({ ana: 5, bea: 3 }), 1);
      await store.apply("global", "run-2", changes({ ana: -2, bea: 0 }), 1);
      expect(await store.histogram("global")).toEqual([{ score: 3, members: 2 }]);
      await store.apply("global", "run-3", changes({ ana: -3, bea: -4 }), 1);
      expect(await store.histogram("global")).toEqual([
        { score: 0, members: 1 },
        { score: -1, members: 1 },
      ]);
    });

    test("scores past 32 bits stay whole", async () => {
      await store.apply("global", "run-1", changes({ ana: 5_000_000_000 }), 1);
      await store.apply("global", "run-2", changes({ ana: 1 }), 1);
      expect(await page()).toEqual(["ana:5000000001"]);
    });

    test("clear forgets members and keys of one ranking, but not the fence", async () => {
      await store.apply("global", "run-1", changes({ ana: 5 }), 7);
      await store.apply("friends", "run-1", changes({ ana: 5 }), 7);
      expect(await store.clear("global", 6)).toBe("fenced");
      expect(await store.size("global")).toBe(1);
      expect(await store.clear("global", 8)).toBe("cleared");
      expect(await store.size("global")).toBe(0);
      expect(await store.size("friends")).toBe(1);
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 7)).toBe("fenced");
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 8)).toBe("applied");
    });

    test("everything is there after closing and opening again", async (context) => {
      if (opened.reopen === undefined) return context.skip();
      await store.apply("global", "run-1", changes({ ana: 5 }), 7);
      store = await opened.reopen();
      expect(await store.apply("global", "run-1", changes({ ana: 5 }), 7)).toBe("applied before");
      expect(await store.apply("global", "run-2", changes({ ana: 5 }), 6)).toBe("fenced");
      expect(await page()).toEqual(["ana:5"]);
    });
  });
}
