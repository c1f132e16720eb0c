/**
 * One room's changes on their way out: texts to whoever listens, ids into the
 * history, reactions once a second, mentions to those who are called.
 *
 * After a restart what was committed and not published goes out before the room
 * has its texts in memory: then they are read for it.
 */
import type { Broker } from "../actors/ports/broker.ts";
import type { Numbered, Publisher, PublishResult } from "../actors/ports/publisher.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import type { PostBody, RoomPosts } from "../actors/room/room_posts.ts";
import type { RoomUpdate } from "../actors/room/room_update.ts";
import { roomChannel } from "../protocol/channel_name.ts";
import type { Clock } from "../runtime/clock.ts";
import { ChannelPublisher } from "./channel_publisher.ts";
import { type BodyOf, encodeReactions, encodeRoomUpdate } from "./encode_room.ts";
import { noticeOf, type NoticeVoice } from "./notice_voice.ts";
import { encodePublication } from "./publication.ts";
import { RoomReactions } from "./room_reactions.ts";

export interface RoomPublisherOptions {
  roomId: string;
  /** Channel histories. */
  stream: StreamStore;
  broker: Broker;
  clock: Clock;
  posts: RoomPosts;
  notices: Pick<NoticeVoice, "tell">;
}

export class RoomPublisher implements Publisher<RoomUpdate> {
  readonly #options: RoomPublisherOptions;
  readonly #channel: ChannelPublisher<RoomUpdate>;
  /** Null: nobody has reacted yet. Most rooms of a process are waited in, not talked in. */
  #reactions: RoomReactions | null = null;
  /** Of what is published now and not in memory. */
  #read: Map<string, PostBody> | null = null;

  constructor(options: RoomPublisherOptions) {
    this.#options = options;
    const { stream, broker, posts } = options;
    const textOf: BodyOf = (body) => posts.bodyOf(body) ?? this.#read?.get(body.key) ?? null;
    this.#channel = new ChannelPublisher({
      stream,
      broker,
      channelOf: roomChannel,
      encode: (update, offset) => encodeRoomUpdate(update, offset, textOf),
      encodeKept: (update, offset) => encodeRoomUpdate(update, offset, () => null),
    });
  }

  async publish(
    roomId: string,
    fence: number,
    changes: Numbered<RoomUpdate>[],
  ): Promise<PublishResult> {
    const durable = changes.filter(({ offset }) => offset !== null);
    if (durable.length > 0) {
      await this.#recall(durable);
      const result = await this.#channel.publish(roomId, fence, durable);
      this.#read = null;
      if (result.outcome !== "published") return result;
    }
    for (const { update } of changes) this.#say(roomId, update);
    return { outcome: "published" };
  }

  claim(roomId: string, fence: number): Promise<number | "fenced"> {
    return this.#channel.claim(roomId, fence);
  }

  reset(roomId: string, fence: number, offset: number): Promise<void> {
    return this.#channel.reset(roomId, fence, offset);
  }

  /** Reactions to the room itself. */
  cheer(counts: ReactionCount[]): void {
    this.#telling().cheer(counts);
  }

  close(): void {
    this.#reactions?.close();
  }

  #telling(): RoomReactions {
    const { roomId, broker, clock } = this.#options;
    return this.#reactions ??= new RoomReactions(clock, (tallies) => {
      const publication = { ...encodeReactions(tallies), offset: null, receivedAt: 0, trace: "" };
      // The next second's say the same or more.
      broker.publish(roomChannel(roomId), [encodePublication(publication)]).catch(() => {});
    });
  }

  async #recall(changes: Numbered<RoomUpdate>[]): Promise<void> {
    const { posts } = this.#options;
    const refs = changes.flatMap(({ update }) => "body" in update ? [update.body] : []);
    const missing = refs.filter((ref) => posts.bodyOf(ref) === null);
    if (missing.length === 0) return;
    const bodies = await posts.read(missing);
    this.#read = new Map(
      missing.flatMap(({ key }, at) => bodies[at] === null ? [] : [[key, bodies[at]!]]),
    );
  }

  #say(room: string, update: RoomUpdate): void {
    if (update.kind === "reactions") this.#telling().changed(update.id, update.counts);
    const { notices, clock } = this.#options;
    const told = noticeOf(room, update, clock.now());
    if (told !== null) notices.tell(told.user, told.notice);
  }
}
