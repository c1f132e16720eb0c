/**
 * The way to Redis, to one server or to a Cluster.
 *
 * A command gets an answer within a second or fails with `storeUnavailable`, and
 * fails at once while there is no connection: nothing queues up behind an outage
 * and no owner hangs. Commands are written as they come, many under way on one
 * connection; batches of ioredis (`enableAutoPipelining`) were no faster and
 * hand a moved slot's error to the caller. Fewer commands are: script_batch.ts. What ioredis repeats by itself within
 * that second (a moved slot, a server that went) is harmless twice: a script
 * refuses its second run, a fact pushed twice is one that came twice.
 */
import { Buffer } from "node:buffer";
import { Cluster, Redis } from "ioredis";
import { PARTITIONS } from "../../actors/ports/partition.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import type { Random } from "../../runtime/random.ts";
import type { RedisKeys } from "./keys.ts";
import { connect, connectToServer, type RedisConnection, whenReady } from "./redis_connection.ts";
import { redisFailure } from "./redis_failure.ts";
import { parseRedisUrl, type RedisHost, type RedisTarget } from "./redis_url.ts";
import { type ScriptName, scripts } from "./scripts.ts";
import { checkServers } from "./server_check.ts";

export interface RedisClientOptions {
  url: string;
  keys: RedisKeys;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

export type Argument = string | number | Uint8Array;
type Scripted = Record<string, (...args: (string | number | Buffer)[]) => Promise<unknown>>;

/** Stands for the server where there is one. */
const ONLY_SERVER = "";

export class RedisClient {
  readonly target: RedisTarget;
  readonly #options: RedisClientOptions;
  #connection: RedisConnection;
  /** Hash slot of each partition; only in a Cluster. */
  #slots: number[] = [];
  #trouble: string | null = null;
  #awaySince: number | null = null;
  #closed = false;
  readonly #topologyListeners: (() => void)[] = [];

  private constructor(options: RedisClientOptions) {
    this.target = parseRedisUrl(options.url);
    this.#options = options;
    this.#connection = this.#connect();
  }

  /** @throws {Failure} `configInvalid`, `storeRefused`, `storeUnsupported`, `storeUnavailable`. */
  static async open(options: RedisClientOptions): Promise<RedisClient> {
    const client = new RedisClient(options);
    try {
      await whenReady(client.#connection, options.clock);
      if (client.target.isCluster) client.#slots = await client.#readSlots();
      const ask = () => client.runEverywhere("info", "all");
      await checkServers(client.target, ask, options.events);
    } catch (error) {
      client.close();
      throw client.failure(error);
    }
    return client;
  }

  /**
   * One command; text in its answer is bytes.
   * @throws {Failure} `storeUnavailable`, `storeFull`; whether it was done is then unknown.
   */
  run(command: string, ...args: Argument[]): Promise<unknown> {
    return this.#guarded(() => this.#connection.callBuffer(command, ...args.map(writable)));
  }

  /** One script, as `run`. */
  script(name: ScriptName, keys: string[], args: Argument[]): Promise<unknown> {
    return this.#guarded(() => {
      const scripted = this.#connection as unknown as Scripted;
      const count = scripts[name]!.numberOfKeys === undefined ? [keys.length] : [];
      return scripted[`${name}Buffer`]!(...count, ...keys, ...args.map(writable));
    });
  }

