/**
 * Rooms as a process sees them that does not own them: a question to the owner,
 * wherever it is. Whatever is asked may be asked again.
 */
import type {
  RoomAnswer,
  RoomAudit,
  RoomCommand,
  RoomMessage,
  RoomOrder,
  RoomPage,
  RoomPulse,
  RoomQueue,
  RoomRecord,
  Rooms,
  RoomWhole,
} from "../actors/ports/rooms.ts";
import type { Stamp } from "../actors/room/hybrid_clock.ts";
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import type { OwnerCaller } from "../channels/owner_call.ts";
import { limits } from "../runtime/limits.ts";

type PageAsk = { before: Stamp | null; limit: number };
type AuditAsk = { before: number | null; limit: number };

export class RemoteRooms implements Rooms {
  readonly #caller: Pick<OwnerCaller, "ask">;

  constructor(caller: Pick<OwnerCaller, "ask">) {
    this.#caller = caller;
  }

  command(room: string, command: RoomCommand): Promise<RoomAnswer> {
    return this.#ask(room, "command", command);
  }

  async cheer(room: string, counts: ReactionCount[]): Promise<void> {
    await this.#ask(room, "cheer", counts);
  }

  page(room: string, ask: PageAsk): Promise<RoomPage | null> {
    return this.#ask(room, "page", ask);
  }

  whole(room: string): Promise<RoomWhole | null> {
    return this.#ask(room, "whole", null);
  }

  bodies(room: string, messages: Stamp[]): Promise<(RoomMessage | null)[]> {
    return this.#ask(room, "bodies", messages);
  }

  queue(room: string): Promise<RoomQueue | null> {
    return this.#ask(room, "queue", null);
  }

  audit(room: string, ask: AuditAsk): Promise<RoomAudit | null> {
    return this.#ask(room, "audit", ask);
  }

  pulse(room: string): Promise<RoomPulse | null> {
    return this.#ask(room, "pulse", null);
  }

  order(room: string): Promise<RoomOrder | null> {
    return this.#ask(room, "order", null);
  }

  create(record: Omit<RoomRecord, "createdAt">): Promise<RoomAnswer> {
    return this.#ask(record.id, "create", record);
  }

  find(room: string): Promise<RoomRecord | null> {
    return this.#ask(room, "find", null);
  }

  #ask<T>(room: string, ability: string, body: unknown): Promise<T> {
    return this.#caller.ask(room, `room.${ability}`, body, limits.roomAskMsMax) as Promise<T>;
  }
}

/** The same abilities, answered by the rooms of this process. */
export function roomAbilities(rooms: Rooms) {
  return {
    "room.command": (room: string, command: RoomCommand) => rooms.command(room, command),
    "room.cheer": (room: string, counts: ReactionCount[]) =>
      rooms.cheer(room, counts).then(() => null),
    "room.page": (room: string, ask: PageAsk) => rooms.page(room, ask),
    "room.whole": (room: string) => rooms.whole(room),
    "room.bodies": (room: string, messages: Stamp[]) => rooms.bodies(room, messages),
    "room.queue": (room: string) => rooms.queue(room),
    "room.audit": (room: string, ask: AuditAsk) => rooms.audit(room, ask),
    "room.pulse": (room: string) => rooms.pulse(room),
    "room.order": (room: string) => rooms.order(room),
    "room.create": (_room: string, record: Omit<RoomRecord, "createdAt">) => rooms.create(record),
    "room.find": (room: string) => rooms.find(room),
  };
}
