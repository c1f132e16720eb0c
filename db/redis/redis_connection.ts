/**
 * How a connection to Redis is made: to one server, to a Cluster, or to one
 * server of either for subscriptions.
 *
 * No connection queues commands while it is away, repeats by itself what was
 * under way when it ended, or waits for a silent server; and none gives up.
 */
import { Cluster, type CommonRedisOptions, Redis } from "ioredis";
import type { Clock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { jitter, type Random } from "../../runtime/random.ts";
import type { RedisHost, RedisTarget } from "./redis_url.ts";
import { scripts } from "./scripts.ts";

export type RedisConnection = Redis | Cluster;

/** The way for commands. */
export function connect(target: RedisTarget, random: Random): RedisConnection {
  const [first] = target.hosts;
  if (!target.isCluster) return connectToServer(target, first!, random, "commands");
  return new Cluster(target.hosts, {
    redisOptions: serverOptions(target, "commands"),
    scripts,
    clusterRetryStrategy: (attempt) => retryMs(attempt, random),
    retryDelayOnFailover: limits.redisFailoverRetryMs,
    retryDelayOnClusterDown: limits.redisFailoverRetryMs,
    slotsRefreshInterval: limits.redisTopologyMs,
    // A certificate is for a name, so names stay names.
    dnsLookup: (name, answer) => answer(null, name),
  });
}

export function connectToServer(
  target: RedisTarget,
  server: RedisHost,
  random: Random,
  purpose: "commands" | "subscriptions",
): Redis {
  return new Redis({
    ...serverOptions(target, purpose),
    ...server,
    scripts,
    retryStrategy: (attempt) => retryMs(attempt, random),
    enableOfflineQueue: false,
  });
}

/** While Redis loads its data there is no error, so the first one ends the wait. */
export function whenReady(connection: RedisConnection, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = clock.after(limits.redisConnectMsMax, () => {
      reject(new Error(`it was not ready within ${limits.redisConnectMsMax} ms`));
    });
    const fail = (error: unknown) => {
      deadline.cancel();
      reject(error);
    };
    connection.once("ready", () => {
      deadline.cancel();
      resolve();
    });
    connection.once("error", fail);
    connection.once("end", () => fail(new Error("the connection was closed")));
  });
}

function serverOptions(
  { username, password, db, tls }: RedisTarget,
  purpose: string,
): CommonRedisOptions & { tls?: { ca?: string } } {
  return {
    username,
    password,
    db,
    ...(tls === null ? {} : { tls }),
    connectionName: `golazo-${purpose}`,
    connectTimeout: limits.redisSilentMsMax,
    commandTimeout: limits.redisCommandMsMax,
    socketTimeout: limits.redisSilentMsMax,
    // What was under way when a connection ended fails then, not after the next one is there.
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
  };
}

function retryMs(attempt: number, random: Random): number {
  const { redisRetryMsMin, redisRetryMsMax } = limits;
  const ms = redisRetryMsMin * 2 ** Math.min(attempt - 1, 16);
  return jitter(random, Math.min(ms, redisRetryMsMax));
}
