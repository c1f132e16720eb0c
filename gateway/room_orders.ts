/**
 * Who may cheer in a room: what its owner says of the room's state and of who is
 * muted or banned there, asked once a second while somebody cheers.
 *
 * Cheers reach an owner as sums of nobody in particular, so this is the one thing
 * of a room that a gateway must judge by itself, by the room's own rule. What a
 * moderator did is in force here within that second.
 */
import type { RoomOrder, Rooms } from "../actors/ports/rooms.ts";
import { mayNot } from "../actors/room/room_answers.ts";
import type { Sender } from "../actors/room/room_delivery.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { type Refused, refused, unknownRoom } from "./chat_refusal.ts";

interface Known {
  order: Promise<RoomOrder | null>;
  askedAt: number;
}

export class RoomOrders {
  readonly #rooms: Pick<Rooms, "order">;
  readonly #clock: Clock;
  /** The one not asked for the longest comes first. */
  readonly #known = new Map<string, Known>();

  constructor(rooms: Pick<Rooms, "order">, clock: Clock) {
    this.#rooms = rooms;
    this.#clock = clock;
  }

  /** Null: they may. @throws {Failure} retryable where the owner is away. */
  async mayNotCheer(room: string, sender: Omit<Sender, "isBanned">): Promise<Refused | null> {
    const order = await this.#orderOf(room);
    if (order === null) return unknownRoom();
    const { state, room: facts, standings } = order;
    const from = { ...sender, isBanned: false };
    const asked = { context: { standings }, room: facts, state, from, now: this.#clock.now() };
    const refusal = mayNot(asked, "react");
    return refusal === null ? null : refused(refusal.code, refusal.reason);
  }

  #orderOf(room: string): Promise<RoomOrder | null> {
    const now = this.#clock.monotonic();
    const known = this.#known.get(room);
    if (known !== undefined && now - known.askedAt < limits.roomOrderMs) return known.order;
    const asked = { order: this.#rooms.order(room), askedAt: now };
    this.#known.delete(room);
    this.#known.set(room, asked);
    asked.order.catch(() => void (this.#known.get(room) === asked && this.#known.delete(room)));
    if (this.#known.size > limits.roomOrdersMax) {
      this.#known.delete(this.#known.keys().next().value!);
    }
    return asked.order;
  }
}
