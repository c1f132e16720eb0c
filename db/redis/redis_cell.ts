/**
 * The cell primitive on Redis: snapshots, leases, sessions, limits, rolls.
 *
 * Time is the server's, inside the scripts too, so nodes need not agree on
 * theirs. A lease's record outlives its holder, so a token is never given twice;
 * and since a token is never below the time in ms, it rises even over a server
 * that was emptied.
 */
import type { Buffer } from "node:buffer";
import type { Cell, CellStore, LeaseResult, PutOptions } from "../../actors/ports/cell.ts";
import { partitionOfName, type RedisKeys } from "./keys.ts";
import type { RedisClient } from "./redis_client.ts";
import { ScriptBatch } from "./script_batch.ts";

export class RedisCell implements CellStore {
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #puts: ScriptBatch;
  readonly #attends: ScriptBatch;
  readonly #departs: ScriptBatch;

  constructor(client: RedisClient, keys: RedisKeys) {
    this.#client = client;
    this.#keys = keys;
    this.#puts = new ScriptBatch(client, "put_cells");
    this.#attends = new ScriptBatch(client, "attend_rolls");
    this.#departs = new ScriptBatch(client, "depart_rolls");
  }

  async get(key: string): Promise<Cell | null> {
    const answer = await this.#client.run("hmget", this.#keys.cell(key), "bytes", "fence");
    const [bytes, fence] = answer as (Buffer | null)[];
    return bytes && fence ? { bytes, fence: Number(String(fence)) } : null;
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<"put" | "fenced"> {
    const isPut = await this.#puts.run({
      partition: partitionOfName(key),
      keys: [this.#keys.cell(key)],
      words: `${options.fence ?? "-"} ${options.expireMs ?? "-"}`,
      args: [bytes],
    });
    return isPut === 1 ? "put" : "fenced";
  }

  async remove(key: string): Promise<void> {
    await this.#client.run("del", this.#keys.cell(key));
  }

  async count(key: string, by: number, expireMs?: number): Promise<number> {
    const args = [by, expireMs ?? ""];
    return await this.#client.script("add_count", [this.#keys.count(key)], args) as number;
  }

  async lease(key: string, holder: string, expireMs: number): Promise<LeaseResult> {
    const answer = await this.#client.script(
      "take_lease",
      [this.#keys.lease(key)],
      [holder, expireMs],
    );
    const [outcome, detail] = answer as [Buffer, Buffer | number];
    return String(outcome) === "granted"
      ? { outcome: "granted", token: Number(detail) }
      : { outcome: "held", by: String(detail) };
  }

  async release(key: string, holder: string): Promise<void> {
    await this.#client.script("release_lease", [this.#keys.lease(key)], [holder]);
  }

  async attend(roll: string, member: string, expireMs: number): Promise<string[]> {
    const present = await this.#attends.run({
      partition: partitionOfName(roll),
      keys: [this.#keys.roll(roll)],
      words: `${expireMs}`,
      args: [member],
    });
    return (JSON.parse(String(present)) as string[]).sort();
  }

  async depart(roll: string, member: string): Promise<void> {
    await this.#departs.run({
      partition: partitionOfName(roll),
      keys: [this.#keys.roll(roll)],
      words: "",
      args: [member],
    });
  }
}
