import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fact, MatchEntry } from "../../actors/match/match_event.ts";
import type { EntryBatch } from "../../actors/ports/records.ts";
import { goalEntries, goalEntry, type TemporarySql, temporarySql } from "./temporary_sql.ts";

let opened: TemporarySql;
beforeEach(async () => {
  opened = await temporarySql();
});
afterEach(() => opened.close());

function batch(matchId: string, entries: MatchEntry[], overrides: Partial<EntryBatch> = {}) {
  return { matchId, partition: 1, fence: 5, entries, ...overrides };
}

function record(matchId: string, ...facts: Partial<Fact>[]) {
  const entries = facts.map((fact, index) => {
    const envelope = { provider: "replay", id: `fact-${index}`, revision: 1, occurredAt: 1_000 };
    return goalEntry(index + 1, { fact: { ...envelope, ...fact } as Fact });
  });
  return opened.store.appendEntries([batch(matchId, entries)]);
}

describe("MatchStore.appendEntries", () => {
  test("gives back what it was given, field by field", async () => {
    const entries = [
      goalEntry(1),
      goalEntry(2, { shadowed: true }),
      goalEntry(3, { trace: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" }),
    ];
    expect(await opened.store.appendEntries([batch("arg-fra", entries)])).toEqual([
      { outcome: "recorded" },
    ]);
    expect(await opened.store.entriesAfter("arg-fra", 0, 10)).toEqual(entries);
    expect(await opened.store.entriesAfter("arg-fra", 1, 1)).toEqual([entries[1]]);
    expect(await opened.store.top("arg-fra")).toBe(3);
    expect(await opened.store.top("unknown")).toBe(0);
  });

  test("takes the same entries again, whole, in part and with more after them", async () => {
    await opened.store.appendEntries([batch("arg-fra", goalEntries(1, 3))]);
    for (const [first, last] of [[1, 3], [2, 2], [2, 5]] as const) {
      expect(await opened.store.appendEntries([batch("arg-fra", goalEntries(first, last))]))
        .toEqual([{ outcome: "recorded" }]);
    }
    expect(await opened.store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 5));
  });

  test("takes a fact for the same whatever the order of its keys", async () => {
    const { type, ...rest } = goalEntry(1).fact as unknown as Record<string, unknown>;
    const turned = goalEntry(1, { fact: { ...rest, type } as unknown as Fact });
    await opened.store.appendEntries([batch("arg-fra", [goalEntry(1)])]);
    expect(await opened.store.appendEntries([batch("arg-fra", [turned])])).toEqual([
      { outcome: "recorded" },
    ]);
  });

  test("answers conflict where SQL holds another fact, and writes nothing of the batch", async () => {
    await opened.store.appendEntries([batch("arg-fra", goalEntries(1, 2))]);
    const other = goalEntry(2, { fact: { ...goalEntry(2).fact, id: "another" } });
    expect(await opened.store.appendEntries([batch("arg-fra", [other, goalEntry(3)])])).toEqual([
      { outcome: "conflict", seq: 2 },
    ]);
    expect(await opened.store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 2));
  });

  test("answers gap where the entry before is missing", async () => {
    expect(await opened.store.appendEntries([batch("arg-fra", goalEntries(2, 3))])).toEqual([
      { outcome: "gap", seq: 2 },
    ]);
    expect(await opened.store.top("arg-fra")).toBe(0);
  });

  test("answers fenced once a newer owner of the partition has written", async () => {
    await opened.store.appendEntries([batch("arg-fra", [goalEntry(1)], { fence: 7 })]);
    const stale = batch("arg-fra", [goalEntry(2)], { fence: 6 });
    const staleElsewhere = batch("esp-ger", [goalEntry(1)], { fence: 6 });
    expect(await opened.store.appendEntries([stale])).toEqual([{ outcome: "fenced" }]);
    expect(await opened.store.appendEntries([staleElsewhere])).toEqual([{ outcome: "fenced" }]);
    expect(await opened.store.appendEntries([{ ...staleElsewhere, partition: 2 }])).toEqual([
      { outcome: "recorded" },
    ]);
    expect(await opened.store.top("arg-fra")).toBe(1);
  });

  test("of two owners in one call only the newer one writes", async () => {
    expect(
      await opened.store.appendEntries([
        batch("arg-fra", [goalEntry(1)], { fence: 6 }),
        batch("arg-fra", [goalEntry(1)], { fence: 7 }),
      ]),
    ).toEqual([{ outcome: "fenced" }, { outcome: "recorded" }]);
  });

  test("judges each batch by itself", async () => {
    await opened.store.appendEntries([
      batch("arg-fra", [goalEntry(1)], { partition: 3, fence: 9 }),
      batch("esp-ger", [goalEntry(1)]),
    ]);
    const other = goalEntry(1, { fact: { ...goalEntry(1).fact, id: "another" } });
    expect(
      await opened.store.appendEntries([
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
    expect(await opened.store.top("bra-cro")).toBe(2);
    expect(await opened.store.matchIds()).toEqual(["arg-fra", "bra-cro", "esp-ger"]);
    expect(await opened.store.appendEntries([])).toEqual([]);
  });

  test("takes a whole match at once", async () => {
    await opened.store.appendEntries([batch("arg-fra", goalEntries(1, 2_000))]);
    expect(await opened.store.entriesAfter("arg-fra", 0, 5_000)).toEqual(goalEntries(1, 2_000));
  });

  test("keeps matches apart whose ids differ by case or carry signs of SQL", async () => {
    const ids = ["arg", "ARG", "' OR 1=1 --", "%"];
    for (const id of ids) await opened.store.appendEntries([batch(id, [goalEntry(1)])]);
    expect(await opened.store.matchIds()).toEqual([...ids].sort());
    expect(await opened.store.top("' OR 1=1 --")).toBe(1);
  });

  test("a full disk is a retryable failure that leaves nothing behind", async () => {
    await opened.store.appendEntries([batch("arg-fra", [goalEntry(1)])]);
    const { page_count: pages } = opened.file.row<{ page_count: number }>("PRAGMA page_count")!;
    opened.file.define(`PRAGMA max_page_count = ${pages}`);
    await expect(opened.store.appendEntries([batch("arg-fra", goalEntries(2, 500))])).rejects
      .toMatchObject({ code: "storeFull", retryable: true });
    expect(await opened.store.top("arg-fra")).toBe(1);
    opened.file.define("PRAGMA max_page_count = 100000");
    expect(await opened.store.appendEntries([batch("arg-fra", goalEntries(2, 500))])).toEqual([
      { outcome: "recorded" },
    ]);
  });
});

describe("MatchStore keeps the fixture as the ledger says it", () => {
  const scheduled = {
    type: "match.scheduled",
    competition: "world-cup-2022",
    stage: "final",
    kickoffAt: 1_671_375_600_000,
    home: { id: "arg", name: "Argentina", code: "ARG" },
    away: { id: "fra", name: "France" },
    format: { kind: "cup" },
  } as const;
  const fixture = () =>
    opened.sql.kysely.selectFrom("fixture").selectAll().executeTakeFirstOrThrow();

  test("match.scheduled writes fixture and teams", async () => {
    await record("arg-fra", scheduled);
    expect(await fixture()).toEqual({
      match_id: "arg-fra",
      competition: "world-cup-2022",
      stage: "final",
      kickoff_at: 1_671_375_600_000,
      home: JSON.stringify(scheduled.home),
      away: JSON.stringify(scheduled.away),
      format: '{"kind":"cup"}',
      status: "scheduled",
      updated_seq: 1,
    });
    expect(await opened.sql.kysely.selectFrom("team").selectAll().orderBy("id").execute()).toEqual([
      { id: "arg", name: "Argentina", code: "ARG" },
      { id: "fra", name: "France", code: null },
    ]);
  });

  test("what stops it and what moves it shows, the same entries again change nothing", async () => {
    const facts = [
      scheduled,
      { type: "match.postponed", occurredAt: 2_000 },
      { type: "match.rescheduled", kickoffAt: 1_671_462_000_000, occurredAt: 3_000 },
    ] as const;
    await record("arg-fra", ...facts.slice(0, 2));
    expect(await fixture()).toMatchObject({ status: "postponed", updated_seq: 2 });
    await record("arg-fra", ...facts);
    await record("arg-fra", ...facts.slice(0, 1));
    expect(await fixture()).toMatchObject({
      status: "scheduled",
      kickoff_at: 1_671_462_000_000,
      updated_seq: 3,
    });
  });

  test("follows corrections and passes over what is shadowed", async () => {
    const target = (index: number) => ({ provider: "replay", id: `fact-${index}` });
    const facts = [
      scheduled,
      { type: "match.rescheduled", kickoffAt: 1, occurredAt: 2_000 },
      { type: "event.voided", target: target(1), occurredAt: 3_000 },
      { type: "event.amended", target: target(0), changes: { stage: "semi-final" } },
      { type: "match.cancelled", occurredAt: 4_000 },
      { type: "event.voided", target: target(4), occurredAt: 5_000 },
    ] as const;
    await record("arg-fra", ...facts.slice(0, 5));
    expect(await fixture()).toMatchObject({ status: "cancelled", kickoff_at: 1_671_375_600_000 });
    await record("arg-fra", ...facts);
    expect(await fixture()).toMatchObject({ status: "scheduled", stage: "semi-final" });
    const aside = { ...goalEntry(7).fact, ...scheduled, provider: "other", stage: "group" } as Fact;
    await opened.store.appendEntries([
      batch("arg-fra", [goalEntry(7, { fact: aside, shadowed: true })]),
    ]);
    expect(await fixture()).toMatchObject({ stage: "semi-final" });
  });

  test("a fact that no fold can read is recorded all the same", async () => {
    const broken = { type: "event.amended" } as Partial<Fact>;
    const lineup = { type: "lineup.published", side: "home", players: null } as unknown;
    expect(await record("arg-fra", scheduled, broken, lineup as Partial<Fact>)).toEqual([
      { outcome: "recorded" },
    ]);
    expect(await opened.store.top("arg-fra")).toBe(3);
    expect(opened.warnings[0]).toContain("The fixture of arg-fra stays as it was");
    expect(await opened.sql.kysely.selectFrom("fixture").selectAll().execute()).toEqual([]);
  });

  test("lineup.published writes the squad of its side", async () => {
    await record("arg-fra", scheduled, {
      type: "lineup.published",
      side: "home",
      players: [
        { id: "p-10", name: "Lionel Messi", number: 10, position: "F", starting: true },
        { name: "without an id", starting: false },
      ],
    });
    expect(opened.warnings).toEqual([]);
    expect(await opened.sql.kysely.selectFrom("squad_player").selectAll().execute()).toEqual([
      { team_id: "arg", player_id: "p-10", name: "Lionel Messi", number: 10, position: "F" },
    ]);
  });
});
