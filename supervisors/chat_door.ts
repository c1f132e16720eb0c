/**
 * What a public door has for rooms: the desk for frames and requests, who may
 * come in, and the routes.
 */
import type { Actor } from "../gateway/auth/permissions.ts";
import type { CommandDesks } from "../gateway/command_router.ts";
import { ChatAllowance } from "../gateway/chat_allowance.ts";
import { ChatDesk } from "../gateway/chat_desk.ts";
import { chatDesks } from "../gateway/chat_frames.ts";
import { roomMessageRoutes } from "../gateway/http/room_message_routes.ts";
import { roomRoutes } from "../gateway/http/room_routes.ts";
import { RoomKeys } from "../gateway/room_keys.ts";
import { StewardRoll } from "../gateway/steward_roll.ts";
import type { ChannelSource } from "../channels/live_channel.ts";
import { RoomDirectory } from "../channels/room_directory.ts";
import { reasonOf } from "../runtime/failure.ts";
import type { Route } from "../runtime/http_route.ts";
import type { TreeOptions } from "./built.ts";
import { PublicRooms } from "./public_rooms.ts";
import { wireChannels } from "./wiring.ts";

export interface ChatDoor {
  desks: CommandDesks;
  routes: Route[];
  keys: RoomKeys;
  /** Whoever is let in; stewards are noted, so that nobody acts on them as on a fan. */
  greeted(actor: Actor): void;
  source: ChannelSource;
  publicRooms: PublicRooms;
}

export function chatDoor({ parts, built }: TreeOptions): ChatDoor {
  const { clock, random } = parts;
  const { hot, readers, rooms, tokens: { verifyToken } } = built;
  const keys = new RoomKeys({ rooms, cells: hot.cells, clock });
  // Counted where seats are: nothing of it outlives its ten seconds.
  const allowance = new ChatAllowance(hot.seats, clock);
  const stewards = new StewardRoll(hot.cells, clock);
  const desk = new ChatDesk({
    ...{ ...parts, rooms, keys, allowance, stewards },
    bans: built.banRoll!,
    global: built.moderation,
  });
  const publicRooms = new PublicRooms({
    ...{ matches: readers.directory, reader: readers.reader, clock },
    made: new RoomDirectory(hot.streams),
  });
  const shared = { rooms, keys, desk, allowance, verifyToken, random };
  return {
    desks: chatDesks(desk, random),
    routes: [
      ...roomRoutes({
        ...shared,
        publicRooms: () => publicRooms.all(),
        madePublic: (room) => publicRooms.add(room),
      }),
      ...roomMessageRoutes(shared),
    ],
    keys,
    greeted: (actor) =>
      void stewards.note(actor).catch((error) =>
        parts.events.warned(`Cannot note that ${actor.subject} moderates: ${reasonOf(error)}`)
      ),
    source: wireChannels(hot, readers, rooms),
    publicRooms,
  };
}
