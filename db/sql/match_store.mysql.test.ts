import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BatchOutcome } from "../../actors/ports/records.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { describeRecordsContract } from "../contract/records.contract.ts";
import { type MysqlSchema, mysqlSchema, type MysqlServer, mysqlServer } from "./mysql_test_kit.ts";
import { batch, goalEntries, goalEntry } from "./temporary_sql.ts";

let server: MysqlServer;
let schema: MysqlSchema;
beforeAll(async () => {
  server = await mysqlServer();
  schema = await mysqlSchema(server.url);
});
afterAll(async () => {
  await schema.drop();
  await server.stop();
});

describeRecordsContract("MatchStore on MySQL", async () => {
  await schema.empty();
  const { sql, store, warnings } = schema;
  return { sql, store, warnings, close: () => Promise.resolve() };
});

describe("MatchStore on MySQL", () => {
  beforeEach(() => schema.empty());

  test("of two owners that write at the same time one has the entry, never both", async () => {
    const stores = [schema.another(), schema.another()];
    for (let round = 0; round < 40; round++) {
      const seq = round + 1;
      const outcomes = await Promise.all(stores.map((store, owner) => {
        const fact = { ...goalEntry(seq).fact, id: `of owner ${owner}` };
        return untilAnswered(() =>
          store.appendEntries([
            batch("arg-fra", [goalEntry(seq, { fact })], { fence: 2 * round + owner }),
          ])
        );
      }));
      const words = outcomes.map(([one]) => one!.outcome);
      // The newer owner is never fenced; where the older was first, its entry stands.
      expect(["recorded, conflict", "fenced, recorded"]).toContain(words.join(", "));
      const [entry] = await schema.store.entriesAfter("arg-fra", seq - 1, 10);
      expect(entry!.fact.id).toBe(`of owner ${words.indexOf("recorded")}`);
    }
    const { token } = await schema.sql.kysely.selectFrom("partition_fence").select("token")
      .where("id", "=", 1).executeTakeFirstOrThrow();
    expect(token).toBe(79);
  });

  test("owners of other partitions that write the same teams both get through", async () => {
    const stores = [schema.another(), schema.another()];
    const teams = ["arg", "fra"].map((id) => ({ id, name: id }));
    for (let round = 0; round < 30; round++) {
      const outcomes = await Promise.all(stores.map((store, owner) => {
        const [home, away] = owner === 0 ? teams : teams.toReversed();
        const scheduled = goalEntry(1, {
          fact: {
            ...goalEntry(1).fact,
            ...{ type: "match.scheduled", competition: "cup", stage: "final", kickoffAt: 1_000 },
            ...{ home: home!, away: away!, format: { kind: "cup" } },
          } as never,
        });
        const asked = batch(`match-${round}-${owner}`, [scheduled], { partition: owner });
        return untilAnswered(() => store.appendEntries([asked]));
      }));
      expect(outcomes).toEqual([[{ outcome: "recorded" }], [{ outcome: "recorded" }]]);
    }
  });

  test("a deadlock and a lock that is not given up are retryable", async () => {
    const { kysely } = schema.sql;
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const take = (transaction: typeof kysely, id: number) =>
      transaction.updateTable("partition_fence").set({ token: 1 }).where("id", "=", id).execute();
    const crossed = await Promise.allSettled([
      kysely.transaction().execute(async (transaction) => {
        await take(transaction, 1);
        first.resolve();
        await second.promise;
        await take(transaction, 2);
      }),
      kysely.transaction().execute(async (transaction) => {
        await take(transaction, 2);
        second.resolve();
        await first.promise;
        await take(transaction, 1);
      }),
    ]);
    const refused = crossed.filter((one) => one.status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "storeBusy", retryable: true } }]);

    await kysely.transaction().execute(async (transaction) => {
      await take(transaction, 1);
      await expect(schema.store.appendEntries([batch("arg-fra", [goalEntry(1)])])).rejects
        .toMatchObject({ code: "storeBusy", retryable: true });
    });
    expect(await schema.store.appendEntries([batch("arg-fra", [goalEntry(1)])])).toEqual([
      { outcome: "recorded" },
    ]);
  });

  test("a session killed in the midst of a transaction leaves nothing of it", async () => {
    const { kysely } = schema.sql;
    const team = { id: "arg", name: "Argentina", code: null };
    await kysely.insertInto("team").values(team).execute();
    const scheduled = goalEntry(21, {
      fact: {
        ...goalEntry(21).fact,
        ...{ type: "match.scheduled", competition: "cup", stage: "final", kickoffAt: 1_000 },
        ...{ home: team, away: { id: "fra", name: "France" }, format: { kind: "cup" } },
      } as never,
    });
    const whole = batch("arg-fra", [...goalEntries(1, 20), scheduled]);
    await kysely.transaction().execute(async (transaction) => {
      // The ledger's rows are written by the time the team's is asked for.
      await transaction.updateTable("team").set({ name: "held" }).execute();
      const written = schema.store.appendEntries([whole]).catch((error: Failure) => error);
      await kill("insert into `team`");
      expect(await written).toMatchObject({ code: "storeUnavailable", retryable: true });
    });
    expect(await schema.store.matchIds()).toEqual([]);
    expect(await schema.store.appendEntries([whole])).toEqual([{ outcome: "recorded" }]);
    expect(await schema.store.entriesAfter("arg-fra", 0, 100)).toEqual(whole.entries);
  });
});

/** As the history writer does: what is retryable is asked again. */
async function untilAnswered(ask: () => Promise<BatchOutcome[]>): Promise<BatchOutcome[]> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failure && error.retryable)) throw error;
      await pause(systemClock, limits.historyRetryMsMin);
    }
  }
}

/** Kills the session that runs a statement which begins so. */
async function kill(statement: string): Promise<void> {
  const { kysely } = schema.sql;
  for (;;) {
    const { rows } = await sql<{ id: number }>`
      select id from information_schema.processlist
      where db = database() and info like ${`${statement}%`}`.execute(kysely);
    if (rows.length > 0) {
      await sql.raw(`kill ${rows[0]!.id}`).execute(kysely);
      return;
    }
    await pause(systemClock, 10);
  }
}
