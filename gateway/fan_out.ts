/**
 * Walks of publications along audiences: one buffer, one write a socket, in slices.
 *
 * A goal's walk begins in the same turn in which the goal was heard, everything
 * else at the next turn of the loop. A full room is served in slices, and after
 * each slice whoever else has a goal is next, then the rest; so ten thousand
 * sockets of one match never stand before another match's goal. What is said
 * during a walk goes along with what the rest of the room still lacks, so a
 * busy room costs fewer writes and not more.
 *
 * A room's posts go in windows: the first after a quiet moment at once, what
 * follows together at the end of half a second. A walk then serves those whose
 * window it is, and passes the others by.
 *
 * A walk goes round: a goal heard in the middle of one lengthens it by a whole
 * round from where it is, so nobody is passed over again and again.
 */
import { setImmediate } from "node:timers";
import type { Lane, Publication } from "../channels/publication.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Membership, OpenChannel } from "./audience.ts";
import type { Omission, Parcel } from "./backlog.ts";
import { isPost } from "./chat_samples.ts";
import { ALL_SAMPLES, ChatWindows, type SampleSet } from "./chat_windows.ts";
import { FanOutStages } from "./fan_out_stages.ts";
import { FIRST_LANES, laneBit, type LaneSet, NO_LANES } from "./lanes.ts";

interface Walk {
  channel: OpenChannel;
  /** Next place to be served; below 0: the last one. */
  place: number;
  /** Places until the round is complete. */
  left: number;
  /** Who is served by the end of the round has everything up to here. */
  top: number;
  /** Of the audience when the round began: each may put an unserved member behind it. */
  changes: number;
  /** Who is served in this round. */
  samples: SampleSet;
  /** Who in the next; none: this is the last. */
  next: SampleSet;
}

export class FanOut {
  readonly #events: BusinessEvents;
  readonly #stages: FanOutStages;
  readonly #windows: ChatWindows;
  readonly #walks = new Map<OpenChannel, Walk>();
  /** Rooms with a goal, in turn. */
  #urgent: Walk[] = [];
  #patient: Walk[] = [];
  /** Parcels of the slice under way. */
  #sent: Parcel[] = [];
  #omitted: Omission[] = [];
  #isScheduled = false;

  constructor(clock: Clock, events: BusinessEvents) {
    this.#events = events;
    this.#stages = new FanOutStages(clock, events);
    this.#windows = new ChatWindows(clock, (...ended) => this.#endWindow(...ended));
  }

  say(channel: OpenChannel, publication: Publication): void {
    if (isPost(publication) && this.#windows.holds(channel)) {
      channel.backlog.hold(publication);
      return;
    }
    this.#tell(channel, publication);
  }

