import { afterAll, beforeAll } from "vitest";
import { RedisBroker } from "../db/redis/redis_broker.ts";
import { RedisCell } from "../db/redis/redis_cell.ts";
import { RedisRanking } from "../db/redis/redis_ranking.ts";
import { openTestClient, someRedis, wipe } from "../db/redis/redis_test_kit.ts";
import {
  type MysqlSchema,
  mysqlSchema,
  type MysqlServer,
  mysqlServer,
} from "../db/sql/mysql_test_kit.ts";
import { describeBoards } from "./boards_suite_test_kit.ts";

let redis: Awaited<ReturnType<typeof someRedis>>;
let server: MysqlServer;
let schema: MysqlSchema;
beforeAll(async () => {
  [redis, server] = await Promise.all([someRedis(), mysqlServer()]);
  schema = await mysqlSchema(server.url);
});
afterAll(async () => {
  await schema.drop();
  await Promise.all([redis.stop(), server.stop()]);
});

describeBoards("Redis and MySQL", async () => {
  const parts = await openTestClient(redis.url);
  const broker = new RedisBroker({ ...parts, historyOf: (channel) => `channel/${channel}` });
  return {
    broker,
    cells: new RedisCell(parts.client, parts.keys),
    rankings: new RedisRanking(parts.client, parts.keys),
    sql: schema.sql,
    empty: () => wipe(parts.client, parts.keys),
    async close() {
      broker.close();
      await wipe(parts.client, parts.keys);
      parts.client.close();
    },
  };
});
