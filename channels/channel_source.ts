/**
 * Every channel that a gateway can open, by name.
 *
 * A match's channel has a history and a snapshot, built once a change however
 * many ask, since `MatchReader` shares its builds and this keeps the encoded
 * bytes of the last one. Predictions and leaderboards have neither: they are
 * what was last said.
 */
import { boardKind } from "../actors/leaderboard/leaderboard_names.ts";
import type { Broker } from "../actors/ports/broker.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { parseChannel } from "../protocol/channel_name.ts";
import { encodeMatchSnapshot } from "./encode_match.ts";
import type { ChannelSnapshot, ChannelSource, LiveChannel } from "./live_channel.ts";
import { StreamChannel } from "./live_channel.ts";
import type { MatchReader } from "./match_reader.ts";
import type { Publication } from "./publication.ts";
import { VolatileChannel } from "./volatile_channel.ts";
import { lastSaid, VOLATILE_PARTS } from "./volatile_voice.ts";

export interface ChannelSourcePorts {
  /** Channel histories. */
  stream: StreamStore;
  broker: Broker;
  /** What was last said on channels without one. */
  cells: CellStore;
  matches: MatchReader;
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
  ): Promise<LiveChannel> {
    const { broker, cells } = this.#ports;
    const read = () => lastSaid(cells, name, VOLATILE_PARTS[kind]);
    return VolatileChannel.open({ name, broker, read, listener });
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
