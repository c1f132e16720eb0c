/**
 * A channel's publications and catch-ups as ready frames.
 *
 * Each encoding's frame is built when the first socket needs it and never
 * again: a thousand members cost one encoding and a thousand writes.
 */
import type { CatchUp } from "../channels/live_channel.ts";
import type { Publication } from "../channels/publication.ts";
import { wrapPublication, wrapSubscribed } from "../protocol/frames.ts";
import { decodeSubscribed, encodeSubscribed } from "../protocol/golazo_codec.ts";
import { toJson } from "../protocol/json_mapping.ts";
import { hasLane, type LaneSet } from "./lanes.ts";
import { type Encoding, frameEncoded } from "./socket/encoding.ts";
import { frameBinary, frameText } from "./socket/ready_frame.ts";

/** What stands for a channel on this gateway's sockets. */
export interface ChannelLabel {
  name: string;
  number: number;
}

/** What a member lacks that was left out for it before. */
export interface Mending {
  /** Lanes of what was left out. */
  lanes: LaneSet;
  /** Up to here it has everything else. */
  servedTo: number;
}

/** A snapshot is one for all who ask until something changes, and costs 0.3 ms as JSON. */
const jsonFields = new WeakMap<Uint8Array, string>();

/** Field 7 of `Subscribed`, length-delimited. */
const PUBLICATIONS_TAG = (7 << 3) | 2;

export class PublicationFrames {
  readonly publication: Publication;
  readonly #label: ChannelLabel;
  readonly #frames: Partial<Record<Encoding, Buffer>> = {};

  constructor(label: ChannelLabel, publication: Publication) {
    this.publication = publication;
    this.#label = label;
  }

  /** Of what a fast room says nobody asks for most. */
  of(encoding: Encoding): Buffer {
    return this.#frames[encoding] ??= frameEncoded(
      encoding,
      wrapPublication(this.#label.number, this.publication.body),
    );
  }
}

/** What a member is told when it is joined; many may ask with the same words. */
export class SubscribedFrames {
  readonly #label: ChannelLabel;
  readonly #caughtUp: CatchUp;
  readonly #frames = new Map<string, Buffer>();

  constructor(label: ChannelLabel, caughtUp: CatchUp) {
    this.#label = label;
    this.#caughtUp = caughtUp;
  }

  /** `id`: of the Subscribe it answers; 0 where nobody asked. */
  of(encoding: Encoding, lanes: LaneSet, id: number): Buffer {
    const key = `${encoding} ${lanes} ${id}`;
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      frame = this.#framed(encoding, id, this.#tail(({ lane }) => hasLane(lanes, lane)));
      this.#frames.set(key, frame);
    }
    return frame;
  }

  /** For a member that has some of it already. */
  mending(encoding: Encoding, lanes: LaneSet, mending: Mending): Buffer {
    const tail = this.#tail(({ lane, offset }) =>
      hasLane(lanes, lane) && (offset! > mending.servedTo || hasLane(mending.lanes, lane))
    );
    return this.#framed(encoding, 0, tail);
  }

  #framed(encoding: Encoding, id: number, tail: Uint8Array): Buffer {
    const { position, recovered } = this.#caughtUp;
    const { name, number } = this.#label;
    const head = { id, channel: name, number, recovered, ...position };
    if (encoding === "protobuf") return frameBinary(wrapSubscribed(head, tail));
    const fields = [jsonFieldsOf(encodeSubscribed(head)), jsonFieldsOf(tail)];
    return frameText(`{"subscribed":{${fields.filter((text) => text !== "").join()}}}`);
  }

  #tail(isLacked: (publication: Publication) => boolean): Uint8Array {
    const { publications = [] } = this.#caughtUp;
    const lacked = publications.filter(isLacked);
    if (this.#caughtUp.recovered) return this.#fields(lacked);
    const { snapshot } = this.#caughtUp;
    return lacked.length === 0 ? snapshot : Buffer.concat([this.#fields(lacked), snapshot]);
  }

  #fields(publications: Publication[]): Uint8Array {
    return Buffer.concat(publications.map(({ body }) => {
      // A ServerFrame's publication differs from a Subscribed's in the tag alone.
      const field = wrapPublication(this.#label.number, body);
      field[0] = PUBLICATIONS_TAG;
      return field;
    }));
  }
}

/** Of a Subscribed, without its braces. */
function jsonFieldsOf(subscribed: Uint8Array): string {
  let fields = jsonFields.get(subscribed);
  if (fields === undefined) {
    fields = JSON.stringify(toJson("Subscribed", decodeSubscribed(subscribed))).slice(1, -1);
    jsonFields.set(subscribed, fields);
  }
  return fields;
}
