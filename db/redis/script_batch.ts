/**
 * A script that takes many: what is asked of it in one turn of the event loop goes as one command.
 *
 * A command costs both sides more than the work in it: a write and a read, a timer, thirty small
 * texts, an entry into Lua. An owner of many matches asks the same of several at once, so they
 * share that; one that asks alone does not wait. In a Cluster only those of one partition are on
 * one server for sure. Each has an answer of its own, `[error]` where it alone failed; where the
 * command itself fails, all have failed. Those of one turn keep their order.
 */
import process from "node:process";
import { ReplyError } from "ioredis";
import { limits } from "../../runtime/limits.ts";
import type { Argument, RedisClient } from "./redis_client.ts";
import type { ScriptName } from "./scripts.ts";

export interface Ask {
  /** Decides whom it may go with. */
  partition: number;
  keys: string[];
  /** Numbers and names without spaces: all of a batch are one argument, split by spaces. */
  words: string;
  args: Argument[];
}

interface Batch {
  keys: string[];
  words: string;
  args: Argument[];
  asked: { resolve(answer: unknown): void; reject(error: unknown): void }[];
}

const ONE_SERVER = 0;

export class ScriptBatch {
  readonly #client: RedisClient;
  readonly #script: ScriptName;
  readonly #head: () => string[];
  readonly #open = new Map<number, Batch>();

  /** `head` is what stands before the words in each command. */
  constructor(client: RedisClient, script: ScriptName, head: () => string[] = () => []) {
    this.#client = client;
    this.#script = script;
    this.#head = head;
  }

  /** @throws as `RedisClient.script` does. */
  run({ partition, keys, words, args }: Ask): Promise<unknown> {
    const group = this.#client.target.isCluster ? partition : ONE_SERVER;
    const batch = this.#open.get(group) ?? this.#begin(group);
    batch.keys.push(...keys);
    batch.words += `${words} `;
    batch.args.push(...args);
    return new Promise((resolve, reject) => {
      batch.asked.push({ resolve, reject });
      if (batch.asked.length >= limits.redisBatchMax) void this.#send(group, batch);
    });
  }

  #begin(group: number): Batch {
    const batch: Batch = { keys: [], words: "", args: [], asked: [] };
    this.#open.set(group, batch);
    // After the microtasks at hand, in which the others ask, and before anything is read.
    process.nextTick(() => {
      if (this.#open.get(group) === batch) void this.#send(group, batch);
    });
    return batch;
  }

  async #send(group: number, { keys, words, args, asked }: Batch): Promise<void> {
    this.#open.delete(group);
    try {
      const sent = this.#client.script(this.#script, keys, [...this.#head(), words, ...args]);
      const answers = await sent as unknown[];
      for (const [at, { resolve, reject }] of asked.entries()) {
        const answer = answers[at];
        if (Array.isArray(answer)) reject(this.#client.failure(new ReplyError(`${answer[0]}`)));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
