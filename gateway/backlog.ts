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
 * What a room says waits for its window (`hold`) and is then sampled where it is
 * more than a person can read: eight buffers instead of one.
 */
import { isRemoval, withoutRemoved } from "../channels/erasure.ts";
import type { Publication } from "../channels/publication.ts";
import { encodePublication } from "../protocol/golazo_codec.ts";
import { type ChannelLabel, PublicationFrames } from "./channel_frames.ts";
import { SAMPLES } from "../actors/room/pace_rules.ts";
import { ChatSamples, isPost } from "./chat_samples.ts";
import { hasLane, laneBit, type LaneSet, NO_LANES } from "./lanes.ts";
import type { Encoding } from "./socket/encoding.ts";

/** One buffer for all members that lack the same. */
export interface Parcel {
  /** Null: nothing of it was asked for. */
  readonly bytes: Buffer | null;
  readonly publications: readonly Publication[];
  /** Volatile ones that a later one replaced, and posts that are not of this sample. */
  readonly merged: readonly Publication[];
  /** To how many sockets it went since they were counted. */
  sockets: number;
}

/** What all members that lack the same do not get for want of lanes. */
export interface Omission {
  readonly publications: readonly Publication[];
  /** Offset of the first that is brought later; null: none is. */
  readonly firstOwed: number | null;
  readonly owedLanes: LaneSet;
  /** To how many sockets it did not go since they were counted. */
  sockets: number;
}

export class Backlog {
  readonly #label: ChannelLabel;
  /** Publications before this one are with everybody. */
  #first = 0;
  #heard: PublicationFrames[] = [];
  #parcels = new Map<string, Parcel>();
  #omissions = new Map<string, Omission>();
  /** What the last one asked for: the next asks for the same. */
  #last = { served: -1, encoding: "", lanes: -1, sample: -1, parcel: null as Parcel | null };
  /** Heard, and not yet to be served. */
  #held: Publication[] = [];
  /** Among those to be served. */
  #posts = 0;
  /** By up to where a member was served. */
  #samples = new Map<number, ChatSamples>();
  /** Up to where everybody of each sample was served. */
  readonly #reached = Array<number>(SAMPLES).fill(0);

  constructor(label: ChannelLabel) {
    this.#label = label;
  }

  /** A member that was served up to here lacks nothing that is to be served. */
  get top(): number {
    return this.#first + this.#heard.length;
  }

  /** A member that was told all that was heard was served up to here. */
  get heardTop(): number {
    return this.top + this.#held.length;
  }

  /** The first publication that waits for its window. */
  get firstHeld(): Publication | null {
    return this.#held[0] ?? null;
  }

  /** Whether posts of fans are among what is to be served. */
  get hasPosts(): boolean {
    return this.#posts > 0;
  }

  get length(): number {
    return this.#heard.length;
  }

  /** It waits for its window; whatever is pushed brings it along, in order. */
  hold(publication: Publication): void {
    this.#held.push(publication);
  }

  push(publication: Publication): void {
    this.release();
    if (isRemoval(publication)) this.#erase(publication);
    this.#add(publication);
    this.#unpack();
  }

