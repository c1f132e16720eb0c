/**
 * The children that rooms are made of, by who owns them and who asks.
 */
import { PARTITIONS } from "../actors/ports/partition.ts";
import { TextPipeline } from "../actors/moderation/text_pipeline.ts";
import { roomDefinition } from "../actors/room/room_actor.ts";
import { NoticeVoice } from "../channels/notice_voice.ts";
import { RoomKeys } from "../gateway/room_keys.ts";
import { StewardRoll } from "../gateway/steward_roll.ts";
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, lastingChild } from "./child_spec.ts";
import { RemoteRooms, roomAbilities } from "./remote_rooms.ts";
import { RoomMatches, roomOf } from "./room_matches.ts";
import { roomStores } from "./room_stores.ts";
import { RoomSupervisor } from "./room_supervisor.ts";

/** Rooms of this process; before its "placement", whose partitions decide which. */
export function ownedRooms(
  { config, parts, built, node, quarantine }: TreeOptions,
  fenceOf: (roomId: string) => number | null,
): ChildSpec {
  return child("rooms", async () => {
    const { streams: stream, channels, cells, broker } = built.hot;
    const { reader, directory, signal, voice } = built.readers;
    const { store, history, bodies } = roomStores(built.hot, built.sql, fenceOf, parts);
    const stewards = new StewardRoll(cells, parts.clock);
    const keys = new RoomKeys({ rooms: store, cells, clock: parts.clock });
    const notices = new NoticeVoice({ ...parts, voice, cells });
    const rooms = await RoomSupervisor.start({
      ...parts,
      ...{ stream, channels, cells, broker, store, history, bodies, notices, quarantine, fenceOf },
      definition: roomDefinition(stampNode(node)),
      pipeline: new TextPipeline(),
      isBanned: (user) => (built.banRoll?.isBanned(user) ?? null) !== null,
      roleOf: (user) => stewards.roleOf(user),
      mayEnter: (room, { user: subject, role }) => keys.mayEnter(room, { subject, role }),
      roomOfMatch: async (roomId) => {
        const reading = await reader.read(roomId);
        return reading && roomOf(reading.view);
      },
    });
    const isOwned = (matchId: string) => fenceOf(matchId) !== null;
    const matches = new RoomMatches({ ...parts, rooms, reader, directory, signal, isOwned });
    await matches.start();
    built.rooms = rooms;
    built.roomSupervisor = rooms;
    built.kinds.push(rooms);
    Object.assign(built.abilities, roomAbilities(rooms));
    if (config.redisUrl === null) {
      // One owner for all of them from the beginning: nobody tells it of a partition.
      for (let partition = 0; partition < PARTITIONS; partition++) await rooms.gained(partition);
    }
    return {
      exited: rooms.exited,
      async stop(reason) {
        built.kinds.splice(built.kinds.indexOf(rooms), 1);
        matches.stop();
        await rooms.stop(reason);
        await notices.stop();
        await history.drain(limits.shutdownMsMax);
      },
    };
  });
}

/** Rooms as this process asks them: whoever owns them, where it does not. */
export function rooms({ config, built }: TreeOptions): ChildSpec {
  return child("roomAsking", () => {
    if (config.redisUrl !== null) built.rooms = new RemoteRooms(built.caller!);
    return Promise.resolve(lastingChild(() => {}));
  });
}

/** What of a process's name is in the stamps that it gives. */
function stampNode(node: string): string {
  return node.toLowerCase().replace(/[^0-9a-z]/g, "").slice(-16) || "0";
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 3 * limits.shutdownMsMax };
}
