/**
 * What Predictions keeps, sentence by sentence of its port, on every SQL.
 */
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PredictionToTake } from "../../actors/ports/predictions.ts";
import { limits } from "../../runtime/limits.ts";
import { PredictionStore } from "../sql/prediction_store.ts";
import type { FixtureTable } from "../sql/tables/fixture.ts";
import type { OpenRecords } from "./open_records.ts";

const HOUR_MS = 3_600_000;
const MATCH = "arg-fra";

export function describePredictionsContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} keeps the predictions contract`, () => {
    let opened: OpenRecords;
    let store: PredictionStore;
    let now: number;
    beforeEach(async () => {
      opened = await open();
      store = new PredictionStore(opened.sql);
      now = await clock();
      await schedule(MATCH, { lock_at: now + HOUR_MS });
    });
    afterEach(() => opened.close());

    async function clock(): Promise<number> {
      const { kysely, words } = opened.sql;
      const { rows } = await sql<{ now: number }>`select ${words.now} as now`.execute(kysely);
      return rows[0]!.now;
    }
    async function schedule(match_id: string, changes: Partial<FixtureTable>): Promise<void> {
      const texts = { competition: "cup", stage: "", home: "{}", away: "{}", format: "{}" };
      const row = { ...texts, status: "scheduled" as const, kickoff_at: 0, updated_seq: 1 };
      await opened.sql.kysely.insertInto("fixture")
        .values({ match_id, lock_at: 0, ...row, ...changes }).execute();
    }
    const rows = () =>
      opened.sql.kysely.selectFrom("prediction").selectAll().orderBy("client_id").execute();
    const ask = (changes: Partial<PredictionToTake> = {}): PredictionToTake => ({
      ...{ clientId: "c1", user: "ada", match: MATCH, market: "finalScore", pick: "2-1" },
      ...changes,
    });
    const take = async (...asks: Partial<PredictionToTake>[]) => await store.take(asks.map(ask));
    const codes = async (...asks: Partial<PredictionToTake>[]) =>
      (await take(...asks)).map((one) => one.outcome === "rejected" ? one.code : one.outcome);

    test("takes by the database's clock, and gives back what it took", async () => {
      expect(await take({})).toEqual([{ outcome: "taken", before: null }]);
      const [own] = await store.ofFan(MATCH, "ada");
      expect(own).toMatchObject({ clientId: "c1", market: "finalScore", pick: "2-1" });
      expect(own!.acceptedAt).toBeGreaterThanOrEqual(now);
      expect(own!.acceptedAt).toBeLessThanOrEqual(await clock());
      expect(await store.ofFan(MATCH, "Ada")).toEqual([]);
    });

    test("the same again is unchanged, another pick takes the place of the first", async () => {
      await take({});
      expect(await take({})).toEqual([{ outcome: "unchanged" }]);
      expect(await take({ pick: "3-1" })).toEqual([{ outcome: "taken", before: "2-1" }]);
      expect(await take({ clientId: "c2", pick: "4-1" })).toEqual([
        { outcome: "taken", before: "3-1" },
      ]);
      expect(await rows()).toMatchObject([{ client_id: "c2", user_id: "ada", pick: "4-1" }]);
    });

    test("of two of a batch the later stands, both told as one after another", async () => {
      expect(await take({}, { clientId: "c2", pick: "0-0" }, { clientId: "c2", pick: "0-0" }))
        .toEqual([
          { outcome: "taken", before: null },
          { outcome: "taken", before: "2-1" },
          { outcome: "unchanged" },
        ]);
      expect(await take({ clientId: "c2", pick: "9-0" }, { clientId: "c2", pick: "0-0" })).toEqual([
        { outcome: "taken", before: "0-0" },
        { outcome: "taken", before: "9-0" },
      ]);
      expect(await rows()).toMatchObject([{ client_id: "c2", pick: "0-0" }]);
    });

    test("refuses what another fan's id names, and an id for another match or market", async () => {
      await schedule("bra-cro", { lock_at: now + HOUR_MS });
      await take({});
      const before = await rows();
      expect(
        await codes(
          { user: "bob" },
          { market: "matchWinner", pick: "home" },
          { match: "bra-cro" },
          { user: "Ada" },
          { user: "ada ", clientId: "c9" },
          { user: "a".repeat(129), clientId: "c10" },
        ),
      ).toEqual(["notYours", "unknownMarket", "unknownMarket", ...Array(3).fill("notYours")]);
      expect(await rows()).toEqual(before);
      expect(await codes({ clientId: "c3", user: "bob" }, { clientId: "c3", user: "eve" }))
        .toEqual(["taken", "notYours"]);
    });

    test("from the lock on nothing is written, but what is there is still told", async () => {
      await take({});
      const before = await rows();
      await lockAt(await clock());
      const [late] = await take({ pick: "3-1" });
      expect(late).toMatchObject({ outcome: "rejected", code: "locked" });
      expect(await codes({}, { clientId: "c2", user: "bob" })).toEqual(["unchanged", "locked"]);
      expect(await codes({ pick: "5-5" }, {})).toEqual(["locked", "unchanged"]);
      expect(await rows()).toEqual(before);
      await lockAt(await clock() + HOUR_MS);
      expect(await codes({ pick: "3-1" })).toEqual(["taken"]);
    });

    test("refuses matches that are unknown or off, and markets taken out, each for itself", async () => {
      await schedule("off", { lock_at: now + HOUR_MS, status: "cancelled" });
      await schedule("delayed", { lock_at: now + HOUR_MS, status: "postponed" });
      await opened.sql.kysely.insertInto("market_void")
        .values({ match_id: MATCH, market: "possession", by: "op", reason: "", at: now }).execute();
      expect(
        await codes(
          { clientId: "a", match: "nobody" },
          { clientId: "b", match: "off" },
          { clientId: "c", market: "possession", pick: "50" },
          { clientId: "d", match: "delayed" },
          { clientId: "e" },
        ),
      ).toEqual(["unknownMatch", "matchVoid", "marketVoid", "taken", "taken"]);
      expect((await rows()).map(({ client_id }) => client_id)).toEqual(["d", "e"]);
    });

    test("counts fans by pick", async () => {
      const fans = ["a", "b", "c"].map((user) => ({ user, clientId: user }));
      await take(...fans, { clientId: "d", market: "matchWinner", pick: "home" });
      await take({ clientId: "a", user: "a", pick: "0-0" });
      const counts = await store.pickCounts(MATCH);
      expect(counts).toHaveLength(3);
      expect(counts).toEqual(expect.arrayContaining([
        { market: "finalScore", pick: "2-1", fans: 2 },
        { market: "finalScore", pick: "0-0", fans: 1 },
        { market: "matchWinner", pick: "home", fans: 1 },
      ]));
      expect(await store.pickCounts("nobody")).toEqual([]);
    });

    test("takes a whole batch of fans at once, and none of nobody", async () => {
      expect(await store.take([])).toEqual([]);
      const fans = Array.from({ length: limits.predictionBatchMax }, (_, at) => ({
        clientId: `c${at}`,
        user: `fan-${at}`,
      }));
      expect(new Set(await codes(...fans))).toEqual(new Set(["taken"]));
      expect(await rows()).toHaveLength(fans.length);
    });

    async function lockAt(at: number): Promise<void> {
      await opened.sql.kysely.updateTable("fixture").set({ lock_at: at })
        .where("match_id", "=", MATCH).execute();
    }
  });
}
