/**
 * The rooms that everybody may enter: those of listed matches, then operators'.
 *
 * Made once a second however many ask; a match that cannot be read now is left
 * out until it can.
 */
import type { MatchDirectory } from "../channels/match_directory.ts";
import type { MatchReader } from "../channels/match_reader.ts";
import type { ListedRoom, RoomDirectory } from "../channels/room_directory.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { roomOf } from "./room_matches.ts";

export interface PublicRoomsPorts {
  matches: Pick<MatchDirectory, "ids">;
  reader: Pick<MatchReader, "read">;
  made: RoomDirectory;
  clock: Clock;
}

const LIST_MS = 1_000;

export class PublicRooms {
  readonly #ports: PublicRoomsPorts;
  #list: { rooms: Promise<ListedRoom[]>; madeAt: number } | null = null;

  constructor(ports: PublicRoomsPorts) {
    this.#ports = ports;
  }

  /** @throws {Failure} where the stores are away. */
  all(): Promise<ListedRoom[]> {
    const now = this.#ports.clock.monotonic();
    if (this.#list !== null && now - this.#list.madeAt < LIST_MS) return this.#list.rooms;
    const list = { rooms: this.#make(), madeAt: now };
    list.rooms.catch(() => this.#list === list && (this.#list = null));
    this.#list = list;
    return list.rooms;
  }

  async add(room: ListedRoom): Promise<void> {
    await this.#ports.made.add(room);
    this.#list = null;
  }

  async #make(): Promise<ListedRoom[]> {
    const { matches, reader, made } = this.#ports;
    const ids = (await matches.ids()).slice(-limits.matchListMax);
    const ofMatches = await Promise.all(ids.map(async (id): Promise<ListedRoom[]> => {
      const reading = await reader.read(id).catch(() => null);
      if (reading === null) return [];
      const { title, matchId } = roomOf(reading.view);
      return [{ id, title, matchId }];
    }));
    return [...ofMatches.flat(), ...await made.rooms()];
  }
}
