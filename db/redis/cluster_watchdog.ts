/**
 * Replaces a Cluster client that lost its way.
 *
 * A client may call itself ready while a shard is out of its reach: it holds on
 * to servers that are gone (ioredis #2060) or is sent in circles. So each
 * partition is asked something every second; a partition without any answer for
 * 5 s, not even an error of a server, gets the process a new client. Where that
 * changes nothing the shard itself is dead, and the next try waits twice as long.
 */
import { PARTITIONS } from "../../actors/ports/partition.ts";
import { type Clock, every, type Timer } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisClient } from "./redis_client.ts";

export interface WatchdogOptions {
  client: Pick<RedisClient, "run" | "rebuild">;
  keys: RedisKeys;
  clock: Clock;
}

export class ClusterWatchdog {
  readonly #options: WatchdogOptions;
  readonly #timer: Timer;
  /** Monotonic time of each partition's last answer. */
  readonly #answeredAt: number[];
  #patienceMs: number = limits.redisShardSilentMsMax;
  #rebuiltAt = -Infinity;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    const now = options.clock.monotonic();
    this.#answeredAt = Array.from({ length: PARTITIONS }, () => now);
    this.#timer = every(options.clock, limits.redisPingMs, () => this.#round());
  }

  stop(): void {
    this.#timer.cancel();
  }

  async #round(): Promise<void> {
    await Promise.all(this.#answeredAt.map((_, partition) => this.#ask(partition)));
    const { client, clock } = this.#options;
    const now = clock.monotonic();
    const silent = this.#answeredAt.filter((at) => now - at >= limits.redisShardSilentMsMax);
    if (silent.length === 0) {
      this.#patienceMs = limits.redisShardSilentMsMax;
    } else if (now - this.#rebuiltAt >= this.#patienceMs) {
      this.#rebuiltAt = now;
      this.#patienceMs = Math.min(2 * this.#patienceMs, limits.redisRebuildMsMax);
      const silentMs = Math.round(now - Math.min(...silent));
      await client.rebuild(`${silent.length} partitions without an answer for ${silentMs} ms`);
    }
  }

  async #ask(partition: number): Promise<void> {
    const { client, keys, clock } = this.#options;
    try {
      await client.run("exists", keys.names(partition));
    } catch (error) {
      if (!isAnswer(error)) return;
    }
    this.#answeredAt[partition] = clock.monotonic();
  }
}

/** A server that refuses is one that was reached. */
function isAnswer(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error;
  return cause instanceof Error && cause.name === "ReplyError";
}
