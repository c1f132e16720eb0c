/**
 * From channels to members.
 *
 * A member is joined in one synchronous step: what it lacks, then a place in
 * the audience; so it misses nothing and gets nothing twice. What the channel
 * says from then on is the fan-out's work. A member that was not given what it
 * asked for, because its queue was long or its page in the background, is mended
 * later: it is told how many, and gets the durable ones after all.
 */
import type { CatchUp, ChannelPosition, ChannelSource } from "../channels/live_channel.ts";
import type { Publication } from "../channels/publication.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, pause } from "../runtime/clock.ts";
import { assert, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { jitter, type Random } from "../runtime/random.ts";
import { nextTurn } from "../runtime/turn.ts";
import type { Membership, OpenChannel } from "./audience.ts";
import { SubscribedFrames } from "./channel_frames.ts";
import { FanOut } from "./fan_out.ts";
import { type ChannelEars, Interest } from "./interest.ts";
import { NO_LANES } from "./lanes.ts";
import { frameMessage } from "./socket/encoding.ts";

/** Between two tries to catch up members after a reset: stores come back in seconds. */
const RETRY_MS = 1_000;

export interface HubPorts {
  source: ChannelSource;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

export class Hub implements ChannelEars {
  readonly #ports: HubPorts;
  readonly #interest: Interest;
  readonly #fanOut: FanOut;
  #closed = false;

  constructor(ports: HubPorts) {
    this.#ports = ports;
    this.#interest = new Interest(ports.source, ports.clock, this);
    this.#fanOut = new FanOut(ports.clock, ports.events);
  }

  /**
   * Opens the channel for the member; `catchUp` follows.
   * @throws {Failure} where the source cannot open it now.
   */
  async enter(channelName: string, member: Membership): Promise<"entered" | "unknownChannel"> {
    const channel = await this.#interest.hold(channelName);
    if (channel === null) return "unknownChannel";
    if (member.left) this.#interest.release(channel);
    else member.channel = channel;
    return "entered";
  }

  /**
   * Tells the member what it lacks and lets it hear the rest; nothing where it has left.
   * @throws {Failure} where what it lacks cannot be read now.
   */
  async catchUp(member: Membership, since: ChannelPosition | null): Promise<void> {
    const { channel } = member;
    if (member.left || channel === null) return;
    const { encoding } = member.subscriber;
    await this.#live(channel).catchUp(since, (caughtUp) => {
      const frames = this.#arriveAt(channel, caughtUp);
      this.#join(channel, member, frames.of(encoding, member.lanes, member.id));
    });
  }

  /** Everything up to the channel's offset was sent to it or left out; here is how much. */
  tellPosition(member: Membership): void {
    const { channel, subscriber, skipped } = member;
    if (channel === null || member.place === -1) return;
    this.#fanOut.serve(channel, member);
    const { number, saidTo: offset } = channel;
    if (member.left || (member.toldOffset === offset && skipped === 0)) return;
    if (subscriber.openLanes() === NO_LANES) return;
    subscriber.writeSoon(frameMessage(subscriber.encoding, {
      position: { channel: number, offset, skipped: member.skipped },
    }));
    member.toldOffset = offset;
    member.skipped = 0;
  }

  /**
   * Gives the member the durable publications that were left out for it.
   * @throws {Failure} where they cannot be read now; the member is as it was.
   */
  async mend(member: Membership): Promise<void> {
    const { channel, subscriber, lanes } = member;
    if (channel === null || member.place === -1) return;
    this.#fanOut.serve(channel, member);
    const { hole, holeLanes } = member;
    if (hole === null || member.left) return;
    channel.audience.remove(member);
    const mending = { lanes: holeLanes, servedTo: channel.saidTo };
    try {
      await this.#live(channel).catchUp(hole, (caughtUp) => {
        member.hole = null;
        member.holeLanes = NO_LANES;
        const frames = this.#arriveAt(channel, caughtUp);
        this.#join(channel, member, frames.mending(subscriber.encoding, lanes, mending));
      });
    } catch (thrown) {
      // It goes on where it is; what was said meanwhile belongs to the hole, of every lane.
      member.holeLanes = lanes;
      member.served = channel.backlog.heardTop;
      if (!member.left && member.hole !== null) channel.audience.add(member);
      throw thrown;
    }
  }

  channels(): OpenChannel[] {
    return this.#interest.channels();
  }

  leave(member: Membership): void {
    if (member.left) return;
    member.left = true;
    if (member.channel === null) return;
    member.channel.audience.remove(member);
    this.#interest.release(member.channel);
  }

  close(): void {
    this.#closed = true;
    this.#interest.closeAll();
    this.#fanOut.close();
  }

  hear(channel: OpenChannel, publication: Publication): void {
    if (publication.offset !== null) channel.offset = publication.offset;
    this.#fanOut.say(channel, publication);
  }

  /** Nobody may trust its position any more: everybody is caught up anew from there. */
  reset(channel: OpenChannel): void {
    this.#fanOut.finish(channel);
    const members = channel.audience.takeAll();
    if (members.length > 0) void this.#catchUpAnew(channel, members);
  }

  /** In slices: each is brought to where the channel is at its turn. */
  async #catchUpAnew(channel: OpenChannel, members: Membership[]): Promise<void> {
    const since = { epoch: channel.epoch, offset: channel.offset };
    for (let from = 0; from < members.length; from += limits.fanOutSliceWrites) {
      const slice = members.slice(from, from + limits.fanOutSliceWrites);
      await this.#catchUpSlice(channel, slice, since);
      await nextTurn();
    }
  }

  async #catchUpSlice(
    channel: OpenChannel,
    members: Membership[],
    since: ChannelPosition,
  ): Promise<void> {
    const { clock, random, events } = this.#ports;
    const isAwaited = () => !this.#closed && members.some(({ left }) => !left);
    while (isAwaited()) {
      try {
        await this.#live(channel).catchUp(since, (caughtUp) => {
          const frames = this.#arriveAt(channel, caughtUp);
          for (const member of members) {
            const { subscriber: { encoding }, lanes } = member;
            this.#join(channel, member, frames.of(encoding, lanes, 0));
          }
        });
        return;
      } catch (thrown) {
        events.warned(`Cannot catch up the members of ${channel.name}: ${reasonOf(thrown)}`);
        await pause(clock, jitter(random, RETRY_MS));
      }
    }
  }

  /** The channel has said all that is in `caughtUp`. */
  #arriveAt(channel: OpenChannel, caughtUp: CatchUp): SubscribedFrames {
    channel.epoch = caughtUp.position.epoch;
    channel.offset = caughtUp.position.offset;
    return new SubscribedFrames(channel, caughtUp);
  }

  /** What was heard before this step is part of the frame. */
  #join(channel: OpenChannel, member: Membership, frame: Buffer): void {
    const { subscriber } = member;
    if (member.left || subscriber.openLanes() === NO_LANES) return;
    subscriber.writeSoon(frame);
    member.served = channel.backlog.heardTop;
    member.toldOffset = channel.offset;
    channel.audience.add(member);
  }

  #live(channel: OpenChannel) {
    assert(channel.live !== null, "a member is in a channel that its source has opened");
    return channel.live;
  }
}
