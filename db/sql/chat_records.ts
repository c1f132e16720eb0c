/**
 * Entries of rooms on their way into SQL, with what is hot of the bodies that
 * they name: what was removed meanwhile is not there any more, and stays away.
 */
import type { HotBodies } from "../../actors/ports/bodies.ts";
import type { BatchOutcome, EntryBatch } from "../../actors/ports/records.ts";
import { bodiesOf, type ChatLine, committed } from "./chat_row.ts";
import type { ChatStore } from "./chat_store.ts";

export class ChatRecords {
  readonly #store: ChatStore;
  readonly #hot: HotBodies;

  constructor(store: ChatStore, hot: HotBodies) {
    this.#store = store;
    this.#hot = hot;
  }

  /** @throws {Failure} retryable where SQL is away; whether anything was written is then unknown. */
  async appendEntries(batches: EntryBatch<ChatLine>[]): Promise<BatchOutcome[]> {
    const bytes = new Map<string, Uint8Array>();
    for (const { entity: room, entries } of batches) {
      const keys = entries.flatMap((line) => bodiesOf(committed(line).body).map(({ key }) => key));
      const held = await this.#hot.get(room, keys);
      for (const [at, key] of keys.entries()) {
        if (held[at] !== null) bytes.set(`${room} ${key}`, held[at]!);
      }
    }
    const bytesOf = (room: string, key: string) => bytes.get(`${room} ${key}`) ?? null;
    return await this.#store.appendEntries(batches, bytesOf);
  }
}
