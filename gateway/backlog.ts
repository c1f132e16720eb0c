/**
 * What a channel has said that somebody in its audience has not been written.
 *
 * Publications are counted as they are heard; a member remembers up to which one
 * it was served, so whoever serves it can do so at any time and in any order:
 * it gets all that it lacks in one buffer. The buffer is built once for all
 * members that lack the same, which is nearly always everybody: one encoding,
 * one frame, one buffer.
 *
 * In a buffer durable publications stand first, in order, so a goal is not
 * behind what may be late; of volatile ones only the latest of each key is in it.
 */
import type { Publication } from "../channels/publication.ts";
import { type ChannelLabel, PublicationFrames } from "./channel_frames.ts";
import { hasLane, type LaneSet } from "./lanes.ts";
import type { Encoding } from "./socket/encoding.ts";

/** One buffer for all members that lack the same. */
export interface Parcel {
  /** Null: nothing of it was asked for. */
  readonly bytes: Buffer | null;
  readonly publications: readonly Publication[];
  /** Volatile ones that a later one replaced. */
  readonly merged: readonly Publication[];
  /** To how many sockets it went since they were counted. */
  sockets: number;
}

export class Backlog {
  readonly #label: ChannelLabel;
  /** Publications before this one are with everybody. */
  #first = 0;
  #heard: PublicationFrames[] = [];
  #parcels = new Map<string, Parcel>();
  /** What the last one asked for: the next asks for the same. */
  #last = { served: -1, encoding: "", lanes: -1, parcel: null as Parcel | null };

  constructor(label: ChannelLabel) {
    this.#label = label;
  }

  /** A member that was served up to here lacks nothing. */
  get top(): number {
    return this.#first + this.#heard.length;
  }

  get length(): number {
    return this.#heard.length;
  }

  push(publication: Publication): void {
    this.#heard.push(new PublicationFrames(this.#label, publication));
    this.#unpack();
  }

  /** Everybody was served up to `top`. @returns what they all have now. */
  dropTo(top: number): Publication[] {
    const dropped = this.#heard.splice(0, top - this.#first);
    this.#first = top;
    this.#unpack();
    return dropped.map(({ publication }) => publication);
  }

  /** For members served up to `served` that take `lanes`. */
  parcel(served: number, encoding: Encoding, lanes: LaneSet): Parcel {
    const last = this.#last;
    if (last.served === served && last.encoding === encoding && last.lanes === lanes) {
      return last.parcel!;
    }
    const key = `${served} ${encoding} ${lanes}`;
    let parcel = this.#parcels.get(key);
    if (parcel === undefined) {
      parcel = this.#pack(served, encoding, lanes);
      this.#parcels.set(key, parcel);
    }
    this.#last = { served, encoding, lanes, parcel };
    return parcel;
  }

  /** What a member that is served now does not get for want of `lanes`. */
  leftOut(served: number, lanes: LaneSet): Publication[] {
    return this.#lacked(served, lanes).map(({ publication }) => publication);
  }

  #unpack(): void {
    this.#parcels.clear();
    this.#last.served = -1;
  }

  #lacked(served: number, lanes: LaneSet): PublicationFrames[] {
    return this.#heard.slice(served - this.#first)
      .filter(({ publication }) => hasLane(lanes, publication.lane));
  }

  #pack(served: number, encoding: Encoding, lanes: LaneSet): Parcel {
    const lacked = this.#lacked(served, lanes);
    const durable = lacked.filter(({ publication }) => publication.offset !== null);
    const volatile = lacked.filter(({ publication }) => publication.offset === null);
    const latest = new Map(volatile.map((frames) => [frames.publication.key, frames]));
    const merged = volatile.filter((frames) => latest.get(frames.publication.key) !== frames);
    const sent = [...durable, ...latest.values()];
    const frames = sent.map((each) => each.of(encoding));
    return {
      bytes: frames.length > 1 ? Buffer.concat(frames) : frames[0] ?? null,
      publications: sent.map(({ publication }) => publication),
      merged: merged.map(({ publication }) => publication),
      sockets: 0,
    };
  }
}
