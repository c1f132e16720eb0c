/**
 * From channels to sockets.
 *
 * A member is joined in one synchronous step: what it lacks, then a place in
 * the audience; so it misses nothing and gets nothing twice. Everybody in the
 * audience of a channel is at the same position, and only who is catching up
 * has one of its own.
 *
 * What is heard in one tick is written at its end, goals at once: no socket
 * gets anything else before every socket has the goal. Only durable
 * publications of the same channel that came before go along with it, since a
 * client's position must stand for all that is below it.
 */
import { setImmediate } from "node:timers";
import type { CatchUp, ChannelPosition, ChannelSource } from "../channels/live_channel.ts";
import type { Publication } from "../channels/publication.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, pause } from "../runtime/clock.ts";
import { assert, reasonOf } from "../runtime/failure.ts";
import { jitter, type Random } from "../runtime/random.ts";
import type { Membership, OpenChannel } from "./audience.ts";
import { PublicationFrames, SubscribedFrames } from "./channel_frames.ts";
import { type ChannelEars, Interest } from "./interest.ts";

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
  /** Channels with something pending. */
  readonly #dirty = new Set<OpenChannel>();
  #closed = false;

  constructor(ports: HubPorts) {
    this.#ports = ports;
    this.#interest = new Interest(ports.source, ports.clock, this);
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
    await this.#live(channel).catchUp(since, (caughtUp) => {
      this.#join(channel, [member], caughtUp, member.id);
    });
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
  }

  hear(channel: OpenChannel, publication: Publication): void {
    if (channel.audience.size === 0) return;
    if (publication.lane === "goal") {
      const durable = channel.pending.filter(({ offset }) => offset !== null);
      channel.pending = channel.pending.filter(({ offset }) => offset === null);
      for (const earlier of durable) this.#write(channel, earlier);
      this.#write(channel, publication);
      return;
    }
    channel.pending.push(publication);
    if (this.#dirty.size === 0) setImmediate(() => this.#endTick());
    this.#dirty.add(channel);
  }

  /** Nobody may trust its position any more: everybody is caught up anew from there. */
  reset(channel: OpenChannel): void {
    this.#flush(channel);
    const members = channel.audience.takeAll();
    if (members.length > 0) void this.#catchUpAnew(channel, members);
  }

  async #catchUpAnew(channel: OpenChannel, members: Membership[]): Promise<void> {
    const { clock, random, events } = this.#ports;
    const since = { epoch: channel.epoch, offset: channel.offset };
    const isAwaited = () => !this.#closed && members.some(({ left }) => !left);
    while (isAwaited()) {
      try {
        await this.#live(channel).catchUp(
          since,
          (caughtUp) => this.#join(channel, members, caughtUp, 0),
        );
        return;
      } catch (thrown) {
        events.warned(`Cannot catch up the members of ${channel.name}: ${reasonOf(thrown)}`);
        await pause(clock, jitter(random, RETRY_MS));
      }
    }
  }

  #join(channel: OpenChannel, members: Membership[], caughtUp: CatchUp, id: number): void {
    // What was heard before this step is part of `caughtUp` and not for the newcomers.
    this.#flush(channel);
    channel.epoch = caughtUp.position.epoch;
    channel.offset = caughtUp.position.offset;
    const frames = new SubscribedFrames(channel, caughtUp);
    for (const member of members) {
      if (member.left) continue;
      const { subscriber, lite } = member;
      subscriber.write(frames.of(subscriber.encoding, lite, id), false);
      if (!member.left) channel.audience.add(member);
    }
  }

  #endTick(): void {
    for (const channel of this.#dirty) this.#flush(channel);
    this.#dirty.clear();
  }

  #flush(channel: OpenChannel): void {
    const { pending } = channel;
    if (pending.length === 0) return;
    channel.pending = [];
    for (const publication of pending) this.#write(channel, publication);
  }

  #write(channel: OpenChannel, publication: Publication): void {
    const { clock, events } = this.#ports;
    const { lane, offset, receivedAt } = publication;
    const frames = new PublicationFrames(channel, publication);
    const { written, skipped } = channel.audience.write(publication, frames);
    if (offset !== null) channel.offset = offset;
    if (written > 0) events.delivered(lane, written);
    if (skipped > 0) events.skipped(lane, skipped);
    if (receivedAt > 0) events.hopTook("gateway", (clock.now() - receivedAt) / 1000);
  }

  #live(channel: OpenChannel) {
    assert(channel.live !== null, "a member is in a channel that its source has opened");
    return channel.live;
  }
}
