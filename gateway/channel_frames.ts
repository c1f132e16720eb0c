/**
 * A channel's publications and catch-ups as ready frames.
 *
 * Each encoding's frame is built when the first socket needs it and never
 * again: a thousand members cost one encoding and a thousand writes.
 */
import type { CatchUp } from "../channels/live_channel.ts";
import type { Publication } from "../channels/publication.ts";
import { wrapPublication, wrapSubscribed } from "../protocol/frames.ts";
import { type Encoding, frameEncoded } from "./socket/encoding.ts";

/** What stands for a channel on this gateway's sockets. */
export interface ChannelLabel {
  name: string;
  number: number;
}

/** Field 7 of `Subscribed`, length-delimited. */
const PUBLICATIONS_TAG = (7 << 3) | 2;

export class PublicationFrames {
  readonly #message: Uint8Array;
  readonly #frames: Partial<Record<Encoding, Buffer>> = {};

  constructor(label: ChannelLabel, publication: Publication) {
    this.#message = wrapPublication(label.number, publication.body);
  }

  of(encoding: Encoding): Buffer {
    return this.#frames[encoding] ??= frameEncoded(encoding, this.#message);
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
  of(encoding: Encoding, lite: boolean, id: number): Buffer {
    const key = `${encoding} ${lite} ${id}`;
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      const { position, recovered } = this.#caughtUp;
      const head = { id, channel: this.#label.name, number: this.#label.number, recovered };
      frame = frameEncoded(encoding, wrapSubscribed({ ...head, ...position }, this.#tail(lite)));
      this.#frames.set(key, frame);
    }
    return frame;
  }

  #tail(lite: boolean): Uint8Array {
    if (!this.#caughtUp.recovered) return this.#caughtUp.snapshot;
    const asked = this.#caughtUp.publications.filter(({ lane }) => !lite || lane === "goal");
    return Buffer.concat(asked.map(({ body }) => {
      // A ServerFrame's publication differs from a Subscribed's in the tag alone.
      const field = wrapPublication(this.#label.number, body);
      field[0] = PUBLICATIONS_TAG;
      return field;
    }));
  }
}
