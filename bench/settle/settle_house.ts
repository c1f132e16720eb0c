/**
 * What is settled on: a gateway, an owner and a worker over Redis and MariaDB,
 * which flushes each commit and has room in memory for the rows, or one process
 * on its files.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMariadb } from "../../db/sql/mariadb_test_kit.ts";
import { openMysqlDoor, openSqliteDoor } from "../../drills/sql_door.ts";
import { limits } from "../../runtime/limits.ts";
import { startDurableRedis } from "../gateway_process.ts";
import { migrate, startServer } from "../server_process.ts";
import type { Ask } from "./bare_sql.ts";

export interface SettleHouse {
  /** Of the public door. */
  port: number;
  /** Of who settles. */
  admin: string;
  ask: Ask;
  /** Predictions of one chunk. */
  chunkRows: number;
  /** Statements that make `bare_entry`. */
  copy: string;
  /** Who works for it, with the admin listener of those that have one. */
  processes: Record<string, { pid: number; admin?: string }>;
  close(): Promise<void>;
}

const DATABASE = "golazo";
const DATA = fileURLToPath(new URL("../../data", import.meta.url));

export async function openCluster(settings: Record<string, string>): Promise<SettleHouse> {
  const [redis, mariadb] = await Promise.all([
    startDurableRedis(),
    startMariadb("--innodb-buffer-pool-size=1G", "--max-allowed-packet=16M"),
  ]);
  await mariadb.run(`CREATE DATABASE ${DATABASE}`);
  const stores = { REDIS_URL: redis.url, DATABASE_URL: mariadb.url(DATABASE) };
  await migrate(stores.DATABASE_URL);
  const start = (role: string) => startServer({ ...settings, ...stores, GOLAZO_ROLE: role });
  const owner = await start("actors");
  const worker = await start("workers");
  const gateway = await start("gateway");
  const door = await openMysqlDoor(stores.DATABASE_URL);
  return {
    port: gateway.port,
    admin: worker.admin,
    ask: door.ask,
    chunkRows: limits.settlementChunkRowsMysql,
    copy: "CREATE TABLE bare_entry LIKE point_entry",
    processes: { gateway, owner, worker, mariadb, redis: { pid: redis.server.pid } },
    async close() {
      await door.close();
      for (const server of [gateway, worker, owner]) await server.stop();
      await Promise.all([redis.stop(), mariadb.stop()]);
    },
  };
}

export async function openEmbedded(settings: Record<string, string>): Promise<SettleHouse> {
  mkdirSync(DATA, { recursive: true });
  const folder = mkdtempSync(join(DATA, "bench-settle-"));
  const server = await startServer({ ...settings, GOLAZO_DATA: folder });
  const door = openSqliteDoor(join(folder, "golazo.db"));
  return {
    port: server.port,
    admin: server.admin,
    ask: door.ask,
    chunkRows: limits.settlementChunkRowsSqlite,
    copy: "CREATE TABLE bare_entry (match_id varchar(128) NOT NULL, " +
      "user_id varchar(128) NOT NULL, market varchar(128) NOT NULL, run integer NOT NULL, " +
      "points integer NOT NULL, PRIMARY KEY (match_id, user_id, market, run))",
    processes: { server },
    async close() {
      await door.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
