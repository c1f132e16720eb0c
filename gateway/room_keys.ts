/**
 * Who may come into a room: everybody into a match's and an operator's, members
 * and stewards into one that a fan has made.
 *
 * Asked before a channel is opened, a page is read or a wish goes on, since a
 * channel and its ring belong to all its members alike. Who may not come in is
 * told nothing, not even that the room is there. A room's facts never change,
 * so they are remembered; a membership is a cell that its user's invitation
 * has opened, and one that is lost is opened by the same invitation again.
 */
import { timingSafeEqual } from "node:crypto";
import type { CellStore } from "../actors/ports/cell.ts";
import type { RoomRecord, Rooms } from "../actors/ports/rooms.ts";
import { isChannelId, parseChannel } from "../protocol/channel_name.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Actor } from "./auth/permissions.ts";

export interface RoomKeysPorts {
  rooms: Pick<Rooms, "find">;
  cells: Pick<CellStore, "get" | "put">;
  clock: Clock;
}

interface Known {
  record: Promise<RoomRecord | null>;
  readAt: number;
}

const NOTHING = new Uint8Array();

export class RoomKeys {
  readonly #ports: RoomKeysPorts;
  /** The one not asked for the longest comes first. */
  readonly #known = new Map<string, Known>();

  constructor(ports: RoomKeysPorts) {
    this.#ports = ports;
  }

  /** Of a channel of any kind. @throws {Failure} where it cannot be told now. */
  mayHear(channel: string, actor: Actor): true | Promise<boolean> {
    const name = parseChannel(channel);
    return name?.kind !== "room" || this.mayEnter(name.id, actor);
  }

  /** @throws {Failure} where it cannot be told now. */
  async mayEnter(room: string, { subject, role }: Actor): Promise<boolean> {
    if (!isChannelId(room)) return false;
    const record = await this.record(room);
    if (record === null || record.inviteCode === null) return true;
    if (role === "moderator" || role === "operator") return true;
    if (role !== "fan") return false;
    if (record.owner === subject) return true;
    return await this.#ports.cells.get(memberKey(record, subject)) !== null;
  }

  /** Whether only its members may read it. */
  async isPrivate(room: string): Promise<boolean> {
    return (await this.record(room))?.inviteCode != null;
  }

  /** Lets the user in for good; false: the invitation is not this room's, or there is none. */
  async join(room: string, user: string, inviteCode: string): Promise<boolean> {
    const record = isChannelId(room) ? await this.record(room) : null;
    if (record === null || record.inviteCode === null) return false;
    if (!isSame(record.inviteCode, inviteCode)) return false;
    const expireMs = limits.roomMemberMs;
    await this.#ports.cells.put(memberKey(record, user), NOTHING, { expireMs });
    return true;
  }

  /** Null: nobody made it. */
  record(room: string): Promise<RoomRecord | null> {
    const now = this.#ports.clock.monotonic();
    const known = this.#known.get(room);
    if (known !== undefined && now - known.readAt < limits.roomRecordMs) return known.record;
    const found = this.#ports.rooms.find(room);
    // While SQL is away a room stays whose it was.
    const record = known === undefined ? found : found.catch(() => known.record);
    const read = { record, readAt: now };
    this.#known.delete(room);
    this.#known.set(room, read);
    const forget = () => void (this.#known.get(room) === read && this.#known.delete(room));
    // One that is not there may be made in a moment.
    read.record.then((record) => record === null && forget(), forget);
    if (this.#known.size > limits.roomRecordsMax) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest!);
    }
    return read.record;
  }
}

function memberKey({ id }: RoomRecord, user: string): string {
  return `member/${id}/${user}`;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
