/** A process's first minute: what it waits for, what ends it, and with which exit code. */
import { createServer } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { type Mariadb, startMariadb } from "../db/sql/mariadb_test_kit.ts";
import { emptySchema } from "../db/sql/mysql_test_kit.ts";
import { until } from "../drills/until.ts";
import { programs } from "./main_test_kit.ts";

/** Three files of tests run at once, and each start compiles what it loads. */
const PLAYING_MS_MAX = 45_000;
const NOBODY = { redis: "redis://127.0.0.1:1", mysql: "mysql://u:p@127.0.0.1:1/golazo" };

describe("a process that starts", () => {
  let redis: RunningRedis;
  let mariadb: Mariadb;
  let schema: { url: string; drop(): Promise<void> };
  const { start } = programs();
  const both = () => ({ REDIS_URL: redis.url, DATABASE_URL: schema.url });

  beforeAll(async () => {
    redis = await startRedis("--appendonly", "yes");
    mariadb = await startMariadb();
    schema = await emptySchema(mariadb.url("mysql"));
  });
  afterAll(async () => {
    await redis.stop();
    await schema.drop();
    await mariadb.stop();
  });

  test("waits for a Redis, and goes on when it comes", async () => {
    await redis.server.kill();
    const server = start([], { settings: { REDIS_URL: redis.url } });
    const [, admin] = await server.says(/start\.waits .*admin=(http:\S+)/);
    expect(server.said()).toContain(`${redis.url} (REDIS_URL)`);
    expect((await fetch(`${admin}/healthz`)).status).toBe(200);
    const readiness = await fetch(`${admin}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.text()).toContain(`${redis.url} (REDIS_URL)`);
    await redis.server.startAgain();
    await server.says(/^listening /);
    const [, sameAdmin] = await server.says(/^admin (http:\S+)/);
    expect(sameAdmin).toBe(admin);
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  test.each([
    ["REDIS_URL", NOBODY.redis],
    ["DATABASE_URL", NOBODY.mysql],
  ])("that waits for %s ends on SIGTERM at once, exit 0", async (name, url) => {
    const server = start([], { settings: { [name]: url } });
    await server.says(new RegExp(`start\\.waits .*127\\.0\\.0\\.1:1 \\(${name}\\)`));
    const since = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - since).toBeLessThan(2_000);
  });

  test("that waits for a database which takes connections and says nothing ends on SIGTERM", async () => {
    const mute = createServer(() => {}).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as { port: number };
    const server = start([], {
      settings: { DATABASE_URL: `mysql://u:p@127.0.0.1:${port}/golazo` },
    });
    await server.says(/start\.waits .*\(DATABASE_URL\)/);
    expect(await server.stop()).toBe(0);
    mute.close();
  });

  test.each([
    ["a wrong password", () => mariadb.url("mysql", { user: "referee", password: "no" })],
    ["tables that are not the newest", () => schema.url],
  ])("ends at once over %s: exit 69", async (_, url) => {
    const server = start([], { settings: { DATABASE_URL: url() } });
    expect(await server.exitCode).toBe(69);
    expect(server.said()).toMatch(/Cannot use the database .*DATABASE_URL/);
    expect(server.said()).not.toContain("start.waits");
  });

  test("ends at once over a port that is taken: exit 69", async () => {
    const other = createServer().listen(0, "0.0.0.0");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const server = start(["--port", `${port}`]);
    expect(await server.exitCode).toBe(69);
    expect(server.said()).toContain(`Cannot listen on 0.0.0.0:${port}`);
    other.close();
  });

  test.each(["gateway", "actors", "workers"])(
    "as %s refuses without stores to share, each by name: exit 78",
    async (role) => {
      const alone = [{}, { REDIS_URL: NOBODY.redis }, { DATABASE_URL: NOBODY.mysql }];
      for (const settings of alone as Record<string, string>[]) {
        const server = start(["--role", role], { settings });
        expect(await server.exitCode).toBe(78);
        for (const name of ["REDIS_URL", "DATABASE_URL"]) {
          const isNamed = server.said().includes(`${name}: role ${role} needs stores to share`);
          expect(isNamed).toBe(!(name in settings));
        }
      }
    },
  );

  test("is one process on REDIS_URL alone", async () => {
    await playsMatches({ REDIS_URL: redis.url });
  });

  test("is one process on DATABASE_URL alone, once it is migrated", async () => {
    const migration = start(["migrate"], { settings: { DATABASE_URL: schema.url } });
    expect(await migration.exitCode).toBe(0);
    await playsMatches({ DATABASE_URL: schema.url });
  });

  test("is one process on both", async () => {
    await playsMatches({ ...both(), GOLAZO_NAMESPACE: "both" });
  });

  test("warns loudly of a Redis that forgets, and of nothing where it does not", async () => {
    const forgetful = await startRedis("--appendonly", "no", "--maxmemory-policy", "allkeys-lru");
    const warned = start([], { settings: { REDIS_URL: forgetful.url } });
    await warned.says(/^listening /);
    expect(warned.said()).toMatch(/warn .*loses what it acknowledged .*set appendonly yes/);
    expect(warned.said()).toMatch(/warn .*maxmemory-policy allkeys-lru.*noeviction/);
    expect(await warned.stop()).toBe(0);
    await forgetful.stop();
    const content = start([], { settings: { REDIS_URL: redis.url, GOLAZO_NAMESPACE: "calm" } });
    await content.says(/^listening /);
    expect(content.said()).not.toMatch(/appendonly|noeviction/);
    expect(await content.stop()).toBe(0);
  });

  async function playsMatches(settings: Record<string, string>): Promise<void> {
    const server = start([], { settings });
    const [, address] = await server.says(/^listening (http:\S+)$/);
    const live = async () => {
      const { matches } = await (await fetch(`${address}/api/matches`)).json();
      const isLive = ({ phase }: { phase: string }) =>
        phase !== "scheduled" && phase !== "finished";
      return matches.filter(isLive).length;
    };
    // Where a server before it left its history, its matches go on besides.
    await until("three matches are live", async () => await live() >= 3, PLAYING_MS_MAX);
    expect(await server.stop()).toBe(0);
  }
});
