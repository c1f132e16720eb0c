/**
 * A private Redis Cluster for tests: three masters, a replica of each, in sync.
 *
 * A dead master is replaced after a second or two. Servers are introduced to each
 * other by hand, since what `redis-cli --cluster create` waits for takes seconds.
 */
import type { Redis } from "ioredis";
import { temporaryFolder } from "../embedded/temporary_folder.ts";
import { freePort, RedisServer, until } from "./server_test_kit.ts";

export interface RunningCluster {
  url: string;
  /** Three masters, then a replica of each, in the same order. */
  servers: RedisServer[];
  /** The server that the Cluster now sends a key's commands to. */
  masterOf(key: string): Promise<RedisServer>;
  /** Gives an empty slot, that of `key`, to the next master. */
  moveSlot(key: string): Promise<void>;
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
    moveSlot: (key) => moveSlot(servers, key),
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

async function moveSlot(servers: RedisServer[], key: string): Promise<void> {
  const slot = await servers[0]!.tell((redis) => redis.cluster("KEYSLOT", key)) as number;
  const from = await masterOf(servers, key);
  const to = servers[(servers.indexOf(from) + 1) % 3]!;
  const [fromId, toId] = [await from.tell(idOf), await to.tell(idOf)];
  const set = (server: RedisServer, ...how: string[]) =>
    server.tell((redis) => redis.call("cluster", "setslot", slot, ...how));
  await set(to, "importing", fromId);
  await set(from, "migrating", toId);
  await set(to, "node", toId);
  await set(from, "node", toId);
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
