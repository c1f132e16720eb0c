/**
 * What every RankingStore keeps, sentence by sentence of its port.
 *
 * What a rank is, ties and all, is the domain's and not asked here.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RankedMember, RankingStore } from "../../actors/ports/ranking.ts";

export interface OpenRanking {
  store: RankingStore;
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
