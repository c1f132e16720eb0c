/**
 * Which rooms operators have made for everybody, without asking SQL.
 *
 * A stream of "there is a room" that readers fold at each look, as the directory
 * of matches is; any gateway may write, twice is harmless. Past the bound the
 * oldest are not listed any more; they are there all the same.
 */
import type { StreamStore } from "../actors/ports/stream.ts";
import { limits } from "../runtime/limits.ts";
import { FoldedStream } from "./folded_stream.ts";

export interface ListedRoom {
  id: string;
  title: string;
  matchId: string | null;
}

export class RoomDirectory {
  readonly #rooms = new Map<string, ListedRoom>();
  readonly #lines: FoldedStream<ListedRoom>;

  constructor(stream: StreamStore) {
    this.#lines = new FoldedStream<ListedRoom>(stream, "rooms", {
      forget: () => this.#rooms.clear(),
      fold: (room) => void this.#rooms.set(room.id, room),
    });
  }

  /** The newest ones, oldest first. */
  async rooms(): Promise<ListedRoom[]> {
    await this.#lines.look();
    return [...this.#rooms.values()].slice(-limits.publicRoomsMax);
  }

  async add(room: ListedRoom): Promise<void> {
    await this.#lines.push(room);
  }
}
