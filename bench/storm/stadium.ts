/**
 * The distributed form that a storm comes over, and what it costs: two gateways
 * and one owner by the normal command, on a Redis and a MariaDB of their own that
 * keep what they say.
 */
import { type Mariadb, startMariadb } from "../../db/sql/mariadb_test_kit.ts";
import type { RunningRedis } from "../../db/redis/redis_test_kit.ts";
import { assert } from "../../runtime/failure.ts";
import { startDurableRedis } from "../gateway_process.ts";
import { cpuMs, residentBytes } from "../kernel.ts";
import { migrate, type ServerProcess, startServer } from "../server_process.ts";

const DATABASE = "golazo";
const GATEWAYS = 2;

/** Counted since each store began. */
export interface StoreWork {
  redisCommands: number;
  sqlStatements: number;
}

export class Stadium {
  readonly gateways: ServerProcess[] = [];
  #owner: ServerProcess | null = null;
  readonly #redis: RunningRedis;
  readonly #mariadb: Mariadb;

  private constructor(redis: RunningRedis, mariadb: Mariadb) {
    this.#redis = redis;
    this.#mariadb = mariadb;
  }

  static async open(settings: Record<string, string>): Promise<Stadium> {
    const stadium = new Stadium(...await Promise.all([startDurableRedis(), startMariadb()]));
    try {
      await stadium.#begin(settings);
    } catch (error) {
      await stadium.close();
      throw error;
    }
    return stadium;
  }

  /** Asks MariaDB over a connection of its own; tables are named with `golazo.` before them. */
  sql<T>(statement: string): Promise<T[]> {
    return this.#mariadb.run<T>(statement);
  }

  get ports(): number[] {
    return this.gateways.map(({ port }) => port);
  }

  /** User and system time of all gateways. */
  cpuMs(): number {
    return this.gateways.reduce((sum, { pid }) => sum + cpuMs(pid), 0);
  }

  /** The same of the owner and of MariaDB. */
  backstageCpuMs(): { owner: number; mariadb: number } {
    return { owner: cpuMs(this.#owner!.pid), mariadb: cpuMs(this.#mariadb.pid) };
  }

  residentBytes(): number {
    return this.gateways.reduce((sum, { pid }) => sum + residentBytes(pid), 0);
  }

  ownerBytes(): number {
    return residentBytes(this.#owner!.pid);
  }

  async storeWork(): Promise<StoreWork> {
    const info = await this.#redis.server.tell((redis) => redis.info("commandstats"));
    const calls = [...info.matchAll(/^cmdstat_\S+:calls=(\d+)/gm)].map(([, count]) => +count!);
    const [status] = await this.#mariadb.run<{ Value: string }>(
      "SHOW GLOBAL STATUS LIKE 'Questions'",
    );
    const redisCommands = calls.reduce((sum, count) => sum + count, 0);
    return { redisCommands, sqlStatements: Number(status!.Value) };
  }

  /** Of the gateway that made most. */
  async snapshotBuilds(): Promise<number> {
    const builds = await Promise.all(this.gateways.map(async ({ admin }) => {
      const metrics = await (await fetch(`${admin}/metrics`)).text();
      const [, count] = /^golazo_snapshot_builds_total (\d+)$/m.exec(metrics) ?? [];
      assert(count !== undefined, "a gateway counts its builds");
      return Number(count);
    }));
    return Math.max(...builds);
  }

  async close(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await this.#owner?.stop();
    await Promise.all([this.#redis.stop(), this.#mariadb.stop()]);
  }

  async #begin(settings: Record<string, string>): Promise<void> {
    await this.#mariadb.run(`CREATE DATABASE ${DATABASE}`);
    const stores = { REDIS_URL: this.#redis.url, DATABASE_URL: this.#mariadb.url(DATABASE) };
    await migrate(stores.DATABASE_URL);
    const start = (role: string) => startServer({ ...settings, ...stores, GOLAZO_ROLE: role });
    this.#owner = await start("actors");
    for (let count = 0; count < GATEWAYS; count++) this.gateways.push(await start("gateway"));
  }
}
