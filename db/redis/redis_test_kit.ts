/**
 * Real Redis servers for tests: private ones on free ports in temporary folders.
 *
 * A server is ended by its own process id, whatever the test came to. Where
 * REDIS_URL names a server, the suites that need no faults run on that one, in
 * namespaces of their own that are emptied behind them.
 */
import type { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import process from "node:process";
import { Redis } from "ioredis";
import { type BusinessEvents, silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { reasonOf } from "../../runtime/failure.ts";
import { randomId, systemRandom } from "../../runtime/random.ts";
import { type TemporaryFolder, temporaryFolder } from "../embedded/temporary_folder.ts";
import { RedisKeys } from "./keys.ts";
import { RedisClient } from "./redis_client.ts";

const BINARY = "/usr/bin/redis-server";

export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly #args: string[];
  #child: ChildProcess;

  private constructor(port: number, args: string[]) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#args = args;
    this.#child = spawn(BINARY, args, { stdio: "ignore" });
  }

  static async start(folder: TemporaryFolder, options: string[] = []): Promise<RedisServer> {
    const port = await freePort();
    mkdirSync(folder.path(`${port}`));
    const server = new RedisServer(port, [
      ...["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder.path(`${port}`)],
      ...["--save", "", "--maxmemory-policy", "noeviction", ...options],
    ]);
    await server.#answers();
    return server;
  }

  /** Runs commands on a connection of its own. */
  async tell<T>(talk: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.port, "127.0.0.1", { lazyConnect: true, retryStrategy: null });
    redis.on("error", () => {});
    try {
      await redis.connect();
      return await talk(redis);
    } finally {
      redis.disconnect();
    }
  }

  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  kill(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    const isOver = this.#child.exitCode !== null || this.#child.signalCode !== null;
    this.#child.kill("SIGKILL");
    return isOver ? Promise.resolve() : ended;
  }

  /** On the same port, with what its folder holds. */
  async startAgain(): Promise<void> {
    this.#child = spawn(BINARY, this.#args, { stdio: "ignore" });
    await this.#answers();
  }

  async #answers(): Promise<void> {
    await until(
      `the Redis on port ${this.port} answers`,
      () => this.tell(async (redis) => await redis.ping() === "PONG"),
    );
  }
}

export interface RunningRedis {
  url: string;
  server: RedisServer;
  stop(): Promise<void>;
}

/** A private server. */
export async function startRedis(...options: string[]): Promise<RunningRedis> {
  const folder = temporaryFolder();
  const server = await RedisServer.start(folder, options);
  return {
    url: server.url,
    server,
    async stop() {
      await server.kill();
      folder.remove();
    },
  };
}

/** The server of REDIS_URL where that is set, else a private one. */
export async function someRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.REDIS_URL;
  return url ? { url, stop: () => Promise.resolve() } : await startRedis();
}

export interface RunningCluster {
  url: string;
  /** Three masters, then a replica of each, in the same order. */
  servers: RedisServer[];
  /** The server that the Cluster now sends a key's commands to. */
  masterOf(key: string): Promise<RedisServer>;
  stop(): Promise<void>;
}

const SLOT_RANGES = [[0, 5460], [5461, 10922], [10923, 16383]] as const;

/** Three masters and three replicas in sync; a dead master is replaced after a second or two. */
export async function startCluster(): Promise<RunningCluster> {
  const folder = temporaryFolder();
  const servers = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const busPort = await freePort();
      const options = [
        ...["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"],
        ...["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"],
      ];
      return RedisServer.start(folder, [...options, "--cluster-port", `${busPort}`]);
    }),
  );
  const masters = servers.slice(0, 3);
  await introduce(servers);
  await Promise.all(masters.map((master, at) =>
    master.tell(async (redis) => {
      await redis.call("cluster", "set-config-epoch", at + 1).catch(() => {});
      await redis.call("cluster", "addslotsrange", ...SLOT_RANGES[at]!);
    })
  ));
  await everywhere(
    servers,
    "knows all six",
    async (redis) => /cluster_known_nodes:6/.test(await redis.cluster("INFO") as string),
  );
  const ids = await Promise.all(masters.map((master) => master.tell(idOf)));
  await Promise.all(
    ids.map((id, at) =>
      until(
        `${servers[at + 3]!.port} takes its master`,
        () => servers[at + 3]!.tell(async (redis) => await redis.cluster("REPLICATE", id) === "OK"),
      )
    ),
  );
  await everywhere(
    servers.slice(3),
    "is in sync",
    async (redis) => /master_link_status:up/.test(await redis.info("replication")),
  );
  await everywhere(
    servers,
    "calls the cluster ready",
    async (redis) => /cluster_state:ok/.test(await redis.cluster("INFO") as string),
  );
  return {
    url: `redis://${servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}/?cluster=1`,
    servers,
    masterOf: (key) => masterOf(servers, key),
    async stop() {
      await Promise.all(servers.map((server) => server.kill()));
      folder.remove();
    },
  };
}

/** Everybody meets everybody: gossip alone takes seconds. */
async function introduce(servers: RedisServer[]): Promise<void> {
  const buses = await Promise.all(servers.map((server) =>
    server.tell(async (redis) => {
      const [, busPort] = await redis.config("GET", "cluster-port") as string[];
      return busPort!;
    })
  ));
  await Promise.all(
    servers.map((server) =>
      server.tell((redis) =>
        Promise.all(
          servers.map(({ port }, at) =>
            port === server.port
              ? null
              : redis.call("cluster", "meet", "127.0.0.1", `${port}`, buses[at]!)
          ),
        )
      )
    ),
  );
}

async function idOf(redis: Redis): Promise<string> {
  return await redis.cluster("MYID") as string;
}

async function masterOf(servers: RedisServer[], key: string): Promise<RedisServer> {
  const slots = await servers[0]!.tell((redis) => redis.cluster("SLOTS"));
  const slot = await servers[0]!.tell((redis) => redis.cluster("KEYSLOT", key)) as number;
  const range = (slots as unknown as [number, number, [string, number]][])
    .find(([from, to]) => from <= slot && slot <= to)!;
  return servers.find(({ port }) => port === range[2][1])!;
}

async function everywhere(
  servers: RedisServer[],
  what: string,
  holds: (redis: Redis) => Promise<boolean>,
): Promise<void> {
  await Promise.all(
    servers.map((server) => until(`${server.port} ${what}`, () => server.tell(holds))),
  );
}

/** @throws after 20 s, naming what did not come true. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    let found = "it does not";
    try {
      if (await holds()) return;
    } catch (error) {
      found = reasonOf(error);
    }
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}: ${found}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A client in a namespace of its own. */
export async function openTestClient(url: string, events: BusinessEvents = silentEvents) {
  const namespace = `test-${randomId(systemRandom, 8)}`;
  const keys = new RedisKeys(namespace);
  const parts = { keys, clock: systemClock, random: systemRandom, events };
  const client = await RedisClient.open({ url, ...parts });
  return { client, ...parts };
}

/** Removes every key of the namespace, as if its servers had been emptied. */
export async function wipe(client: RedisClient, keys: RedisKeys): Promise<void> {
  const everyPartition = keys.tag(0).replace("p0}", "p*");
  const found = await client.runEverywhere("keys", everyPartition);
  const names = [...found.values()].flatMap((held) => (held as Buffer[]).map(String));
  await Promise.all(names.map((name) => client.run("del", name)));
}

/** The port is free again when this resolves, and ours if nobody is quicker. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
