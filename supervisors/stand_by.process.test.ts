/** Two whole processes over one Redis and one MariaDB: one replays, the other goes on when it dies. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { type MysqlSchema, mysqlSchema, mysqlServer } from "../db/sql/mysql_test_kit.ts";
import type { MysqlServer } from "../db/sql/mysql_test_kit.ts";
import { until } from "../drills/until.ts";
import { type Program, programs } from "./main_test_kit.ts";

const { start } = programs();
let redis: RunningRedis;
let server: MysqlServer;
let schema: MysqlSchema;

beforeAll(async () => {
  redis = await startRedis("--appendonly", "yes");
  server = await mysqlServer();
  schema = await mysqlSchema(server.url);
});
afterAll(async () => {
  await schema.drop();
  await Promise.all([redis.stop(), server.stop()]);
});

function begin(): Program {
  return start([], { settings: { REDIS_URL: redis.url, DATABASE_URL: schema.url } });
}

/** The rounds that a server lists, live or not. */
async function listed(address: string): Promise<{ id: string; phase: string }[]> {
  return (await (await fetch(`${address}/api/matches`)).json()).matches;
}

test("a second process stands by, and replays when the first is killed", async () => {
  const first = begin();
  await first.says(/^replaying the bundled matches/);
  const second = begin();
  const [, address] = await second.says(/^listening (http:\S+)$/);
  await second.says(/^standing by to replay the bundled matches: another process does$/);
  await until("three matches are live", async () => {
    const live = (await listed(address!)).filter(({ phase }) =>
      phase !== "scheduled" && phase !== "finished"
    );
    return live.length === 3;
  }, 30_000);
  const before = new Set((await listed(address!)).map(({ id }) => id));
  first.kill("SIGKILL");
  // A replay that begins plays rounds of its own.
  const isNew = ({ id, phase }: { id: string; phase: string }) =>
    !before.has(id) && phase !== "scheduled";
  await until("the second replays", async () => (await listed(address!)).some(isNew), 30_000);
  expect(await second.stop()).toBe(0);
});
