/**
 * What tests of the Redis stores begin with.
 *
 * Where REDIS_URL names a server, the suites that need no faults run on that one,
 * in namespaces of their own that are emptied behind them; else on a private one.
 */
import type { Buffer } from "node:buffer";
import process from "node:process";
import { type BusinessEvents, silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { randomId, systemRandom } from "../../runtime/random.ts";
import { temporaryFolder } from "../embedded/temporary_folder.ts";
import { RedisKeys } from "./keys.ts";
import { RedisClient } from "./redis_client.ts";
import { RedisServer } from "./server_test_kit.ts";

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

/** Events of which a test hears some. */
export function eventsHeard(heard: Partial<BusinessEvents>): BusinessEvents {
  return new Proxy(silentEvents, {
    get: (silent, name) => Reflect.get(heard, name) ?? Reflect.get(silent, name),
  });
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
