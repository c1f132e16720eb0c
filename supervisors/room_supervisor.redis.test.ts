/** Rooms on a real Redis and a real MariaDB. */
import type { Redis } from "ioredis";
import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { randomId, systemRandom } from "../runtime/random.ts";
import type { Config } from "./config.ts";
import { describeRooms, type RoomStores } from "./rooms_suite_test_kit.ts";
import { type SharedStores, startSharedStores } from "./shared_stores_test_kit.ts";
import { openHotStores, openSqlStores } from "./stores.ts";

let shared: SharedStores;
beforeAll(async () => {
  shared = await startSharedStores();
});
afterAll(() => shared?.stop());

async function open(): Promise<RoomStores> {
  const { redis, schema } = shared;
  await schema.empty();
  await redis.server.tell((connection) => connection.flushall());
  const namespace = `test-${randomId(systemRandom, 6)}`;
  const config = { redisUrl: redis.url, databaseUrl: schema.url, namespace, data: "" } as Config;
  const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
  const hot = await openHotStores(config, parts);
  const sqlStores = await openSqlStores(config, parts);
  return {
    hot,
    sql: sqlStores,
    everything: async () => await redis.server.tell(allOfRedis) + await allOfSql(shared),
    async close() {
      await sqlStores.close();
      await hot.close();
    },
  };
}

/** Values as they are: a dump packs long ones. */
async function allOfRedis(connection: Redis): Promise<string> {
  const keys = await connection.keys("*");
  const values = await Promise.all(keys.map(async (key): Promise<unknown> => {
    switch (await connection.type(key)) {
      case "hash":
        return await connection.hgetall(key);
      case "stream":
        return await connection.xrange(key, "-", "+");
      case "zset":
        return await connection.zrange(key, "0", "-1");
      default:
        return await connection.get(key);
    }
  }));
  return JSON.stringify([keys, values]);
}

async function allOfSql({ schema: { sql: database } }: SharedStores): Promise<string> {
  const tables = await database.kysely.introspection.getTables();
  const rows = await Promise.all(
    tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(database.kysely)),
  );
  return JSON.stringify(
    rows.map((result) => result.rows),
    (_name, value) => value?.type === "Buffer" ? String.fromCharCode(...value.data) : value,
  );
}

describeRooms("Redis and MariaDB", open);
