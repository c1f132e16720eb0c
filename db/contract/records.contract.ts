/**
 * What MatchRecords keeps, sentence by sentence of its port, on every SQL.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fact } from "../../actors/match/match_event.ts";
import { PARTITIONS } from "../../actors/ports/partition.ts";
import type { MatchRecords } from "../../actors/ports/records.ts";
import { limits } from "../../runtime/limits.ts";
import { batch, goalEntries, goalEntry } from "../sql/temporary_sql.ts";
import type { OpenRecords } from "./open_records.ts";
import { describeFixtureRecords } from "./records_fixture.contract.ts";

export function describeRecordsContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} keeps the records contract`, () => {
    let opened: OpenRecords;
    let store: MatchRecords;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    test("gives back what it was given, field by field", async () => {
      const entries = [
        goalEntry(1),
        goalEntry(2, { shadowed: true }),
        goalEntry(3, { trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" }),
      ];
      expect(await store.appendEntries([batch("arg-fra", entries)])).toEqual([
        { outcome: "recorded" },
      ]);
      expect(await store.entriesAfter("arg-fra", 0, 10)).toEqual(entries);
      expect(await store.entriesAfter("arg-fra", 1, 1)).toEqual([entries[1]]);
      expect(await store.top("arg-fra")).toBe(3);
      expect(await store.top("unknown")).toBe(0);
    });

    test("takes the same entries again, whole, in part and with more after them", async () => {
      await store.appendEntries([batch("arg-fra", goalEntries(1, 3))]);
      for (const [first, last] of [[1, 3], [2, 2], [2, 5]] as const) {
        expect(await store.appendEntries([batch("arg-fra", goalEntries(first, last))]))
          .toEqual([{ outcome: "recorded" }]);
      }
      expect(await store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 5));
    });

    test("takes a fact for the same whatever the order of its keys", async () => {
      const { type, ...rest } = goalEntry(1).fact as unknown as Record<string, unknown>;
      const turned = goalEntry(1, { fact: { ...rest, type } as unknown as Fact });
      await store.appendEntries([batch("arg-fra", [goalEntry(1)])]);
      expect(await store.appendEntries([batch("arg-fra", [turned])])).toEqual([
        { outcome: "recorded" },
      ]);
    });

    test("answers conflict where SQL holds another fact, and writes nothing of the batch", async () => {
      await store.appendEntries([batch("arg-fra", goalEntries(1, 2))]);
      const other = goalEntry(2, { fact: { ...goalEntry(2).fact, id: "another" } });
      expect(await store.appendEntries([batch("arg-fra", [other, goalEntry(3)])])).toEqual([
        { outcome: "conflict", seq: 2 },
      ]);
      expect(await store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 2));
    });

    test("answers gap where the entry before is missing", async () => {
      expect(await store.appendEntries([batch("arg-fra", goalEntries(2, 3))])).toEqual([
        { outcome: "gap", seq: 2 },
      ]);
      expect(await store.top("arg-fra")).toBe(0);
    });

    test("answers fenced once a newer owner of the partition has written", async () => {
      await store.appendEntries([batch("arg-fra", [goalEntry(1)], { fence: 7 })]);
      const stale = batch("arg-fra", [goalEntry(2)], { fence: 6 });
      const staleElsewhere = batch("esp-ger", [goalEntry(1)], { fence: 6 });
      expect(await store.appendEntries([stale])).toEqual([{ outcome: "fenced" }]);
      expect(await store.appendEntries([staleElsewhere])).toEqual([{ outcome: "fenced" }]);
      expect(await store.appendEntries([{ ...staleElsewhere, partition: 2 }])).toEqual([
        { outcome: "recorded" },
      ]);
      expect(await store.top("arg-fra")).toBe(1);
    });

    test("of two owners in one call only the newer one writes", async () => {
      expect(
        await store.appendEntries([
          batch("arg-fra", [goalEntry(1)], { fence: 6 }),
          batch("arg-fra", [goalEntry(1)], { fence: 7 }),
        ]),
      ).toEqual([{ outcome: "fenced" }, { outcome: "recorded" }]);
    });

    test("judges each batch by itself", async () => {
      await store.appendEntries([
        batch("arg-fra", [goalEntry(1)], { partition: 3, fence: 9 }),
        batch("esp-ger", [goalEntry(1)]),
      ]);
      const other = goalEntry(1, { fact: { ...goalEntry(1).fact, id: "another" } });
      expect(
        await store.appendEntries([
          batch("arg-fra", [goalEntry(2)], { partition: 3, fence: 8 }),
          batch("bra-cro", [goalEntry(1)], { partition: 4 }),
          batch("esp-ger", [other]),
          batch("bra-cro", [goalEntry(2)], { partition: 4 }),
          batch("mar-por", [goalEntry(4)], { partition: 5 }),
          batch("eng-usa", [], { partition: 6 }),
        ]),
      ).toEqual([
        { outcome: "fenced" },
        { outcome: "recorded" },
        { outcome: "conflict", seq: 1 },
        { outcome: "recorded" },
        { outcome: "gap", seq: 4 },
        { outcome: "recorded" },
      ]);
      expect(await store.top("bra-cro")).toBe(2);
      expect(await store.matchIds()).toEqual(["arg-fra", "bra-cro", "esp-ger"]);
      expect(await store.appendEntries([])).toEqual([]);
    });

    test("takes a whole match at once", async () => {
      await store.appendEntries([batch("arg-fra", goalEntries(1, 2_000))]);
      expect(await store.entriesAfter("arg-fra", 0, 5_000)).toEqual(goalEntries(1, 2_000));
    });

    test("keeps matches apart whose ids differ by case or carry signs of SQL", async () => {
      const ids = ["arg", "ARG", "' OR 1=1 --", "%"];
      for (const id of ids) await store.appendEntries([batch(id, [goalEntry(1)])]);
      expect(await store.matchIds()).toEqual([...ids].sort());
      expect(await store.top("' OR 1=1 --")).toBe(1);
    });

    test("an owner's own fence is admitted again, a newer one raises it", async () => {
      const fence = async (partition: number) =>
        await opened.sql.kysely.selectFrom("partition_fence").select("token")
          .where("id", "=", partition).executeTakeFirstOrThrow();
      expect(await fence(1)).toEqual({ token: 0 });
      for (const [seq, token] of [[1, 5], [2, 5], [3, 1_671_375_600_000]] as const) {
        const added = batch("arg-fra", [goalEntry(seq)], { fence: token });
        expect(await store.appendEntries([added])).toEqual([{ outcome: "recorded" }]);
        expect(await fence(1)).toEqual({ token });
      }
      await store.appendEntries([batch("arg-fra", [goalEntry(4)], { fence: 6 })]);
      expect(await fence(1)).toEqual({ token: 1_671_375_600_000 });
      expect(await fence(2)).toEqual({ token: 0 });
      expect(await store.top("arg-fra")).toBe(3);
    });

    test("keeps every sign of a name, four bytes long or special to SQL", async () => {
      const names = [
        "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u{1F3F4}\u{E0067}\u{E0062}",
        "S\u00E1nchez S\u0061\u0301nchez \u4E09\u7B18\u85FA",
        "O'Neill \\' \\\\ \" `%_ -- /* ? :name \u0000\n\r\u001A",
      ];
      const entries = names.map((name, index) =>
        goalEntry(index + 1, {
          fact: { ...goalEntry(index + 1).fact, id: `id ${index} \\'`, player: { name } } as Fact,
        })
      );
      expect(await store.appendEntries([batch("arg-fra", entries)])).toEqual([
        { outcome: "recorded" },
      ]);
      expect(await store.entriesAfter("arg-fra", 0, 10)).toEqual(entries);
      expect(await store.appendEntries([batch("arg-fra", entries)])).toEqual([
        { outcome: "recorded" },
      ]);
    });

    test("takes the biggest facts of a request, many in one call", async () => {
      // Quotes are the longest to escape.
      const name = "'".repeat(limits.intakeBodyBytesMax);
      const entries = goalEntries(1, limits.historyFlushEntriesMax).map((entry) => ({
        ...entry,
        fact: { ...entry.fact, player: { name } } as Fact,
      }));
      expect(await store.appendEntries([batch("arg-fra", entries)])).toEqual([
        { outcome: "recorded" },
      ]);
      expect(await store.top("arg-fra")).toBe(entries.length);
      expect(await store.entriesAfter("arg-fra", entries.length - 1, 10)).toEqual(
        entries.slice(-1),
      );
    });

    test("takes many matches at once, each of its own partition", async () => {
      const batches = Array.from(
        { length: PARTITIONS },
        (_, partition) =>
          batch(`match-${partition}`, goalEntries(1, 16), { partition, fence: 5 + partition }),
      );
      expect(await store.appendEntries(batches)).toEqual(
        batches.map(() => ({ outcome: "recorded" })),
      );
      for (const { entity: matchId, entries } of batches.slice(0, 3)) {
        expect(await store.entriesAfter(matchId, 0, 100)).toEqual(entries);
      }
      expect((await store.matchIds()).length).toBe(PARTITIONS);
    });

    test("a transaction that breaks off leaves nothing behind, not even a raised fence", async () => {
      const broken = batch("bra-cro", [goalEntry(1), goalEntry(3)], { partition: 2, fence: 7 });
      await expect(store.appendEntries([batch("arg-fra", [goalEntry(1)]), broken])).rejects
        .toThrow("go on after 1");
      expect(await store.matchIds()).toEqual([]);
      const older = batch("bra-cro", [goalEntry(1)], { partition: 2, fence: 6 });
      expect(await store.appendEntries([older])).toEqual([{ outcome: "recorded" }]);
    });

    test("calls at the same time are as calls one after another", async () => {
      for (let top = 0; top < 200; top += 20) {
        const calls = Array.from(
          { length: 20 },
          (_, index) =>
            store.appendEntries([batch("arg-fra", goalEntries(top + 1, top + index + 1))]),
        );
        expect(await Promise.all(calls)).toEqual(calls.map(() => [{ outcome: "recorded" }]));
      }
      expect(await store.entriesAfter("arg-fra", 0, 1_000)).toEqual(goalEntries(1, 200));
    });
  });

  describeFixtureRecords(name, open);
}
