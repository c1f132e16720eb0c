/**
 * The bodies of messages, hot and in SQL, as one store.
 *
 * A body is hot first; SQL gets it with the entry that names it (room_history.ts).
 * Removed goes the same way: hot first, so that nothing takes it into SQL any
 * more, then, once all that was on the way is there, from SQL; then from hot what
 * only SQL knew by the name of its message or author.
 */
import type { Bodies, Erasure, HotBodies } from "../../actors/ports/bodies.ts";
import { Failure } from "../../runtime/failure.ts";
import type { ChatStore } from "./chat_store.ts";
import type { RoomHistory } from "./room_history.ts";

export interface RoomBodiesOptions {
  hot: HotBodies;
  store: ChatStore;
  history: RoomHistory;
  /** The owner's token for a room; null where this process does not own it. */
  fenceOf(roomId: string): number | null;
}

export class RoomBodies implements Bodies {
  readonly #options: RoomBodiesOptions;

  constructor(options: RoomBodiesOptions) {
    this.#options = options;
  }

  put(room: string, key: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#options.hot.put(room, key, bytes);
  }

  async get(room: string, keys: string[]): Promise<(Uint8Array | null)[]> {
    const { hot, store } = this.#options;
    const found = await hot.get(room, keys);
    const missing = keys.filter((_, at) => found[at] === null);
    if (missing.length === 0) return found;
    const older = await store.bodies(room, missing);
    return found.map((bytes, at) => bytes ?? older.get(keys[at]!) ?? null);
  }

  async remove(room: string, erasure: Erasure): Promise<void> {
    const { hot, store, history, fenceOf } = this.#options;
    await hot.remove(room, erasure.keys);
    // Named by no entry, so SQL was never given it.
    if (erasure.seq === 0) return;
    const fence = fenceOf(room);
    if (fence === null) {
      throw new Failure("notOwner", `Cannot remove bodies of ${room}: another process owns it`);
    }
    await history.caughtUp(room, fence);
    await hot.remove(room, await store.erase(room, erasure));
  }

  /** Takes out of hot what nobody needs there: neither the room, nor SQL, nor who is asking. */
  async sweep(room: string, isNeeded: (key: string) => boolean): Promise<number> {
    const { hot, history } = this.#options;
    // What is put from here on is not among them.
    const keys = await hot.keys(room);
    const waiting = new Set(history.unconfirmedKeys(room));
    const idle = keys.filter((key) => !isNeeded(key) && !waiting.has(key));
    await hot.remove(room, idle);
    return idle.length;
  }
}
