/**
 * Leaderboards and groups as real processes serve them: a gateway without SQL,
 * an owner, and a Redis that forgets all ranks.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import {
  type MysqlSchema,
  mysqlSchema,
  type MysqlServer,
  mysqlServer,
} from "../db/sql/mysql_test_kit.ts";
import { until } from "../drills/until.ts";
import { writeChunk } from "./boards_test_kit.ts";
import { programs } from "./main_test_kit.ts";

const FANS = { ana: 50, bea: 30, cem: 30, dan: 10 };
const RANKS = [[1, "ana"], [2, "bea"], [2, "cem"], [4, "dan"]];

let redis: RunningRedis;
let server: MysqlServer;
let schema: MysqlSchema;
const { start } = programs();
beforeAll(async () => {
  [redis, server] = await Promise.all([startRedis(), mysqlServer()]);
  schema = await mysqlSchema(server.url);
});
afterAll(async () => {
  await schema.drop();
  await Promise.all([redis.stop(), server.stop()]);
});

const role = (name: string) =>
  start(["--role", name], { settings: { REDIS_URL: redis.url, DATABASE_URL: schema.url } });

async function json(url: string, init: RequestInit = {}) {
  const reply = await fetch(url, init);
  return { status: reply.status, body: await reply.json() };
}

test(
  "a gateway serves ranks that their owner fills from SQL, and groups; through a new owner too",
  async () => {
    await writeChunk(schema.sql, { chunk: 1, points: FANS });
    const actors = role("actors");
    await actors.says(/^admin /);
    const gateway = role("gateway");
    const [, address] = await gateway.says(/^listening (http:\S+)$/);
    const ranks = async () => {
      const { body } = await json(`${address}/api/leaderboards/global`);
      return body.rows?.map(({ rank, user }: { rank: number; user: string }) => [rank, user]);
    };
    const isRanked = async () => JSON.stringify(await ranks()) === JSON.stringify(RANKS);
    await until("the ranks are those of SQL", isRanked, 20_000);
    const users = await json(`${address}/api/leaderboards/global?users=cem,zoe`);
    expect(users.body.standings).toEqual([
      { user: "cem", rank: 2, points: 30 },
      { user: "zoe", rank: null, points: 0 },
    ]);

    const { body: guest } = await json(`${address}/api/session`, { method: "POST" });
    const headers = { authorization: `Bearer ${guest.token}` };
    const body = JSON.stringify({ name: "Stammtisch" });
    const made = await json(`${address}/api/groups`, { method: "POST", headers, body });
    expect(made).toMatchObject({ status: 201, body: { group: { owner: guest.subject } } });

    actors.kill("SIGKILL");
    await redis.server.tell((connection) => connection.flushall());
    const next = role("actors");
    await next.says(/^admin /);
    await until("the ranks are there again", isRanked, 20_000);
    const { id } = made.body.group;
    const group = await json(`${address}/api/groups/${id}`, { headers });
    expect(group.body).toMatchObject({ id, rows: [{ user: guest.subject, rank: 1, points: 0 }] });
    for (const program of [gateway, next]) expect(await program.stop()).toBe(0);
  },
  90_000,
);
