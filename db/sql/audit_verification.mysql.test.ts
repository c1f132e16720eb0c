import { afterAll, beforeAll } from "vitest";
import { auditContract } from "../contract/audit.contract.ts";
import { type MysqlSchema, mysqlSchema, type MysqlServer, mysqlServer } from "./mysql_test_kit.ts";

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

auditContract(() => schema.sql);