  /** A room's window is over, for these: what was held in it is served, to each its sample. */
  #endWindow(channel: OpenChannel, samples: SampleSet): void {
    const { backlog, audience } = channel;
    backlog.release();
    if (audience.size === 0) return void backlog.servedTo(backlog.top, ALL_SAMPLES);
    const walk = this.#walks.get(channel);
    if (walk === undefined) this.#begin(channel, this.#patient, samples);
    else walk.next |= samples;
    this.#schedule();
  }

  #tell(channel: OpenChannel, publication: Publication): void {
    const { backlog, audience } = channel;
    backlog.push(publication);
    if (audience.size === 0) return void backlog.servedTo(backlog.top, ALL_SAMPLES);
    this.#stages.said(channel, publication);
    const isUrgent = publication.lane === "goal";
    const known = this.#walks.get(channel);
    const queue = isUrgent ? this.#urgent : this.#patient;
    const walk = known ?? this.#begin(channel, queue, ALL_SAMPLES);
    if (isUrgent && known !== undefined) this.#hasten(walk);
    else if (known !== undefined) walk.next = ALL_SAMPLES;
    if (backlog.length > limits.backlogMax) this.finish(channel);
    else if (isUrgent) this.#walk(walk, limits.fanOutGoalWrites);
    this.#settle();
    if (this.#walks.size > 0) this.#schedule();
  }

  /** Everybody has everything when this returns. */
  finish(channel: OpenChannel): void {
    const { backlog } = channel;
    backlog.release();
    if (backlog.length === 0) return;
    const walk = this.#walks.get(channel) ?? this.#begin(channel, this.#patient, ALL_SAMPLES);
    walk.next = ALL_SAMPLES;
    while (!this.#walk(walk, Infinity).isOver);
    this.#settle();
  }

  /** The member has everything when this returns. */
  serve(channel: OpenChannel, member: Membership): void {
    if (member.served >= channel.backlog.top) return;
    this.#give(channel, member);
    this.#settle();
  }

  close(): void {
    this.#windows.close();
    this.#stages.close();
  }

  #begin(channel: OpenChannel, queue: Walk[], samples: SampleSet): Walk {
    const walk = { channel, place: -1, left: 0, top: 0, changes: 0, samples, next: 0 };
    startRound(walk);
    this.#walks.set(channel, walk);
    queue.push(walk);
    return walk;
  }

  #hasten(walk: Walk): void {
    walk.samples = ALL_SAMPLES;
    startRound(walk);
    if (this.#urgent.includes(walk)) return;
    this.#patient = this.#patient.filter((other) => other !== walk);
    this.#urgent.push(walk);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#slice();
      if (this.#walks.size > 0) this.#schedule();
    });
  }

  #slice(): void {
    let writes: number = limits.fanOutGoalWrites;
    while (writes > 0) {
      const walk = this.#urgent[0] ?? this.#patient[0];
      if (walk === undefined) break;
      // What a goal leaves of its turn is not the others': theirs is shorter.
      if (this.#urgent.length === 0) writes = Math.min(writes, limits.fanOutSliceWrites);
      const { isOver, writesLeft } = this.#walk(walk, writes);
      writes = writesLeft;
      // The next room's turn.
      const queue = this.#urgent[0] === walk ? this.#urgent : this.#patient;
      if (!isOver && queue[0] === walk) queue.push(queue.shift()!);
    }
    this.#settle();
  }

  /** @returns the writes that are left, and whether the walk is over. */
  #walk(walk: Walk, writes: number): { isOver: boolean; writesLeft: number } {
    const { samples, channel: { audience: { members }, backlog } } = walk;
    while (walk.left > 0 && writes > 0) {
      walk.left -= 1;
      if (walk.place < 0 || walk.place >= members.length) walk.place = members.length - 1;
      const member = members[walk.place];
      walk.place -= 1;
      if (member === undefined || (samples & member.sampleBit) === 0) continue;
      if (member.served >= backlog.top) continue;
      if (this.#give(walk.channel, member)) writes -= 1;
    }
    return { isOver: walk.left === 0 && this.#endRound(walk), writesLeft: writes };
  }

  /** @returns whether it cost a write. */
  #give(channel: OpenChannel, member: Membership): boolean {
    const { subscriber, served } = member;
    let open = subscriber.openLanes();
    // It is gone for good: it may lack what the backlog drops.
    if (open === NO_LANES) return false;
    if (channel.backlog.hasPosts && !subscriber.takesPosts()) open &= ~laneBit("chat");
    // What it lacks of a lane comes before what follows in it, and once: after mending.
    open &= ~member.holeLanes | FIRST_LANES;
    const lanes = member.lanes & open;
    if (lanes !== member.lanes) this.#leaveOut(channel, member, member.lanes & ~open);
    const parcel = channel.backlog.parcel(served, subscriber.encoding, lanes, subscriber.sample);
    member.served = channel.backlog.top;
    if (parcel.bytes === null) return false;
    if (parcel.sockets === 0) this.#sent.push(parcel);
    parcel.sockets += 1;
    subscriber.write(parcel.bytes);
    if (parcel.sockets === 1) this.#stages.begun(parcel);
    return true;
  }

  /** @returns whether the walk is over, too. */
  #endRound(walk: Walk): boolean {
    const { channel, top, samples } = walk;
    const { audience, backlog } = channel;
    if (audience.changes !== walk.changes && audience.size > 0) {
      startRound(walk);
      return false;
    }
    const dropped = audience.size === 0
      ? backlog.servedTo(backlog.top, ALL_SAMPLES)
      : backlog.servedTo(top, samples);
    this.#stages.heardByAll(dropped);
    this.#urgent = this.#urgent.filter((other) => other !== walk);
    if (walk.next === 0 || backlog.length === 0) {
      this.#patient = this.#patient.filter((other) => other !== walk);
      this.#walks.delete(channel);
      return true;
    }
    walk.samples = walk.next;
    walk.next = 0;
    startRound(walk);
    if (!this.#patient.includes(walk)) this.#patient.push(walk);
    return false;
  }

  #leaveOut(channel: OpenChannel, member: Membership, lanes: LaneSet): void {
    const omission = channel.backlog.omission(member.served, lanes);
    if (omission.publications.length === 0) return;
    if (omission.sockets === 0) this.#omitted.push(omission);
    omission.sockets += 1;
    member.skip(channel.epoch, omission);
  }

  /** What the slice came to, for the counters. */
  #settle(): void {
    this.#settleOmitted();
    if (this.#sent.length === 0) return;
    const [delivered, merged] = [new Map<Lane, number>(), new Map<Lane, number>()];
    for (const parcel of this.#sent) {
      for (const { lane } of parcel.publications) add(delivered, lane, parcel.sockets);
      for (const { lane } of parcel.merged) add(merged, lane, parcel.sockets);
      this.#stages.written(parcel);
      parcel.sockets = 0;
    }
    this.#sent = [];
    for (const [lane, sockets] of delivered) this.#events.delivered(lane, sockets);
    for (const [lane, sockets] of merged) this.#events.merged(lane, sockets);
  }

  #settleOmitted(): void {
    if (this.#omitted.length === 0) return;
    const skipped = new Map<Lane, number>();
    for (const { publications, sockets } of this.#omitted) {
      for (const publication of publications) {
        add(skipped, publication.lane, sockets);
        this.#stages.skipped(publication, sockets);
      }
    }
    for (const omission of this.#omitted) omission.sockets = 0;
    this.#omitted = [];
    for (const [lane, sockets] of skipped) this.#events.skipped(lane, sockets);
  }
}

function startRound(walk: Walk): void {
  const { audience, backlog } = walk.channel;
  walk.left = audience.size;
  walk.top = backlog.top;
  walk.changes = audience.changes;
}

function add(counts: Map<Lane, number>, lane: Lane, count: number): void {
  counts.set(lane, (counts.get(lane) ?? 0) + count);
}
