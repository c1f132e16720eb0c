/**
 * Rooms for tests of those who ask: the real loop and the real room actor on
 * embedded stores, in memory, behind the port. Who may do what is decided by the
 * room alone here: no gateway stands before it, and of a text only what may be
 * stored is asked, no list of words.
 */
import { ActorLoop, type Answer } from "../actors/actor_loop.ts";
import { takeText } from "../actors/moderation/text_intake.ts";
import type {
  HeldItem,
  RoomAnswer,
  RoomCommand,
  RoomMessage,
  RoomOrder,
  RoomPage,
  RoomRecord,
  Rooms,
  RoomWhole,
  RoomWish,
} from "../actors/ports/rooms.ts";
import { msOf, type Stamp } from "../actors/room/hybrid_clock.ts";
import { slotOf, visible } from "../actors/room/op_set.ts";
import { ALLOW, MapBodies } from "../actors/room/room.testing.ts";
import { roomDefinition } from "../actors/room/room_actor.ts";
import { type FanCommand, type RoomDelivery, wishKey } from "../actors/room/room_delivery.ts";
import type { Verdict } from "../actors/room/room_entry.ts";
import { faceOf } from "../actors/room/room_face.ts";
import { type HistoryItem, pageOf } from "../actors/room/room_history.ts";
import { RoomPosts } from "../actors/room/room_posts.ts";
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import type { roomMachine } from "../actors/room/room_machine.ts";
import type { RoomEntryBody } from "../actors/room/room_entry.ts";
import type { RoomUpdate } from "../actors/room/room_update.ts";
import { saidId } from "../actors/room/said_wishes.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { seededRandom } from "../runtime/random.ts";
import { NoticeVoice } from "./notice_voice.ts";
import { RoomPublisher } from "./room_publisher.ts";
import { VolatileVoice } from "./volatile_voice.ts";

/** Of processes without a room. */
export const noRooms: Pick<Rooms, "whole" | "bodies"> = {
  whole: () => Promise.resolve(null),
  bodies: () => Promise.resolve([]),
};

type Loop = ActorLoop<RoomDelivery, RoomEntryBody, RoomUpdate, typeof roomMachine>;

interface PlayedRoom {
  record: RoomRecord | null;
  loop: Loop;
  posts: RoomPosts;
  publisher: RoomPublisher;
  waiting: Map<RoomDelivery, (answer: Answer) => void>;
}

