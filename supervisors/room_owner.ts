/**
 * One room as its supervisor keeps it: the loop that comes and goes, what was
 * written there, and the deliveries that outlive a crash.
 *
 * Whoever waits for an answer waits here, not at the loop. A room takes its first
 * wish once its texts are in memory and the store holds no body that nobody
 * names: then the same wish sent to an owner that died and to this one is one.
 */
import { ActorLoop, type Answer, type LoopOptions } from "../actors/actor_loop.ts";
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import type { RoomDefinition, RoomSnapshot } from "../actors/room/room_actor.ts";
import type { RoomContext } from "../actors/room/room_context.ts";
import type { OwnerCommand, RoomDelivery } from "../actors/room/room_delivery.ts";
import type { RoomEntryBody } from "../actors/room/room_entry.ts";
import type { roomMachine } from "../actors/room/room_machine.ts";
import { RoomPosts } from "../actors/room/room_posts.ts";
import type { RoomUpdate } from "../actors/room/room_update.ts";
import type { Broker } from "../actors/ports/broker.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import type { NoticeVoice } from "../channels/notice_voice.ts";
import { RoomPublisher } from "../channels/room_publisher.ts";
import type { ChatStore } from "../db/sql/chat_store.ts";
import type { RoomBodies } from "../db/sql/room_bodies.ts";
import type { RoomHistory } from "../db/sql/room_history.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import type { Child } from "./child_spec.ts";
import type { Quarantine } from "./quarantine.ts";
import { RoomErasures } from "./room_erasures.ts";
import type { RoomView } from "./room_reading.ts";

const REFUSED_BY_SQL = new Set(["ledgerConflict", "ledgerGap"]);

type Machine = typeof roomMachine;
type Loop = ActorLoop<RoomDelivery, RoomEntryBody, RoomUpdate, Machine>;

export interface RoomParts extends
  Pick<
    LoopOptions<RoomDelivery, RoomEntryBody, RoomUpdate, Machine>,
    "stream" | "cells" | "clock" | "events"
  > {
  definition: RoomDefinition;
  random: Random;
  /** Channel histories. */
  channels: StreamStore;
  broker: Broker;
  history: RoomHistory;
  bodies: RoomBodies;
  store: ChatStore;
  notices: Pick<NoticeVoice, "tell">;
  quarantine: Quarantine;
  /** The owner's token for a room; null where this process does not own it. */
  fenceOf(roomId: string): number | null;
}

interface Waiter {
  resolve(answer: Answer): void;
  reject(failure: Failure): void;
  isOffered: boolean;
}

export class RoomOwner {
  readonly id: string;
  readonly posts: RoomPosts;
  /** By the monotonic clock. */
  askedAt: number;
  /** When its first start was tried, however that went. */
  woken: Promise<void> = Promise.resolve();
  lastReason: string | null = null;
  readonly #parts: RoomParts;
  readonly #publisher: RoomPublisher;
  readonly #erasures: RoomErasures;
  /** In the order in which they came. */
  readonly #waiting = new Map<RoomDelivery, Waiter>();
  #loop: Loop | null = null;
  #isContested = false;
  /** Why nobody will decide soon; null: somebody does, or is about to. */
  #restsFor: string | null = null;
  /** Some delivery was blamed for a crash. */
  #hasBlamed = false;

