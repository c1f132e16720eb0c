/**
 * What every RankingStore keeps, sentence by sentence of its port.
 *
 * What a rank is, ties and all, is the domain's and not asked here.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packedChanges } from "../../actors/ports/packed_changes.ts";
import type { Applied, RankedMember, RankingStore } from "../../actors/ports/ranking.ts";

export interface OpenRanking {
  store: RankingStore;
  /** The same, which keeps applied keys for 50 ms only. */
  forgetful: RankingStore;
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
  reopen?(): Promise<RankingStore>;
}

/** Its outcome alone. */
async function apply(
  store: RankingStore,
  ...asked: Parameters<RankingStore["apply"]>
): Promise<Applied["outcome"]> {
  return (await store.apply(...asked)).outcome;
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
      expect(await apply(store, "global", "run-1", changes({ ana: 5, bea: 3 }), 1)).toBe("applied");
      expect(await apply(store, "global", "run-2", changes({ ana: -2, cem: 3 }), 1)).toBe(
        "applied",
      );
      expect(await store.scores("global", ["cem", "nobody", "ana", "bea"])).toEqual([
        3,
        null,
        3,
        3,
      ]);
    });

    test("apply happens once per key", async () => {
      await apply(store, "global", "run-1", changes({ ana: 5 }), 1);
      expect(await apply(store, "global", "run-1", changes({ ana: 5, bea: 1 }), 1)).toBe(
        "applied before",
      );
      expect(await page()).toEqual(["ana:5"]);
      expect(await apply(store, "friends", "run-1", changes({ ana: 5 }), 1)).toBe("applied");
    });

    test("apply forgets keys that are older than they are kept, and no others", async () => {
      const { forgetful, elapse } = opened;
      for (let key = 0; key < 12; key++) {
        await apply(forgetful, "global", `old-${key}`, changes({ ana: 1 }), 1);
      }
      await elapse(60);
      expect(await apply(forgetful, "global", "new-1", changes({ ana: 1 }), 1)).toBe("applied");
      expect(await apply(forgetful, "global", "new-1", changes({ ana: 1 }), 1)).toBe(
        "applied before",
      );
      for (let key = 0; key < 12; key++) {
        expect(await apply(forgetful, "global", `old-${key}`, [], 1)).toBe("applied");
      }
      expect(await apply(store, "global", "old-0", [], 1)).toBe("applied before");
      expect(await page()).toEqual(["ana:13"]);
    });

    test("apply refuses a fence lower than it has seen, and does nothing", async () => {
      await apply(store, "global", "run-1", changes({ ana: 5 }), 7);
      expect(await apply(store, "global", "run-2", changes({ ana: 5 }), 6)).toBe("fenced");
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 6)).toBe("fenced");
      expect(await page()).toEqual(["ana:5"]);
      expect(await apply(store, "global", "run-2", changes({ ana: 5 }), 7)).toBe("applied");
    });

    test("apply answers how many went from where to where", async () => {
      const moves = async (key: string, scores: Record<string, number>) => {
        const applied = await store.apply("global", key, changes(scores), 1);
        const all = applied.outcome === "applied" ? applied.moves : [];
        return all.flatMap(({ from, to, members }) =>
          Array.from({ length: members }, () => `${from} to ${to}`)
        ).sort();
      };
      expect(await moves("run-1", { ana: 5, bea: 5, cem: 3 })).toEqual([
        "0 to 3",
        "0 to 5",
        "0 to 5",
      ]);
      expect(await moves("run-2", { ana: -5, bea: 1, cem: 1, dan: 1 })).toEqual([
        "0 to 1",
        "3 to 4",
        "5 to 0",
        "5 to 6",
      ]);
      expect(await moves("run-2", { ana: 9 })).toEqual([]);
    });

    test("apply does nothing where a score would lie beyond the most, and takes it later", async () => {
      const most = (key: string, scores: Record<string, number>) =>
        store.apply("global", key, changes(scores), 1, 10);
      await most("run-1", { ana: 8, bea: -8, cem: 1 });
      expect(await most("run-2", { ana: 3, bea: -3, cem: 1 })).toEqual({
        outcome: "rejected",
        members: expect.toSatisfy((names: string[]) => `${names.toSorted()}` === "ana,bea"),
      });
      expect(await page()).toEqual(["ana:8", "cem:1", "bea:-8"]);
      expect(await most("run-2", { cem: 10 })).toEqual({ outcome: "rejected", members: ["cem"] });
      expect(await most("run-2", { ana: 2, bea: -2 })).toMatchObject({ outcome: "applied" });
      expect(await page()).toEqual(["ana:10", "cem:1", "bea:-10"]);
    });

    test("apply takes packed changes as it takes others, whatever is in a name", async () => {
      const names = ["ana", "b c\n\"'\0", "日本", "é".repeat(64), "x".repeat(128), "🏆"];
      const of = (score: number) => names.map((member, n) => ({ member, score: score - n }));
      await store.apply("open", "run-1", of(5), 1);
      await store.apply("packed", "run-1", packedChanges(of(5)), 1);
      await store.apply("packed", "run-1", packedChanges(of(5)), 1);
      const held = await store.page("open", 0, 9);
      expect(held).toHaveLength(names.length);
      expect(await store.page("packed", 0, 9)).toEqual(held);
    });

    test("apply takes as many changes as it says", async () => {
      const many = Array.from({ length: store.changesMax }, (_, n) => ({
        member: `u${n}`,
        score: 1 + n % 3,
      }));
      expect(await apply(store, "global", "run-1", many, 1)).toBe("applied");
      expect(await apply(store, "global", "run-2", many, 1)).toBe("applied");
      expect(await store.size("global")).toBe(many.length);
    });

    test("apply takes all changes or none", async () => {
      await expect(apply(store, "global", "run-1", changes({ ana: 5, bea: 0.5 }), 1)).rejects
        .toThrow("whole");
      expect(await page()).toEqual([]);
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 1)).toBe("applied");
    });

    test("order is by score, highest first; equal scores by member id", async () => {
      await apply(
        store,
        "global",
        "run-1",
        changes({ cem: 3, ana: 3, dan: 10, bea: -1, eve: 0 }),
        1,
      );
      expect(await page()).toEqual(["dan:10", "ana:3", "cem:3", "eve:0", "bea:-1"]);
    });

    test("page answers from start, at most count", async () => {
      await apply(store, "global", "run-1", changes({ ana: 5, bea: 4, cem: 3 }), 1);
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
        apply(
          store,
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
        await apply(store, "global", "run-2", tied.map((member) => ({ member, score: 7 })), 1);
        expect(await around(7, "fan-237", 1, 1)).toEqual(["fan-236:7", "fan-237:7", "fan-238:7"]);
        expect(await around(7, "fan-000", 1, 1)).toEqual(["cem:9", "fan-000:7", "fan-001:7"]);
        expect(await around(7, "fan-299", 1, 1)).toEqual(["fan-298:7", "fan-299:7", "Zoe:3"]);
      });
    });

    test("an apply of nothing shuts older owners out, also when its key was applied before", async () => {
      await apply(store, "global", "owner", [], 3);
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 2)).toBe("fenced");
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 3)).toBe("applied");
      expect(await apply(store, "global", "owner", [], 4)).toBe("applied before");
      expect(await apply(store, "global", "run-2", changes({ ana: 5 }), 3)).toBe("fenced");
      expect(await page()).toEqual(["ana:5"]);
      expect(await store.histogram("global")).toEqual([{ score: 5, members: 1 }]);
    });

    test("chunks asked for at once are each applied once", async () => {
      const outcomes = await Promise.all(
        ["a", "b", "a", "c", "b"].map((key) =>
          apply(store, "global", key, changes({ ana: 1, bea: -1 }), 1)
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
      expect(await apply(store, "global", "run-1", twice, 1)).toBe("applied");
      expect(await page()).toEqual(["ana:3"]);
      expect(await store.histogram("global")).toEqual([{ score: 3, members: 1 }]);
    });

    test("histogram counts members per score, highest score first", async () => {
      await apply(store, "global", "run-1", changes({ ana: 5, bea: 3, cem: 3, dan: 100 }), 1);
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
      await apply(store, "global", "run-1", changes({ ana: 5, bea: 3 }), 1);
      await apply(store, "global", "run-2", changes({ ana: -2, bea: 0 }), 1);
      expect(await store.histogram("global")).toEqual([{ score: 3, members: 2 }]);
      await apply(store, "global", "run-3", changes({ ana: -3, bea: -4 }), 1);
      expect(await store.histogram("global")).toEqual([
        { score: 0, members: 1 },
        { score: -1, members: 1 },
      ]);
    });

    test("scores past 32 bits stay whole", async () => {
      await apply(store, "global", "run-1", changes({ ana: 5_000_000_000 }), 1);
      await apply(store, "global", "run-2", changes({ ana: 1 }), 1);
      expect(await page()).toEqual(["ana:5000000001"]);
    });

    test("clear forgets members and keys of one ranking, but not the fence", async () => {
      await apply(store, "global", "run-1", changes({ ana: 5 }), 7);
      await apply(store, "friends", "run-1", changes({ ana: 5 }), 7);
      expect(await store.clear("global", 6)).toBe("fenced");
      expect(await store.size("global")).toBe(1);
      expect(await store.clear("global", 8)).toBe("cleared");
      expect(await store.size("global")).toBe(0);
      expect(await store.size("friends")).toBe(1);
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 7)).toBe("fenced");
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 8)).toBe("applied");
    });

    test("everything is there after closing and opening again", async (context) => {
      if (opened.reopen === undefined) return context.skip();
      await apply(store, "global", "run-1", changes({ ana: 5 }), 7);
      store = await opened.reopen();
      expect(await apply(store, "global", "run-1", changes({ ana: 5 }), 7)).toBe("applied before");
      expect(await apply(store, "global", "run-2", changes({ ana: 5 }), 6)).toBe("fenced");
      expect(await page()).toEqual(["ana:5"]);
    });
  });
}