export class RoomStage implements Rooms, AsyncDisposable {
  readonly clock: Clock;
  readonly broker = new MemoryBroker(silentEvents);
  readonly #files = [1, 2].map(() => new SqliteFile(":memory:", { synchronous: "off" }));
  readonly stream = new SqliteStream(this.#files[0]!, this.broker, seededRandom(1));
  readonly channels = new SqliteStream(this.#files[1]!, this.broker, seededRandom(2));
  readonly cells: SqliteCell;
  readonly bodiesKept = new MapBodies();
  readonly notices: NoticeVoice;
  readonly #rooms = new Map<string, PlayedRoom>();
  readonly cheers: { room: string; counts: ReactionCount[] }[] = [];
  isAway = false;
  /** Commands that reached the owner. */
  asked = 0;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
    this.cells = new SqliteCell(this.#files[0]!, clock);
    const voice = new VolatileVoice(this.broker, this.cells);
    this.notices = new NoticeVoice({ voice, cells: this.cells, clock, events: silentEvents });
  }

  async open(
    id: string,
    facts: { title?: string; matchId?: string | null; owner?: string | null } = {},
    inviteCode: string | null = null,
  ): Promise<void> {
    const { title = "Derby", matchId = null, owner = null } = facts;
    const { clock, stream, cells, broker, channels: history } = this;
    const posts = new RoomPosts(id, this.bodiesKept, seededRandom(3));
    const waiting: PlayedRoom["waiting"] = new Map();
    const { notices } = this;
    const publisher = new RoomPublisher({
      ...{ roomId: id, stream: history, broker, clock, posts, notices },
    });
    const loop: Loop = await ActorLoop.start({
      ...{ definition: roomDefinition("n1"), id, fence: 1, stream, cells, publisher, clock },
      events: silentEvents,
      history: {
        write: () => Promise.resolve(),
        top: async () => (await stream.position(`ledger/room/${id}`))?.top ?? 0,
        after: () => Promise.resolve([]),
        unconfirmed: () => [],
      },
      answered: (delivery, answer) => waiting.get(delivery)?.(answer),
      poisoned: (_delivery, error) => Promise.reject(error),
      origin: ({ receivedAt }) => ({ receivedAt }),
    });
    const record = matchId === null
      ? { id, title, matchId, owner, inviteCode, createdAt: clock.now() }
      : null;
    const played = { record, loop, posts, publisher, waiting };
    this.#rooms.set(id, played);
    const room = { title, matchId, owner };
    await this.#offer(played, { from: null, command: { kind: "open", room }, receivedAt: 0 });
  }

  /** As a moderator of the room's house may: for bringing a room into a state. */
  contextOf(room: string) {
    return this.#rooms.get(room)!.loop.folded.snapshot.context;
  }

  async command(room: string, { from, wish }: RoomCommand): Promise<RoomAnswer> {
    this.asked += 1;
    const played = this.#rooms.get(room);
    if (this.isAway) throw away();
    if (played === undefined) return refused("unknownRoom", "Cannot find that room");
    const sender = { ...from, isBanned: false };
    const receivedAt = this.clock.now();
    const deliver = async (command: FanCommand) => {
      const answer = await this.#offer(played, { from: sender, command, receivedAt });
      await this.#erase(played);
      return answer;
    };
    if (wish.kind !== "post" && wish.kind !== "edit") {
      const answer = await deliver(wish);
      return answerOf(answer, "clientId" in wish ? this.#madeBy(played, from.user, wish) : null);
    }
    const text = moderated(wish);
    if ("outcome" in text) return text;
    const { clientId } = wish;
    const sticker = wish.kind === "post" ? wish.sticker : null;
    const context = () => played.loop.folded.snapshot.context;
    const body = await played.posts.keep(context(), from.user, {
      ...{ text: text.text, sticker, clientId },
    });
    const { verdict } = text;
    const answer = await deliver(
      wish.kind === "post"
        ? { kind: "post", clientId, body, replyTo: wish.replyTo, mentions: wish.mentions, verdict }
        : { ...wish, body, verdict },
    );
    await played.posts.settle(context(), body);
    return answerOf(answer, this.#madeBy(played, from.user, wish), context());
  }

  cheer(room: string, counts: ReactionCount[]): Promise<void> {
    this.cheers.push({ room, counts });
    this.#rooms.get(room)?.publisher.cheer(counts);
    return Promise.resolve();
  }

  page(room: string, { before, limit }: { before: Stamp | null; limit: number }) {
    const played = this.#rooms.get(room);
    if (played === undefined) return Promise.resolve(null);
    const page = pageOf(this.contextOf(room).set, before, limit);
    const messages = page.items.map((item): RoomPage["messages"][number] =>
      "gone" in item ? item : this.#messageOf(played, item)
    );
    return Promise.resolve({ messages, before: page.before });
  }

  whole(room: string): Promise<RoomWhole | null> {
    const played = this.#rooms.get(room);
    if (played === undefined) return Promise.resolve(null);
    const { snapshot: { context }, offset } = played.loop.folded;
    const { items } = pageOf(context.set, null, 50);
    const messages = items.flatMap((item) => "gone" in item ? [] : this.#messageOf(played, item));
    return Promise.resolve({ face: faceOf(context), messages, offset });
  }

  bodies(room: string, ids: Stamp[]): Promise<(RoomMessage | null)[]> {
    const played = this.#rooms.get(room)!;
    const { set } = this.contextOf(room);
    const { items } = pageOf(set, null, set.slots.length);
    const found = ids.map((id) => items.find((item) => item.id === id));
    return Promise.resolve(
      found.map((item) =>
        item === undefined || "gone" in item || visible(set, item.id) === null
          ? null
          : this.#messageOf(played, item)
      ),
    );
  }

  queue(room: string) {
    const played = this.#rooms.get(room)!;
    const held = this.contextOf(room).held.map(({ id, by, body, wasPublished, status, rule }) => ({
      ...{ id, user: by, text: played.posts.bodyOf(body)?.text ?? null, at: msOf(id) },
      ...{ wasPublished, status, rule },
    } as HeldItem));
    return Promise.resolve({ held, reported: [] });
  }

  audit(room: string) {
    const { actions, chain } = this.contextOf(room);
    return Promise.resolve({ rows: [...actions].reverse(), before: null, head: chain });
  }

  pulse(): Promise<null> {
    return Promise.resolve(null);
  }

  order(room: string): Promise<RoomOrder | null> {
    if (this.isAway) return Promise.reject(away());
    if (!this.#rooms.has(room)) return Promise.resolve(null);
    const context = this.contextOf(room);
    const { room: facts, standings } = context;
    return Promise.resolve({ state: faceOf(context).state, room: facts!, standings });
  }

  async create(record: Omit<RoomRecord, "createdAt">): Promise<RoomAnswer> {
    await this.open(record.id, record, record.inviteCode);
    return { outcome: "ok", made: record.id };
  }

  find(room: string): Promise<RoomRecord | null> {
    return Promise.resolve(this.#rooms.get(room)?.record ?? null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { loop, publisher } of this.#rooms.values()) {
      publisher.close();
      await loop.stop();
    }
    await this.notices.stop();
    for (const file of this.#files) file.close();
  }

  #offer({ loop, waiting }: PlayedRoom, delivery: RoomDelivery): Promise<Answer> {
    return new Promise((resolve) => {
      waiting.set(delivery, (answer) => {
        waiting.delete(delivery);
        resolve(answer);
      });
      loop.offer(delivery);
    });
  }

  async #erase(played: PlayedRoom): Promise<void> {
    const { context } = played.loop.folded.snapshot;
    if (context.erasing.length === 0) return;
    const seqs = await played.posts.erase(context);
    const command = { kind: "erased" as const, seqs };
    await this.#offer(played, { from: null, command, receivedAt: this.clock.now() });
  }

  #madeBy(played: PlayedRoom, user: string, { clientId }: { clientId: string }): string | null {
    return saidId(played.loop.folded.snapshot.context, wishKey(user, clientId));
  }

  #messageOf(
    played: PlayedRoom,
    item: Exclude<HistoryItem, { gone: true }>,
  ): RoomMessage {
    const { id, by, badge, replyTo, edited, reactions } = item;
    const body = played.posts.bodyOf(item.body);
    const slot = slotOf(played.loop.folded.snapshot.context.set, id)!;
    const mentions = "gone" in slot ? [] : slot.body?.value.mentions ?? [];
    const { text = "", clientId = "", sticker = null } = body ?? {};
    return {
      ...{ id, user: by, text, at: msOf(id), clientId, replyTo, sticker },
      ...{ mentions, badge, edited, reactions },
    };
  }
}

function away(): Failure {
  return new Failure("ownerUnavailable", "Cannot reach it", { retryable: true });
}

function answerOf(
  answer: Answer,
  made: string | null,
  context?: { held: { id: string }[] },
): RoomAnswer {
  if (answer.outcome === "rejected") return refused(answer.code, answer.reason);
  const isHeld = context?.held.some(({ id }) => id === made) ?? false;
  return { outcome: "ok", ...made === null ? {} : { made }, ...isHeld ? { held: true } : {} };
}

function refused(code: string, reason: string): RoomAnswer {
  return { outcome: "refused", code, reason };
}

function moderated(
  wish: Extract<RoomWish, { kind: "post" | "edit" }>,
): { text: string; verdict: Verdict } | RoomAnswer {
  if (wish.text === "" && wish.kind === "post" && wish.sticker !== null) {
    return { text: "", verdict: ALLOW };
  }
  const taken = takeText(wish.text);
  return "refusal" in taken
    ? refused(taken.refusal.code, taken.refusal.reason)
    : { text: taken.text, verdict: ALLOW };
}
