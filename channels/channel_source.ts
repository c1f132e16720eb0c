/**
 * Every channel that a gateway can open, by name.
 *
 * A match's channel has a history and a snapshot, built once a change however
 * many ask, since `MatchReader` shares its builds and this keeps the encoded
 * bytes of the last one. A room's has both too: its owner builds the whole, and
 * the history, which holds no texts, is given them on reading. Predictions,
 * leaderboards, the images' manifest and what is a fan's own have neither: they are what was last
 * said. Who may hear a room or a fan's own is decided before (room_keys.ts,
 * permissions.ts): whoever opens a channel here opens it for all its members.
 */
import { boardKind } from "../actors/leaderboard/leaderboard_names.ts";
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { Rooms } from "../actors/ports/rooms.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { parseChannel } from "../protocol/channel_name.ts";
import { limits } from "../runtime/limits.ts";
import { encodeMatchSnapshot } from "./encode_match.ts";
import { encodeRoomSnapshot } from "./encode_room.ts";
import type { ChannelSnapshot, ChannelSource, LiveChannel } from "./live_channel.ts";
import type { MatchReader } from "./match_reader.ts";
import type { Publication } from "./publication.ts";
import { filled } from "./room_fill.ts";
import { StreamChannel } from "./stream_channel.ts";
import { VolatileChannel } from "./volatile_channel.ts";
import { lastSaid, VOLATILE_PARTS } from "./volatile_voice.ts";

export interface ChannelSourcePorts {
  /** Channel histories. */
  stream: StreamStore;
  broker: Broker;
  /** What was last said on channels without one. */
  cells: CellStore;
  matches: MatchReader;
  rooms: Pick<Rooms, "whole" | "bodies">;
}

type Listener = (publication: Publication) => void;

export class ChannelSources implements ChannelSource {
  readonly #ports: ChannelSourcePorts;

  constructor(ports: ChannelSourcePorts) {
    this.#ports = ports;
  }

  async open(
    channel: string,
    listener: Listener,
    onReset: () => void,
  ): Promise<LiveChannel | null> {
    const parsed = parseChannel(channel);
    switch (parsed?.kind) {
      case "match":
        return await this.#openMatch(channel, parsed.id, listener, onReset);
      case "prediction":
        if (await this.#ports.matches.read(parsed.id) === null) return null;
        return await this.#openVolatile(channel, "prediction", listener);
      case "leaderboard":
        if (!await this.#isBoard(parsed.id)) return null;
        return await this.#openVolatile(channel, "leaderboard", listener);
      case "room":
        return await this.#openRoom(channel, parsed.id, listener, onReset);
      case "user":
        return await this.#openVolatile(channel, "user", listener, limits.noticesKept);
      case "assets":
        return await this.#openVolatile(channel, "assets", listener);
      default:
        return null;
    }
  }

  /** The board of a match is there as soon as the match is. */
  async #isBoard(boardId: string): Promise<boolean> {
    const kind = boardKind(boardId);
    if (kind === "match") return await this.#ports.matches.read(boardId) !== null;
    return kind !== null;
  }

  #openVolatile(
    name: string,
    kind: keyof typeof VOLATILE_PARTS,
    listener: Listener,
    keptMax?: number,
  ): Promise<LiveChannel> {
    const { broker, cells } = this.#ports;
    const read = () => lastSaid(cells, name, VOLATILE_PARTS[kind]);
    return VolatileChannel.open({ name, broker, read, listener, keptMax });
  }

  /** Null before the room has said anything: being opened is the first that it says. */
  #openRoom(
    name: string,
    room: string,
    listener: Listener,
    onReset: () => void,
  ): Promise<LiveChannel | null> {
    const { stream, broker, rooms } = this.#ports;
    return StreamChannel.open({
      name,
      stream,
      broker,
      listener,
      onReset,
      fill: (publications) => filled(rooms, room, publications),
      snapshot: async () => {
        const whole = await rooms.whole(room);
        return whole && { offset: whole.offset, fields: encodeRoomSnapshot(whole) };
      },
    });
  }

  #openMatch(
    name: string,
    matchId: string,
    listener: Listener,
    onReset: () => void,
  ): Promise<LiveChannel | null> {
    const { stream, broker, matches } = this.#ports;
    let encoded: { of: unknown; snapshot: ChannelSnapshot } | null = null;
    return StreamChannel.open({
      name,
      stream,
      broker,
      listener,
      onReset,
      snapshot: async () => {
        const reading = await matches.read(matchId);
        if (reading === null) return null;
        const { view, offset, stale } = reading;
        const of = `${view.seq}/${offset}/${stale}`;
        if (encoded?.of !== of) {
          encoded = { of, snapshot: { offset, fields: encodeMatchSnapshot(view, stale) } };
        }
        return encoded.snapshot;
      },
    });
  }
}
