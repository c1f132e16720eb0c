/**
 * The peer that came before us: all ranks anew from the ledger of points, by one
 * statement of MariaDB, into a table that readers could use.
 */
import type { SqlDatabase } from "../../db/sql/sql_database.ts";
import { systemClock } from "../../runtime/clock.ts";
import { startMariadb } from "../../db/sql/mariadb_test_kit.ts";
import { mysqlSchema } from "../../db/sql/mysql_test_kit.ts";
import { mysqlDatabase } from "../../db/sql/mysql_dialect.ts";
import { fanName } from "./board_load.ts";

const ROWS = 2_000;
const ANSWER_MS_MAX = 300_000;

/** Seconds of each run. */
export async function recomputeSeconds(points: Int32Array, runs: number): Promise<number[]> {
  const server = await startMariadb();
  const schema = await mysqlSchema(server.url("mysql"));
  const database = mysqlDatabase(schema.url, { clock: systemClock, answerMsMax: ANSWER_MS_MAX });
  try {
    await fill(database, points);
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) seconds.push(await recompute(database));
    return seconds;
  } finally {
    await database.kysely.destroy();
    await schema.drop();
    await server.stop();
  }
}

async function fill({ kysely, words }: SqlDatabase, points: Int32Array): Promise<void> {
  await kysely.schema.createTable("ranks")
    .addColumn("user_id", words.id, (column) => column.notNull().primaryKey())
    .addColumn("points", "bigint", (column) => column.notNull())
    .addColumn("place", "bigint", (column) => column.notNull())
    .execute();
  for (let from = 0; from < points.length; from += ROWS) {
    const rows = [...points.subarray(from, from + ROWS)].map((score, at) => ({
      ...{ match_id: "m", user_id: fanName(from + at), market: "score", run: 1, points: score },
    }));
    await kysely.insertInto("point_entry").values(rows).execute();
  }
}

async function recompute({ kysely }: SqlDatabase): Promise<number> {
  // The table is this bench's own and in nobody's types.
  const ranks = "ranks" as never;
  await kysely.deleteFrom(ranks).execute();
  const beganAt = systemClock.monotonic();
  await kysely.insertInto(ranks).columns(["user_id", "points", "place"] as never).expression(
    kysely.selectFrom("point_entry").select(({ fn }) => [
      "user_id",
      fn.sum("points").as("points"),
      fn.agg<number>("rank").over((over) => over.orderBy(fn.sum("points"), "desc")).as("place"),
    ]).groupBy("user_id") as never,
  ).execute();
  return (systemClock.monotonic() - beganAt) / 1_000;
}
