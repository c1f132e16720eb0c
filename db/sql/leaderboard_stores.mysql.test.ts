import { afterAll, beforeAll } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { seededRandom } from "../../runtime/random.ts";
import { describeGroupsContract } from "../contract/groups.contract.ts";
import { describePointsContract } from "../contract/points.contract.ts";
import { GroupStore } from "./group_store.ts";
import { type MysqlSchema, mysqlSchema, type MysqlServer, mysqlServer } from "./mysql_test_kit.ts";
import { PointsStore } from "./points_store.ts";

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

/** Without a row in any of the tables that are filled here. */
async function emptied() {
  const { kysely } = schema.sql;
  const tables = [
    ...["fixture", "point_entry", "settlement_chunk", "settlement_head"] as const,
    ...["fan_group", "group_member"] as const,
  ];
  for (const table of tables) await kysely.deleteFrom(table).execute();
  return { sql: schema.sql, close: () => Promise.resolve() };
}

describePointsContract("PointsStore on MySQL", async () => {
  const opened = await emptied();
  return { ...opened, store: new PointsStore(opened.sql) };
});

describeGroupsContract("GroupStore on MySQL", async () => {
  const { sql, close } = await emptied();
  return { store: new GroupStore(sql, { clock: systemClock, random: seededRandom(3) }), close };
});
