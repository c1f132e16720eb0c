/**
 * The stream primitive on Redis.
 *
 * Entries are a Redis Stream with ids `<position>-0`; a hash beside it carries
 * what an append is judged by (epoch, top, highest fence seen), so judging,
 * writing and publishing are one script and positions have no gap whoever
 * writes. Names of streams are an index of each partition: Redis is never asked
 * for all its keys.
 */
import type { Buffer } from "node:buffer";
import type {
  Append,
  AppendResult,
  StreamEntry,
  StreamPosition,
  StreamStore,
} from "../../actors/ports/stream.ts";
import { PARTITIONS } from "../../actors/ports/partition.ts";
import { assert } from "../../runtime/failure.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import { partitionOfName, type RedisKeys } from "./keys.ts";
import type { RedisClient } from "./redis_client.ts";
import { ScriptBatch } from "./script_batch.ts";

export class RedisStream implements StreamStore {
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #random: Random;
  readonly #appends: ScriptBatch;

  constructor(client: RedisClient, keys: RedisKeys, random: Random) {
    this.#client = client;
    this.#keys = keys;
    this.#random = random;
    const publish = client.target.isCluster ? "SPUBLISH" : "PUBLISH";
    this.#appends = new ScriptBatch(client, "append_entries", () => [publish, randomId(random)]);
  }

  async append(
    stream: string,
    { fence, expectedTop, entries, publish }: Append,
  ): Promise<AppendResult> {
    const judged = `${fence} ${expectedTop}`;
    const [outcome, number, epoch] = await this.#append(stream, judged, entries, publish);
    if (outcome === "fenced") return { outcome, fence: Number(number) };
    return { outcome, top: Number(number), epoch: epoch! };
  }

  async push(stream: string, entries: Uint8Array[]): Promise<number[]> {
    const [, top] = await this.#append(stream, BY_ANYBODY, entries);
    return entries.map((_, index) => Number(top) - entries.length + 1 + index);
  }

  async read(stream: string, after: number, limit: number): Promise<StreamEntry[]> {
    if (limit <= 0) return [];
    const key = this.#keys.entries(stream);
    const held = await this.#client.run("xrange", key, `${after + 1}-0`, "+", "COUNT", limit);
    return (held as [Buffer, [Buffer, Buffer]][]).map(([id, [, bytes]]) => ({
      position: positionOf(id),
      // A copy: the original is a view of all that came with it, up to 64 KiB.
      bytes: new Uint8Array(bytes),
    }));
  }

  async position(stream: string): Promise<StreamPosition | null> {
    const keys = [this.#keys.head(stream), this.#keys.entries(stream)];
    const answer = await this.#client.script("stream_position", keys, []);
    if (answer === null) return null;
    const [epoch, top, oldest] = (answer as Buffer[]).map(String);
    return {
      epoch: epoch!,
      first: oldest === "" ? Number(top) + 1 : positionOf(oldest!),
      top: Number(top),
    };
  }

  async remove(stream: string, positions: number[]): Promise<void> {
    if (positions.length === 0) return;
    const ids = positions.map((position) => `${position}-0`);
    await this.#client.run("xdel", this.#keys.entries(stream), ...ids);
  }

  async trim(stream: string, upTo: number): Promise<void> {
    await this.#client.run("xtrim", this.#keys.entries(stream), "MINID", "=", `${upTo + 1}-0`);
  }

  async reset(stream: string, fence: number, startAt: number): Promise<StreamPosition | null> {
    const epoch = randomId(this.#random);
    const args = [stream, epoch, fence, startAt];
    const isReset = await this.#client.script("reset_stream", this.#keysOf(stream), args);
    return isReset === 1 ? { epoch, first: startAt + 1, top: startAt } : null;
  }

  async renew(stream: string, fence: number): Promise<boolean> {
    const head = this.#keys.head(stream);
    const [life, held] = await Promise.all([
      this.#client.lifeOf(partitionOfName(stream)),
      this.#client.run("hmget", head, "life", "top"),
    ]);
    const [known, top] = (held as (Buffer | null)[]).map((field) => field && String(field));
    if (life === null || known === life) return false;
    const isThere = top !== null;
    if (isThere && await this.reset(stream, fence, Number(top)) === null) return false;
    // Last of all: whoever dies over this has it done again.
    await this.#client.run("hset", head, "life", life);
    return isThere;
  }

  async names(prefix: string): Promise<string[]> {
    const from = encoder.encode(`[${prefix}`);
    // No UTF-8 text has this byte, so it stands behind every name with the prefix.
    const to = Uint8Array.of(...encoder.encode(`[${prefix}`), 0xff);
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    const found = await Promise.all(
      partitions.map((partition) =>
        this.#client.run("zrange", this.#keys.names(partition), from, to, "BYLEX")
      ),
    );
    return (found as Buffer[][]).flat().map(String).sort();
  }

  async #append(
    stream: string,
    judged: string,
    entries: Uint8Array[],
    publish?: Append["publish"],
  ): Promise<[outcome: AppendResult["outcome"], number: string, epoch?: string]> {
    const { channel, payloads } = publish ?? { channel: stream, payloads: [] };
    const partition = partitionOfName(stream);
    assert(
      channel === stream || partitionOfName(channel) === partition,
      `a stream and the channel that it publishes to are of one partition: ${stream}, ${channel}`,
    );
    const answer = await this.#appends.run({
      partition,
      keys: this.#keysOf(stream),
      words: `${judged} ${entries.length} ${payloads.length}`,
      args: [this.#keys.channel(channel), ...entries, ...payloads],
    });
    return String(answer).split(" ") as [AppendResult["outcome"], string, string?];
  }

  #keysOf(stream: string): string[] {
    const keys = this.#keys;
    return [keys.head(stream), keys.entries(stream), keys.names(partitionOfName(stream))];
  }
}

/** In place of fence and expected top. */
const BY_ANYBODY = "- -";
const encoder = new TextEncoder();

/** `17-0` → 17 */
function positionOf(id: Buffer | string): number {
  return Number.parseInt(String(id));
}
