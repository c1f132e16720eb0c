/**
 * One connection to one server that hears channels.
 *
 * It keeps the server told of what is wanted: in batches, again after every
 * reconnection, and it says when publications begin to arrive and when they may
 * have been missed. In a Cluster there is one to each server in use, which waits
 * longer and longer before it tries a dead one again. The sharded subscribers of
 * ioredis (`shardedSubscribers`) are not for us: they make 140 connections a
 * second while a server is down and keep to themselves that a subscription failed.
 */
import type { Buffer } from "node:buffer";
import type { Redis } from "ioredis";
import { type Clock, every, type Timer } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { nextTurn } from "../../runtime/turn.ts";

export interface Ears {
  heard(key: string, payload: Uint8Array): void;
  /** Publications on these arrive from now on. */
  reached(keys: string[]): void;
  /** Nothing arrives on these, until `reached`; another server may have them now. */
  lost(keys: string[]): void;
}

export class NodeSubscriber {
  readonly #connection: Redis;
  readonly #isSharded: boolean;
  readonly #clock: Clock;
  readonly #ears: Ears;
  readonly #ping: Timer;
  readonly #wanted = new Set<string>();
  /** What the server was told to send, and whether it does by now. */
  readonly #told = new Map<string, { arrives: boolean }>();
  /** What it may have to be told. */
  #changed = new Set<string>();
  #isFlushDue = false;
  #retry: Timer | null = null;
  #isClosed = false;

  constructor(connection: Redis, isSharded: boolean, clock: Clock, ears: Ears) {
    this.#connection = connection;
    this.#isSharded = isSharded;
    this.#clock = clock;
    this.#ears = ears;
    connection.on(
      isSharded ? "smessageBuffer" : "messageBuffer",
      // A copy: the original is a view of all that came with it, up to 64 KiB.
      (key: Buffer, payload: Buffer) => ears.heard(String(key), new Uint8Array(payload)),
    );
    connection.on("error", () => {});
    connection.on("ready", () => this.#flush());
    connection.on("close", () => this.#lose());
    // A slot went to another server: a subscription was ended or refused.
    connection.on("moved", () => {
      this.#lose();
      this.#retryLater();
    });
    // Between publications a dead connection and a quiet one look the same: silence after a
    // question ends it.
    this.#ping = every(clock, limits.redisPingMs, async () => {
      if (connection.status === "ready") await connection.ping().catch(() => {});
    });
  }

  want(key: string): void {
    this.#wanted.add(key);
    this.#change(key);
  }

  drop(key: string): void {
    this.#wanted.delete(key);
    this.#change(key);
  }

  close(): void {
    this.#isClosed = true;
    this.#ping.cancel();
    this.#retry?.cancel();
    this.#connection.disconnect();
  }

  /** Which subscriptions are gone is not known, so every one is made again; twice is harmless. */
  #lose(): void {
    if (this.#isClosed) return;
    this.#told.clear();
    for (const key of this.#wanted) this.#changed.add(key);
    this.#ears.lost([...this.#wanted]);
  }

  /** By then the Cluster may have said that another server has to be asked. */
  #retryLater(): void {
    this.#retry ??= this.#clock.after(limits.redisFailoverRetryMs, () => {
      this.#retry = null;
      this.#flush();
    });
  }

  /** What changes in one turn of the event loop goes out together. */
  #change(key: string): void {
    this.#changed.add(key);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    void nextTurn().then(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#isClosed || this.#connection.status !== "ready") return;
    const changed = [...this.#changed];
    this.#changed = new Set();
    const fresh = changed.filter((key) => this.#wanted.has(key) && !this.#told.has(key));
    const stale = changed.filter((key) => !this.#wanted.has(key) && this.#told.has(key));
    // Dropped and wanted again within one turn: it never stopped to arrive.
    const kept = changed.filter((key) => this.#wanted.has(key) && this.#told.get(key)?.arrives);
    if (kept.length > 0) this.#ears.reached(kept);
    for (const keys of this.#batches(fresh)) void this.#subscribe(keys);
    for (const keys of this.#batches(stale)) this.#unsubscribe(keys);
  }

  async #subscribe(keys: string[]): Promise<void> {
    const asked = { arrives: false };
    for (const key of keys) this.#told.set(key, asked);
    try {
      if (this.#isSharded) await this.#connection.ssubscribe(...keys);
      else await this.#connection.subscribe(...keys);
      asked.arrives = true;
      this.#ears.reached(keys.filter((key) => this.#told.get(key) === asked));
    } catch (error) {
      for (const key of keys) {
        this.#told.delete(key);
        this.#changed.add(key);
      }
      if (this.#isClosed) return;
      this.#ears.lost(keys);
      if ((error as Error).name === "ReplyError") this.#retryLater();
      // Whether it was done is unknown; of a new connection it is known.
      else this.#connection.disconnect(true);
    }
  }

  #unsubscribe(keys: string[]): void {
    for (const key of keys) this.#told.delete(key);
    const ended = this.#isSharded
      ? this.#connection.sunsubscribe(...keys)
      : this.#connection.unsubscribe(...keys);
    // Where that failed the connection is gone, and its subscriptions with it.
    ended.catch(() => {});
  }

  /** One command's channels are of one hash slot. */
  #batches(keys: string[]): string[][] {
    if (!this.#isSharded) return keys.length === 0 ? [] : [keys];
    const slotOf = (key: string) => key.slice(0, key.indexOf("}"));
    return [...Map.groupBy(keys, slotOf).values()];
  }
}