  constructor(id: string, parts: RoomParts) {
    this.id = id;
    this.#parts = parts;
    const { bodies, random, clock, events, channels: stream, broker, notices } = parts;
    this.askedAt = clock.monotonic();
    this.posts = new RoomPosts(id, bodies, random);
    const { posts } = this;
    this.#publisher = new RoomPublisher({ roomId: id, stream, broker, clock, posts, notices });
    this.#erasures = new RoomErasures({
      ...{ clock, events, posts },
      tell: (seqs) => this.#eraseOn(seqs),
    });
  }

  /** Called by the supervisor, at first and after each crash. */
  async start(): Promise<Child> {
    try {
      return await this.#start();
    } catch (error) {
      this.lastReason = reasonOf(error);
      throw error;
    }
  }

  /** Null while it starts, backs off or rests. */
  get snapshot(): RoomSnapshot | null {
    return this.#loop?.folded.snapshot ?? null;
  }

  /** @throws {Failure} `roomUnavailable` (retryable). */
  get context(): RoomContext {
    return this.#running().folded.snapshot.context;
  }

  /** Of the last durable publication. */
  get offset(): number {
    return this.#running().folded.offset;
  }

  get view(): RoomView {
    const { store, history } = this.#parts;
    return { context: this.context, posts: this.posts, store, history };
  }

  /** How many wishes wait. */
  get asked(): number {
    return this.#waiting.size;
  }

  /** Nobody asked since then, nothing is to be removed, and no slow mode is to end. */
  isIdle(since: number): boolean {
    if (this.#loop === null || this.asked > 0 || this.askedAt >= since) return false;
    const { erasing, mode } = this.context;
    return erasing.length === 0 && mode.calmAt === null;
  }

  /** @throws {Failure} retryable; whether it was decided is then unknown. */
  deliver(delivery: RoomDelivery): Promise<Answer> {
    if (this.#restsFor !== null) return Promise.reject(this.unavailable(this.#restsFor));
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject, isOffered: false };
      this.#waiting.set(delivery, waiter);
      if (this.#loop !== null) this.#offer(this.#loop, delivery, waiter);
    });
  }

  tell(command: OwnerCommand): Promise<Answer> {
    return this.deliver({ from: null, command, receivedAt: this.#parts.clock.now() });
  }

  /** Who may is asked where taps are told apart (gateway/room_orders.ts); here, whether anybody may. */
  cheer(counts: ReactionCount[]): void {
    const { locked, archived } = this.context.mode;
    if (!locked && !archived) this.#publisher.cheer(counts);
  }

  /** Takes bodies out of hot that nobody needs there. */
  async sweep(): Promise<void> {
    const { bodies } = this.#parts;
    await bodies.sweep(this.id, (key) => this.posts.bodyOf({ key, digest: "" }) !== null);
  }

  /** Nobody will decide soon: those who wait are told to come back. */
  giveUp(reason: string): void {
    this.#restsFor = reason;
    for (const { reject } of this.#waiting.values()) reject(this.unavailable(reason));
    this.#waiting.clear();
    this.#erasures.stop();
    this.#publisher.close();
  }

  unavailable(reason: string): Failure {
    const code = this.#parts.fenceOf(this.id) === null ? "notOwner" : "roomUnavailable";
    return new Failure(code, `Cannot ask room ${this.id} just now: ${reason}`, { retryable: true });
  }

  async #start(): Promise<Child> {
    const { definition, stream, cells, history, clock, events, fenceOf } = this.#parts;
    const fence = fenceOf(this.id);
    if (fence === null) throw this.unavailable("another process owns it");
    const loop: Loop = await ActorLoop.start({
      ...{ definition, id: this.id, fence, stream, cells, history, clock, events },
      isContested: this.#isContested,
      publisher: this.#publisher,
      answered: (delivery, answer) => this.#answered(delivery, answer),
      poisoned: (delivery, error) => Promise.resolve(this.#poisoned(delivery, error)),
      origin: ({ receivedAt, trace }) => ({ receivedAt, trace }),
    });
    try {
      await this.posts.load(loop.folded.snapshot.context);
      await this.sweep();
    } catch (error) {
      await loop.stop();
      throw error;
    }
    this.#loop = loop;
    this.#restsFor = null;
    this.#isContested = false;
    for (const waiter of this.#waiting.values()) waiter.isOffered = false;
    this.#offerWaiting();
    this.#erasures.look(this.context);
    const exited = loop.exited.then((exit) => {
      if (this.#loop === loop) this.#loop = null;
      this.#erasures.stop();
      if (exit.kind === "crash") this.lastReason = exit.reason;
      this.#isContested = exit.kind === "crash" && exit.cause instanceof Failure &&
        REFUSED_BY_SQL.has(exit.cause.code);
      return exit;
    });
    return { exited, stop: () => loop.stop() };
  }

  #running(): Loop {
    if (this.#loop === null) throw this.unavailable(this.lastReason ?? "it is starting");
    return this.#loop;
  }

  #offerWaiting(): void {
    const loop = this.#loop;
    if (loop === null) return;
    for (const [delivery, waiter] of this.#waiting) {
      if (!waiter.isOffered && !this.#offer(loop, delivery, waiter)) return;
    }
  }

  #offer(loop: Loop, delivery: RoomDelivery, waiter: Waiter): boolean {
    waiter.isOffered = loop.offer(delivery) === "accepted";
    return waiter.isOffered;
  }

  #answered(delivery: RoomDelivery, answer: Answer): void {
    const waiter = this.#waiting.get(delivery);
    this.#waiting.delete(delivery);
    if (this.#hasBlamed) this.#parts.quarantine.forget(`room/${this.id}`, this.#keyOf(delivery));
    waiter?.resolve(answer);
    if (this.#loop === null) return;
    // Room in the inbox comes with each answer; who found it full is few.
    if (this.#waiting.size >= limits.inboxDeliveriesMax) this.#offerWaiting();
    if (this.context.erasing.length > 0) this.#erasures.look(this.context);
  }

  #poisoned(delivery: RoomDelivery, error: unknown): "retry" | "setAside" {
    const { quarantine, events } = this.#parts;
    const key = this.#keyOf(delivery);
    this.#hasBlamed = true;
    if (quarantine.blame(`room/${this.id}`, key) === "retry") return "retry";
    // Nobody's text is in it; whoever wished it is told that it was refused.
    events.warned(`Room ${this.id} cannot decide ${key} and set it aside: ${reasonOf(error)}`);
    return "setAside";
  }

  #keyOf(delivery: RoomDelivery): string {
    return this.#parts.definition.deliveryKey(delivery);
  }

  #eraseOn(seqs: number[]): void {
    if (seqs.length > 0) void this.tell({ kind: "erased", seqs }).catch(() => {});
    else if (this.#loop !== null) this.#erasures.look(this.context);
  }
}
