/**
 * Which rooms operators have made for everybody, without asking SQL.
 *
 * A stream of "there is a room" that readers fold at each look, as the directory
 * of matches is; any gateway may write, twice is harmless. Past the bound the
 * oldest are not listed any more; they are there all the same.
 */
import type { StreamStore } from "../actors/ports/stream.ts";
import { limits } from "../runtime/limits.ts";

const NAME = "rooms";

export interface ListedRoom {
  id: string;
  title: string;
  matchId: string | null;
}

export class RoomDirectory {
  readonly #stream: StreamStore;
  readonly #rooms = new Map<string, ListedRoom>();
  #read = 0;
  #epoch = "";

  constructor(stream: StreamStore) {
    this.#stream = stream;
  }

  /** The newest ones, oldest first. */
  async rooms(): Promise<ListedRoom[]> {
    const position = await this.#stream.position(NAME);
    if (position === null) return [];
    if (position.epoch !== this.#epoch) {
      this.#epoch = position.epoch;
      this.#rooms.clear();
      this.#read = 0;
    }
    while (this.#read < position.top) {
      const lines = await this.#stream.read(NAME, this.#read, limits.publicRoomsMax);
      for (const { bytes } of lines) {
        const room: ListedRoom = JSON.parse(new TextDecoder().decode(bytes));
        this.#rooms.set(room.id, room);
      }
      this.#read = lines.at(-1)?.position ?? position.top;
    }
    return [...this.#rooms.values()].slice(-limits.publicRoomsMax);
  }

  async add(room: ListedRoom): Promise<void> {
    await this.#stream.push(NAME, [new TextEncoder().encode(JSON.stringify(room))]);
  }
}
