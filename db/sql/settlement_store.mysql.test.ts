import { afterAll, beforeAll } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { emptySettlements } from "../contract/open_settlements.ts";
import { describeSettlementsContract } from "../contract/settlements.contract.ts";
import { type MysqlSchema, mysqlSchema, type MysqlServer, mysqlServer } from "./mysql_test_kit.ts";
import { SettlementStore } from "./settlement_store.ts";

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

describeSettlementsContract("SettlementStore on MySQL", async () => {
  await emptySettlements(schema.sql);
  const options = { clock: systemClock, chunkRows: 4 };
  const store = new SettlementStore(schema.sql, options);
  return { store, sql: schema.sql, close: () => Promise.resolve() };
}, 12);
