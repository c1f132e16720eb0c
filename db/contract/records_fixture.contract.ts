/**
 * What MatchRecords makes of a ledger beside it: fixtures, teams and squads.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fact } from "../../actors/match/match_event.ts";
import { batch, goalEntry } from "../sql/temporary_sql.ts";
import type { OpenRecords } from "./open_records.ts";

export function describeFixtureRecords(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} keeps the fixture as the ledger says it`, () => {
    let opened: OpenRecords;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const record = (matchId: string, ...facts: Partial<Fact>[]) => {
      const entries = facts.map((fact, index) => {
        const envelope = {
          provider: "replay",
          id: `fact-${index}`,
          revision: 1,
          occurredAt: 1_000,
        };
        return goalEntry(index + 1, { fact: { ...envelope, ...fact } as Fact });
      });
      return opened.store.appendEntries([batch(matchId, entries)]);
    };
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
        lock_at: 1_671_375_600_000,
        updated_seq: 1,
      });
      expect(await opened.sql.kysely.selectFrom("team").selectAll().orderBy("id").execute())
        .toEqual([
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
      const aside = {
        ...goalEntry(7).fact,
        ...scheduled,
        provider: "other",
        stage: "group",
      } as Fact;
      await opened.store.appendEntries([
        batch("arg-fra", [goalEntry(7, { fact: aside, shadowed: true })]),
      ]);
      expect(await fixture()).toMatchObject({ stage: "semi-final" });
    });

    test("locks predictions at the earlier of kick-off and first whistle; a new date opens them", async () => {
      const whistle = (occurredAt: number) =>
        ({ type: "period.started", period: "firstHalf", occurredAt }) as const;
      const later = { type: "match.rescheduled", kickoffAt: 1_671_462_000_000 } as const;
      await record("arg-fra", scheduled);
      await record("arg-fra", scheduled, later);
      expect(await fixture()).toMatchObject({ lock_at: 1_671_462_000_000 });
      await record("arg-fra", scheduled, later, whistle(1_671_461_999_000));
      expect(await fixture()).toMatchObject({ lock_at: 1_671_461_999_000 });
      await record("bra-cro", scheduled, whistle(1_671_375_660_000));
      const late = await opened.sql.kysely.selectFrom("fixture").select("lock_at")
        .where("match_id", "=", "bra-cro").executeTakeFirstOrThrow();
      expect(late.lock_at).toBe(1_671_375_600_000);
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
}
