/**
 * The hot bodies of messages on Redis: a hash a room.
 *
 * What is put in one turn goes as one command. Removed is gone from memory at
 * once; a server that writes an append-only file has it there until that is
 * rewritten, as a backup has what it was made of.
 */
import type { Buffer } from "node:buffer";
import type { HotBodies } from "../../actors/ports/bodies.ts";
import { partitionOfName, type RedisKeys } from "./keys.ts";
import type { RedisClient } from "./redis_client.ts";
import { ScriptBatch } from "./script_batch.ts";

export class RedisBodies implements HotBodies {
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #puts: ScriptBatch;

  constructor(client: RedisClient, keys: RedisKeys) {
    this.#client = client;
    this.#keys = keys;
    this.#puts = new ScriptBatch(client, "put_bodies");
  }

  async put(room: string, key: string, bytes: Uint8Array): Promise<Uint8Array> {
    const held = await this.#puts.run({
      partition: partitionOfName(room),
      keys: [this.#keys.bodies(room)],
      words: key,
      args: [bytes],
    });
    return new Uint8Array(held as Buffer);
  }

  async get(room: string, keys: string[]): Promise<(Uint8Array | null)[]> {
    if (keys.length === 0) return [];
    const held = await this.#client.run("hmget", this.#keys.bodies(room), ...keys);
    return (held as (Buffer | null)[]).map((bytes) => bytes && new Uint8Array(bytes));
  }

  async remove(room: string, keys: string[]): Promise<void> {
    if (keys.length > 0) await this.#client.run("hdel", this.#keys.bodies(room), ...keys);
  }

  async keys(room: string): Promise<string[]> {
    return (await this.#client.run("hkeys", this.#keys.bodies(room)) as Buffer[]).map(String);
  }
}
