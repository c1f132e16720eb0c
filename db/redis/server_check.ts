/**
 * What is asked of every Redis server at the start.
 *
 * A version that lacks sharded pub/sub, or a Cluster that is spoken to as one
 * server, cannot work and stops the start. A server that may forget what it
 * acknowledged works until it matters, so it is warned about, loudly and with
 * what to set. One that does not tell is believed, with a note.
 */
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import type { RedisTarget } from "./redis_url.ts";

const VERSION_MIN = 7;

/**
 * `ask` has every server's INFO, by server.
 * @throws {Failure} `storeUnsupported`, `configInvalid`, and what `ask` throws.
 */
export async function checkServers(
  { shown, isCluster }: RedisTarget,
  ask: () => Promise<Map<string, unknown>>,
  events: BusinessEvents,
): Promise<void> {
  let answers: Map<string, unknown>;
  try {
    answers = await ask();
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable) throw error;
    events.warned(
      `Cannot check that Redis at ${shown} keeps what it acknowledges as its user may not run ` +
        `INFO: see that it has appendonly yes and maxmemory-policy noeviction (${reasonOf(error)})`,
    );
    return;
  }
  for (const [server, answer] of answers) {
    const info = new Map(
      String(answer).split("\r\n").map((line) => line.split(/:(.*)/) as [string, string]),
    );
    const version = info.get("redis_version") ?? "";
    if (Number.parseInt(version) < VERSION_MIN) {
      throw new Failure(
        "storeUnsupported",
        `Cannot use the Redis at ${server} (REDIS_URL) as version ${VERSION_MIN}.0 or later is ` +
          `needed; found: ${version}`,
      );
    }
    if (!isCluster && info.get("cluster_enabled") === "1") {
      throw new Failure(
        "configInvalid",
        `Cannot use the Redis at ${server} alone as it belongs to a Cluster: add /?cluster=1 to ` +
          "REDIS_URL",
      );
    }
    if (info.get("aof_enabled") === "0") {
      events.warned(
        `Redis at ${server} loses what it acknowledged when it ends: set appendonly yes and ` +
          "appendfsync everysec",
      );
    }
    const policy = info.get("maxmemory_policy");
    if (policy !== undefined && policy !== "noeviction") {
      events.warned(
        `Redis at ${server} throws ledgers away when its memory is full (maxmemory-policy ` +
          `${policy}): set maxmemory-policy noeviction`,
      );
    }
  }
}
