/**
 * The distributed form of one drill: two gateways, two owners and a worker as
 * real processes over a Redis and a MariaDB of their own.
 *
 * Both stores keep their promises as in production: Redis appends to its file
 * and syncs it every second, a commit of MariaDB is on the disk. Whatever ends
 * the drill also ends the processes and the Redis; MariaDB ends with us by itself.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { type Mariadb, startMariadb } from "../db/sql/mariadb_test_kit.ts";
import { AdminDesk } from "./admin_desk.ts";
import { atEnd } from "./at_end.ts";
import { ServerProcess } from "./server_process.ts";

/** One server, or a Redis Cluster. */
export type AnyRedis = Pick<RunningRedis, "url" | "stop">;

export type Role = "gateway" | "actors" | "workers";

/** A place for a process, filled by one after another. */
export interface Member {
  readonly name: string;
  readonly role: Role;
  server: ServerProcess;
}

export interface StoreUrls {
  redisUrl: string;
  databaseUrl: string;
}

/** Settings of one member by its name, such as other ways to the stores. */
export type MemberSettings = (name: string, stores: StoreUrls) => Promise<Record<string, string>>;

const DATABASE = "golazo";
const OF_ROLE: readonly Role[] = ["gateway", "gateway", "actors", "actors", "workers"];

export function startDurableRedis(): Promise<RunningRedis> {
  return startRedis("--appendonly", "yes", "--appendfsync", "everysec");
}

export class ClusterGroup {
  readonly members: Member[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "golazo-drill-"));
  readonly #dataFolder = join(this.#folder, "data");
  readonly #settings: Record<string, string>;
  readonly #ofMember: MemberSettings;
  readonly #spawned: ServerProcess[] = [];
  /** Itself, for drills that break it. */
  readonly mariadb: Mariadb;
  readonly #redis: AnyRedis;
  readonly #forget = atEnd(() => this.#kill());

  private constructor(
    settings: Record<string, string>,
    ofMember: MemberSettings,
    redis: AnyRedis,
    mariadb: Mariadb,
  ) {
    this.#redis = redis;
    this.mariadb = mariadb;
    this.#ofMember = ofMember;
    this.#settings = {
      ...settings,
      REDIS_URL: redis.url,
      DATABASE_URL: this.databaseUrl,
      // The operator's token is found there; all have the same.
      GOLAZO_DATA: this.#dataFolder,
    };
    mkdirSync(this.#dataFolder);
  }

  /** `settings` by the names of the environment; stores, ports and folder are the group's own. */
  static async start(
    settings: Record<string, string>,
    ofMember: MemberSettings = () => Promise.resolve({}),
    startStore: () => Promise<AnyRedis> = startDurableRedis,
  ): Promise<ClusterGroup> {
    const [redis, mariadb] = await Promise.all([startStore(), startMariadb()]);
    const group = new ClusterGroup(settings, ofMember, redis, mariadb);
    try {
      await group.#begin();
    } catch (error) {
      await group.end();
      throw error;
    }
    return group;
  }

  get redisUrl(): string {
    return this.#redis.url;
  }

  get databaseUrl(): string {
    return this.mariadb.url(DATABASE);
  }

  of(role: Role): Member[] {
    return this.members.filter((member) => member.role === role);
  }

  desk({ server }: Member): AdminDesk {
    return new AdminDesk(server.adminAddress, this.#dataFolder);
  }

  /** Fills the place with a new process, once it listens. */
  async startAgain(member: Member): Promise<void> {
    member.server = await this.#startMember(member.name, member.role);
  }

  /** Has every process end by itself, doors first; answers the names of those that did not. */
  async stopAll(): Promise<string[]> {
    const unclean: string[] = [];
    for (const role of ["gateway", "workers", "actors"] as const) {
      await Promise.all(
        this.of(role).map(async ({ name, server }) => {
          const { code, signal } = await server.stop();
          if (code === 0) return;
          const how = `${name} ended with code ${code}, signal ${signal}`;
          unclean.push(`${how}; it said:\n${server.complaints()}`);
        }),
      );
    }
    return unclean;
  }

  async end(): Promise<void> {
    this.#kill();
    this.#forget();
    await Promise.all([this.#redis.stop(), this.mariadb.stop()]);
  }

  async #begin(): Promise<void> {
    await this.mariadb.run(`CREATE DATABASE ${DATABASE}`);
    const migration = this.#spawn("migrate", {}, ["migrate"]);
    const { code } = await migration.exited;
    if (code !== 0) throw new Error(`Cannot migrate a drill's database:\n${migration.log()}`);
    const places = OF_ROLE.map((role, at) => {
      const number = OF_ROLE.slice(0, at + 1).filter((other) => other === role).length;
      return { name: `${role}-${number}`, role };
    });
    // The first makes the operator's token, which the others find.
    for (const group of [places.slice(0, 1), places.slice(1)]) {
      this.members.push(
        ...await Promise.all(group.map(async ({ name, role }) => {
          const server = await this.#startMember(name, role);
          return { name, role, server };
        })),
      );
    }
  }

  async #startMember(name: string, role: Role): Promise<ServerProcess> {
    const settings = await this.#ofMember(name, this);
    return await this.#spawn(name, { GOLAZO_ROLE: role, ...settings }).listens();
  }

  #spawn(name: string, settings: Record<string, string>, words?: string[]): ServerProcess {
    const log = join(this.#folder, `${name}-${this.#spawned.length + 1}.log`);
    const server = ServerProcess.spawn({ ...this.#settings, ...settings }, log, words);
    this.#spawned.push(server);
    return server;
  }

  #kill(): void {
    for (const server of this.#spawned) server.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
