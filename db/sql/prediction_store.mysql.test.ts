import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PredictionToTake } from "../../actors/ports/predictions.ts";
import { systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { describePredictionsContract } from "../contract/predictions.contract.ts";
import { mysqlDatabase } from "./mysql_dialect.ts";
import { type MysqlSchema, mysqlSchema, type MysqlServer, mysqlServer } from "./mysql_test_kit.ts";
import { PredictionStore } from "./prediction_store.ts";

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

describePredictionsContract("PredictionStore on MySQL", async () => {
  await schema.empty();
  const { sql, store, warnings } = schema;
  return { sql, store, warnings, close: () => Promise.resolve() };
});

describe("PredictionStore on MySQL", () => {
  test("of fans who use one id at once at two gateways one has it, and nobody's row is touched", async () => {
    await schema.empty();
    await schema.sql.kysely.insertInto("fixture").values({
      ...{ match_id: "arg-fra", competition: "", stage: "", home: "{}", away: "{}", format: "{}" },
      ...{ status: "scheduled", kickoff_at: 0, lock_at: Date.now() + 3_600_000, updated_seq: 1 },
    }).execute();
    const others = [1, 2].map(() => mysqlDatabase(schema.url, { clock: systemClock }));
    const stores = others.map((one) => new PredictionStore(one));
    try {
      for (let round = 0; round < 40; round++) {
        const asked = ["ada", "bob"].map((user): PredictionToTake => ({
          ...{ clientId: `c${round}`, user, match: "arg-fra", market: "finalScore" },
          pick: `${user === "ada" ? 1 : 2}-${round % 20}`,
        }));
        const answers = await Promise.all(
          stores.map((store, at) => untilAnswered(store, asked[at]!)),
        );
        const words = answers.map((one) => one.outcome === "rejected" ? one.code : one.outcome);
        expect(words.toSorted()).toEqual(["notYours", "taken"]);
        const rows = await schema.sql.kysely.selectFrom("prediction").selectAll()
          .where("client_id", "=", `c${round}`).execute();
        const winner = asked[words.indexOf("taken")]!;
        expect(rows).toMatchObject([{ user_id: winner.user, pick: winner.pick }]);
      }
    } finally {
      await Promise.all(others.map(({ kysely }) => kysely.destroy()));
    }
  });
});

/** As who takes predictions does: what is retryable is asked again. */
async function untilAnswered(store: PredictionStore, one: PredictionToTake) {
  for (;;) {
    try {
      return (await store.take([one]))[0]!;
    } catch (error) {
      if (!(error instanceof Failure && error.retryable)) throw error;
    }
  }
}