  /** What every server answers to a command, by its name. */
  async runEverywhere(command: string, ...args: string[]): Promise<Map<string, unknown>> {
    const masters = this.#connection instanceof Redis
      ? [this.#connection]
      : this.#connection.nodes("master");
    const answers = masters.map(async (server) => {
      const { host, port } = server.options;
      const answer = await this.#guarded(() => server.callBuffer(command, ...args));
      return [`${host}:${port}`, answer] as const;
    });
    return new Map(await Promise.all(answers));
  }

  /** Names the run of the server behind a partition: another after each of its starts. Null: it does not tell. */
  async lifeOf(partition: number): Promise<string | null> {
    const connection = this.#connection;
    const isServing = ({ options: { host, port } }: Redis) =>
      `${host}:${port}` === this.serverOf(partition);
    const server = connection instanceof Redis
      ? connection
      : connection.nodes("master").find(isServing);
    try {
      const info = await this.#guarded(() => {
        if (server === undefined) throw new Error("there is no connection");
        return server.callBuffer("info", "server");
      });
      return /^run_id:(\w+)/m.exec(String(info))?.[1] ?? null;
    } catch (error) {
      // A user that may not ask was warned about at the start.
      if (error instanceof Failure && !error.retryable) return null;
      throw error;
    }
  }

  /** Who serves a partition now; null where that is not known. */
  serverOf(partition: number): string | null {
    if (this.#connection instanceof Redis) return ONLY_SERVER;
    return this.#connection.slots[this.#slots[partition]!]?.[0] ?? null;
  }

  /** Calls `listener` whenever `serverOf` may answer otherwise. */
  onTopology(listener: () => void): void {
    this.#topologyListeners.push(listener);
  }

  /** Asks the Cluster who serves what. */
  askTopology(): void {
    if (this.#connection instanceof Cluster) this.#connection.refreshSlotsCache();
  }

  /** A connection of its own to one server, for subscriptions; the caller ends it. */
  connectTo(server: string): Redis {
    const host = this.target.isCluster ? hostOf(server) : this.target.hosts[0]!;
    return connectToServer(this.target, host, this.#options.random, "subscriptions");
  }

  /** Puts a new client in the place of one that is of no use any more; false where that failed. */
  async rebuild(reason: string): Promise<boolean> {
    const fresh = this.#connect();
    try {
      await whenReady(fresh, this.#options.clock);
    } catch {
      fresh.disconnect();
      return false;
    }
    if (this.#closed) {
      fresh.disconnect();
      return false;
    }
    const old = this.#connection;
    this.#connection = fresh;
    old.disconnect();
    this.#options.events.copyRebuilt(`the client of ${this.target.shown}`, reason);
    this.#tellTopology();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#connection.disconnect();
  }

  async #guarded(send: () => Promise<unknown>): Promise<unknown> {
    try {
      if (this.#connection.status !== "ready") throw new Error("there is no connection");
      return await send();
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** What `error` means, for whoever asked. */
  failure(error: unknown): unknown {
    return redisFailure(this.target.shown, error, this.#trouble);
  }

  #connect(): RedisConnection {
    const connection = connect(this.target, this.#options.random);
    this.#follow(connection);
    return connection;
  }

  /** Says once that Redis is away and once that it is back. */
  #follow(connection: RedisConnection): void {
    const { events, clock } = this.#options;
    const suffer = (error: unknown) => this.#trouble = troubleOf(error);
    connection.on("error", suffer);
    connection.on("node error", suffer);
    connection.on("refresh", () => this.#tellTopology());
    connection.on("close", () => {
      if (this.#closed || connection !== this.#connection || this.#awaySince !== null) return;
      this.#awaySince = clock.monotonic();
      const why = this.#trouble ?? "the connection was closed";
      events.warned(`Redis at ${this.target.shown} is away: ${why}`);
    });
    connection.on("ready", () => {
      this.#trouble = null;
      if (this.#awaySince === null) return;
      const seconds = ((clock.monotonic() - this.#awaySince) / 1000).toFixed(1);
      this.#awaySince = null;
      events.warned(`Redis at ${this.target.shown} is back after ${seconds} s`);
    });
  }

  #tellTopology(): void {
    for (const listener of this.#topologyListeners) listener();
  }

  async #readSlots(): Promise<number[]> {
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    return await Promise.all(
      partitions.map((partition) =>
        this.run("cluster", "keyslot", this.#options.keys.tag(partition)) as Promise<number>
      ),
    );
  }
}

/** ioredis knows Buffers alone as bytes. */
function writable(argument: Argument): string | number | Buffer {
  if (!(argument instanceof Uint8Array)) return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

function troubleOf(error: unknown): string {
  const { lastNodeError } = error as { lastNodeError?: unknown };
  return lastNodeError instanceof Error ? lastNodeError.message : reasonOf(error);
}

function hostOf(server: string): RedisHost {
  const colon = server.lastIndexOf(":");
  return { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) };
}
