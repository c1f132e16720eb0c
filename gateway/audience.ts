/**
 * The sockets that hear one channel, kept ready for a goal.
 *
 * Members stand in one array per encoding and appetite, so that writing a
 * publication is a walk along arrays with one frame in hand: no lookup, no
 * branch on who wants what.
 */
import type { LiveChannel } from "../channels/live_channel.ts";
import type { Publication } from "../channels/publication.ts";
import type { PublicationFrames } from "./channel_frames.ts";
import { type Encoding, ENCODINGS } from "./socket/encoding.ts";

/** A socket, as far as the hub knows it. */
export interface Subscriber {
  readonly encoding: Encoding;
  /** A frame that may not be dropped and meets a queue past the hard limit ends the socket. */
  write(frame: Buffer, droppable: boolean): "written" | "skipped" | "closed";
}

/** One socket's interest in one channel, from Subscribe to leave. */
export class Membership {
  readonly subscriber: Subscriber;
  /** Wants lane one only. */
  readonly lite: boolean;
  /** Echoed by the first Subscribed. */
  readonly id: number;
  channel: OpenChannel | null = null;
  left = false;
  /** Index in its array of the audience; -1: not synced, hears nothing. */
  place = -1;

  constructor(subscriber: Subscriber, lite: boolean, id: number) {
    this.subscriber = subscriber;
    this.lite = lite;
    this.id = id;
  }
}

export class Audience {
  readonly #full: Record<Encoding, Membership[]> = { protobuf: [], json: [] };
  readonly #lite: Record<Encoding, Membership[]> = { protobuf: [], json: [] };

  get size(): number {
    let size = 0;
    for (const encoding of ENCODINGS) {
      size += this.#full[encoding].length + this.#lite[encoding].length;
    }
    return size;
  }

  add(member: Membership): void {
    const members = this.#arrayOf(member);
    member.place = members.length;
    members.push(member);
  }

  /** The last one takes the place of who goes. */
  remove(member: Membership): void {
    if (member.place === -1) return;
    const members = this.#arrayOf(member);
    const last = members.pop()!;
    if (last !== member) {
      members[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }

  /** Empties the audience. */
  takeAll(): Membership[] {
    const all = ENCODINGS.flatMap((encoding) => [
      ...this.#full[encoding].splice(0),
      ...this.#lite[encoding].splice(0),
    ]);
    for (const member of all) member.place = -1;
    return all;
  }

  /** To everybody who wants this lane. */
  write(publication: Publication, frames: PublicationFrames): { written: number; skipped: number } {
    const { lane, offset } = publication;
    const droppable = offset === null && lane !== "goal" && lane !== "moderation";
    const count = { written: 0, skipped: 0 };
    for (const encoding of ENCODINGS) {
      writeAll(this.#full[encoding], frames, encoding, droppable, count);
      if (lane === "goal") writeAll(this.#lite[encoding], frames, encoding, droppable, count);
    }
    return count;
  }

  #arrayOf({ lite, subscriber }: Membership): Membership[] {
    return (lite ? this.#lite : this.#full)[subscriber.encoding];
  }
}

/** A channel that this gateway hears, and who hears it here. */
export class OpenChannel {
  readonly name: string;
  readonly number: number;
  /** Absent until the source has opened it. */
  live: LiveChannel | null = null;
  readonly audience = new Audience();
  /** What waits for the end of this tick. */
  pending: Publication[] = [];
  /** Position of everybody in the audience, at least. */
  epoch = "";
  offset = 0;
  /** Members and those about to be. */
  holders = 0;

  constructor(name: string, number: number) {
    this.name = name;
    this.number = number;
  }
}

/**
 * Backwards: a write may end its own socket, which puts the last member, already
 * served, in its place.
 */
function writeAll(
  members: Membership[],
  frames: PublicationFrames,
  encoding: Encoding,
  droppable: boolean,
  count: { written: number; skipped: number },
): void {
  if (members.length === 0) return;
  const frame = frames.of(encoding);
  for (let place = members.length - 1; place >= 0; place--) {
    const outcome = members[place]!.subscriber.write(frame, droppable);
    if (outcome === "written") count.written += 1;
    else if (outcome === "skipped") count.skipped += 1;
  }
}
