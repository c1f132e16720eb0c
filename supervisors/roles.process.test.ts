/**
 * What a process has in its memory that it never uses, every process of its
 * kind has: a gateway without SQL is a gateway with room for more sockets. So
 * what each role loads is written down here, package by package.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { emptySchema, type MysqlServer, mysqlServer } from "../db/sql/mysql_test_kit.ts";
import { until } from "../drills/until.ts";
import { node24 } from "../ops/node_24.ts";
import { type Program, programs } from "./main_test_kit.ts";

const HOOK = fileURLToPath(new URL("./loaded_packages_child.ts", import.meta.url));
const NODE = node24();

/** The product's own, and the built-in that stands for the embedded stores. */
const WATCHED = [
  ...["ioredis", "jose", "kysely", "mysql2", "node:sqlite", "p-queue", "pbf", "prom-client"],
  ...["sharp", "ws", "xstate"],
];
const EVERY = ["jose", "pbf", "prom-client", "xstate"];

describe("on Node 24", () => {
  let redis: RunningRedis;
  let server: MysqlServer;
  let schema: { url: string; drop(): Promise<void> };
  const { start, folder } = programs();

  beforeAll(async () => {
    redis = await startRedis("--appendonly", "yes");
    server = await mysqlServer();
    schema = await emptySchema(server.url);
    const migration = onNode(["migrate"], "migrate");
    expect(await migration.exitCode).toBe(0);
  });
  afterAll(async () => {
    await redis.stop();
    await schema.drop();
    await server.stop();
  });

  function onNode(words: string[], list: string, isShared = true): Program {
    const stores: Record<string, string> = isShared
      ? { REDIS_URL: redis.url, DATABASE_URL: schema.url }
      : {};
    return start(words, {
      runtime: [NODE, "--import", HOOK],
      settings: { ...stores, LOADED_PACKAGES: folder.path(list) },
    });
  }

  function loadedIn(list: string): string[] {
    const loaded = JSON.parse(readFileSync(folder.path(list), "utf8")) as string[];
    return loaded.filter((name) => WATCHED.includes(name)).toSorted();
  }

  async function live(address: string): Promise<number> {
    const { matches } = await (await fetch(`${address}/api/matches`)).json();
    const isLive = ({ phase }: { phase: string }) => phase !== "scheduled" && phase !== "finished";
    return matches.filter(isLive).length;
  }

  test("the three roles play matches together, and each loads what it uses", async () => {
    const actors = onNode(["--role", "actors"], "actors");
    await actors.says(/^admin /);
    const gateway = onNode(["--role", "gateway"], "gateway");
    const workers = onNode(["--role", "workers"], "workers");
    const [, address] = await gateway.says(/^listening (http:\S+)$/);
    await until("three matches are live", async () => await live(address!) === 3, 30_000);
    for (const program of [gateway, workers, actors]) expect(await program.stop()).toBe(0);
    expect(loadedIn("gateway")).toEqual([...EVERY, "ioredis", "p-queue", "ws"].toSorted());
    expect(loadedIn("workers")).toEqual(
      [...EVERY, "ioredis", "kysely", "mysql2", "p-queue"].toSorted(),
    );
    expect(loadedIn("actors")).toEqual([...EVERY, "ioredis", "kysely", "mysql2"].toSorted());
  });

  test("one process on its own files plays matches, without Redis and MySQL", async () => {
    const all = onNode([], "all", false);
    const [, address] = await all.says(/^listening (http:\S+)$/);
    await until("three matches are live", async () => await live(address!) === 3);
    expect(await all.stop()).toBe(0);
    expect(loadedIn("all")).toEqual(
      [...EVERY, "kysely", "node:sqlite", "p-queue", "ws"].toSorted(),
    );
  });
});
