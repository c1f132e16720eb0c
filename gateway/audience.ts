/**
 * The sockets that hear one channel, kept ready for a goal.
 *
 * Members stand in one array, served from its end: whoever leaves meanwhile has
 * its place taken by the last, who was served before.
 */
import type { ChannelPosition, LiveChannel } from "../channels/live_channel.ts";
import { Backlog, type Omission } from "./backlog.ts";
import { type LaneSet, NO_LANES } from "./lanes.ts";
import type { Encoding } from "./socket/encoding.ts";

/** A socket, as far as the hub knows it. */
export interface Subscriber {
  readonly encoding: Encoding;
  /** Which of a fast room's samples it gets, 0 to 7. */
  readonly sample: number;
  /** Lanes that it takes now; none where it is gone, or goes because its queue is too long. */
  openLanes(): LaneSet;
  /** Whether it has read enough of what it was sent to be sent posts of a room. */
  takesPosts(): boolean;
  /** Only after `openLanes` of the same turn. The frame must never change afterwards. */
  write(frame: Buffer): void;
  /** The same, for its eyes only: it may wait for the end of the turn, in order. */
  writeSoon(frame: Buffer): void;
}

/** One socket's interest in one channel, from Subscribe to leave. */
export class Membership {
  readonly subscriber: Subscriber;
  /** What it asked for. */
  readonly lanes: LaneSet;
  /** The set of its sample alone, at hand for who looks through ten thousand. */
  readonly sampleBit: number;
  /** Echoed by the first Subscribed. */
  readonly id: number;
  /** What it subscribed to, by name; its socket finds it by that. */
  name = "";
  channel: OpenChannel | null = null;
  left = false;
  /** Index in the audience; -1: not synced, hears nothing. */
  place = -1;
  /** Up to which publication of the channel's backlog it was served. */
  served = 0;
  /** Where it was last told that it stands. */
  toldOffset = 0;
  /** Publications of lanes that it asked for and was not given, since it was told how many. */
  skipped = 0;
  /** Since it subscribed. */
  skippedInAll = 0;
  /** Position before the first durable one among those; null: it lacks none. */
  hole: ChannelPosition | null = null;
  /** Lanes of the durable ones that it lacks. */
  holeLanes: LaneSet = NO_LANES;

  constructor(subscriber: Subscriber, lanes: LaneSet, id: number) {
    this.subscriber = subscriber;
    this.lanes = lanes;
    this.sampleBit = 1 << subscriber.sample;
    this.id = id;
  }

  /** It was not given something that it asked for. */
  skip(epoch: string, { publications, firstOwed, owedLanes }: Omission): void {
    this.skipped += publications.length;
    this.skippedInAll += publications.length;
    if (firstOwed === null) return;
    this.hole ??= { epoch, offset: firstOwed - 1 };
    this.holeLanes |= owedLanes;
  }
}

export class Audience {
  readonly members: Membership[] = [];
  /** How often somebody came or went. */
  changes = 0;

  get size(): number {
    return this.members.length;
  }

  add(member: Membership): void {
    this.changes += 1;
    member.place = this.members.length;
    this.members.push(member);
  }

  /** The last one takes the place of who goes. */
  remove(member: Membership): void {
    if (member.place === -1) return;
    this.changes += 1;
    const last = this.members.pop()!;
    if (last !== member) {
      this.members[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }

  /** Empties the audience. */
  takeAll(): Membership[] {
    const all = this.members.splice(0);
    this.changes += 1;
    for (const member of all) member.place = -1;
    return all;
  }
}

/** A channel that this gateway hears, and who hears it here. */
export class OpenChannel {
  readonly name: string;
  readonly number: number;
  /** Absent until the source has opened it. */
  live: LiveChannel | null = null;
  readonly audience = new Audience();
  readonly backlog: Backlog;
  /** Position after everything heard. */
  epoch = "";
  offset = 0;
  /** Members and those about to be. */
  holders = 0;

  constructor(name: string, number: number) {
    this.name = name;
    this.number = number;
    this.backlog = new Backlog(this);
  }

  /** Everything up to here is said; what comes after waits for its window. */
  get saidTo(): number {
    const held = this.backlog.firstHeld;
    return held === null ? this.offset : held.offset! - 1;
  }
}
