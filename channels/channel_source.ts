/**
 * Every channel that a gateway can open, by name.
 *
 * Only matches have one yet. A snapshot is built once a change however many
 * ask, since `MatchReader` shares its builds and this keeps the encoded bytes
 * of the last one.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { parseChannel } from "../protocol/channel_name.ts";
import { encodeMatchSnapshot } from "./encode_match.ts";
import type { ChannelSnapshot, ChannelSource, LiveChannel } from "./live_channel.ts";
import { StreamChannel } from "./live_channel.ts";
import type { MatchReader } from "./match_reader.ts";
import type { Publication } from "./publication.ts";

export class StreamChannelSource implements ChannelSource {
  readonly #stream: StreamStore;
  readonly #broker: Broker;
  readonly #matches: MatchReader;

  constructor(stream: StreamStore, broker: Broker, matches: MatchReader) {
    this.#stream = stream;
    this.#broker = broker;
    this.#matches = matches;
  }

  open(
    channel: string,
    listener: (publication: Publication) => void,
    onReset: () => void,
  ): Promise<LiveChannel | null> {
    const parsed = parseChannel(channel);
    if (parsed?.kind !== "match") return Promise.resolve(null);
    let encoded: { of: unknown; snapshot: ChannelSnapshot } | null = null;
    return StreamChannel.open({
      name: channel,
      stream: this.#stream,
      broker: this.#broker,
      listener,
      onReset,
      snapshot: async () => {
        const reading = await this.#matches.read(parsed.id);
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