  /** The window is over: what was held is to be served. */
  release(): void {
    if (this.#held.length === 0) return;
    for (const held of this.#held) this.#add(held);
    this.#held = [];
    this.#unpack();
  }

  /** Everybody of these samples was served up to `top`. @returns what all have now and had not. */
  servedTo(top: number, samples: number): Publication[] {
    const reached = this.#reached;
    for (let sample = 0; sample < SAMPLES; sample++) {
      if ((samples & (1 << sample)) !== 0) reached[sample] = Math.max(reached[sample]!, top);
    }
    const all = Math.min(...reached);
    if (all <= this.#first) return [];
    const dropped = this.#heard.splice(0, all - this.#first)
      .map(({ publication }) => publication);
    this.#first = all;
    if (this.#posts > 0) this.#posts -= dropped.filter(isPost).length;
    this.#unpack();
    return dropped;
  }

  /** For members served up to `served` that take `lanes` and belong to `sample`. */
  parcel(served: number, encoding: Encoding, lanes: LaneSet, sample: number): Parcel {
    const last = this.#last;
    const own = this.#posts === 0 ? 0 : this.#samplesFor(served).numberOf(sample);
    if (
      last.served === served && last.encoding === encoding && last.lanes === lanes &&
      last.sample === own
    ) return last.parcel!;
    const key = `${served} ${encoding} ${lanes} ${own}`;
    let parcel = this.#parcels.get(key);
    if (parcel === undefined) {
      parcel = this.#pack(served, encoding, lanes, own);
      this.#parcels.set(key, parcel);
    }
    this.#last = { served, encoding, lanes, sample: own, parcel };
    return parcel;
  }

  /** What a member that is served now does not get for want of `lanes`. */
  omission(served: number, lanes: LaneSet): Omission {
    const key = `${served} ${lanes}`;
    let omission = this.#omissions.get(key);
    if (omission === undefined) {
      const publications = this.#lacked(served, lanes).map(({ publication }) => publication);
      const isSampled = this.#posts > 0 && this.#samplesFor(served).isSampled;
      // Nobody gets all that a fast room says: it is not brought later.
      const owed = publications.filter((one) => {
        return one.offset !== null && !(isSampled && isPost(one));
      });
      const owedLanes = owed.reduce((set, { lane }) => set | laneBit(lane), NO_LANES);
      omission = { publications, firstOwed: owed[0]?.offset ?? null, owedLanes, sockets: 0 };
      this.#omissions.set(key, omission);
    }
    return omission;
  }

  #erase(removal: Publication): void {
    this.#heard = this.#heard.map((frames) => {
      const left = withoutRemoved(removal, frames.publication);
      return left === frames.publication ? frames : new PublicationFrames(this.#label, left);
    });
  }

  #add(publication: Publication): void {
    this.#heard.push(new PublicationFrames(this.#label, publication));
    if (isPost(publication)) this.#posts += 1;
  }

  #unpack(): void {
    this.#parcels.clear();
    this.#omissions.clear();
    this.#samples.clear();
    this.#last.served = -1;
  }

  #samplesFor(served: number): ChatSamples {
    let samples = this.#samples.get(served);
    if (samples === undefined) {
      samples = new ChatSamples(this.#heard.slice(served - this.#first));
      this.#samples.set(served, samples);
    }
    return samples;
  }

  #lacked(served: number, lanes: LaneSet): PublicationFrames[] {
    return this.#heard.slice(served - this.#first)
      .filter(({ publication }) => hasLane(lanes, publication.lane));
  }

  #pack(served: number, encoding: Encoding, lanes: LaneSet, sample: number): Parcel {
    const asked = this.#lacked(served, lanes);
    const samples = this.#posts === 0 ? null : this.#samplesFor(served);
    const { posts, more } = samples?.isSampled ? samples.of(sample) : { posts: null, more: 0 };
    const isOfSample = (frames: PublicationFrames) =>
      posts === null || !isPost(frames.publication) || posts.has(frames);
    const lacked = asked.filter(isOfSample);
    const durable = lacked.filter(({ publication }) => publication.offset !== null);
    const volatile = lacked.filter(({ publication }) => publication.offset === null);
    const latest = new Map(volatile.map((frames) => [frames.publication.key, frames]));
    const isMerged = (frames: PublicationFrames) =>
      frames.publication.offset === null && latest.get(frames.publication.key) !== frames;
    const sent = [...durable, ...latest.values()];
    const frames = sent.map((each) => each.of(encoding));
    const isTold = more > 0 && hasLane(lanes, "chat");
    if (isTold) frames.push(moreFrame(this.#label, asked.at(-1)!.publication, more).of(encoding));
    return {
      bytes: frames.length > 1 ? Buffer.concat(frames) : frames[0] ?? null,
      publications: sent.map(({ publication }) => publication),
      merged: asked.filter((each) => !isOfSample(each) || isMerged(each))
        .map(({ publication }) => publication),
      sockets: 0,
    };
  }
}

/** So many posts were left out up to here. */
function moreFrame(label: ChannelLabel, last: Publication, more: number): PublicationFrames {
  const body = encodePublication({ offset: last.offset ?? 0, more: { more } });
  return new PublicationFrames(label, { ...last, body });
}
