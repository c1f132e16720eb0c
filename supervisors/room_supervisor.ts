/**
 * The rooms that this process owns: woken by the first question, restarted and
 * parked each by itself, asleep when nobody asks.
 *
 * Which rooms are ours follows from their partitions, as with matches. A room
 * that is awake is noted with its partition, so whoever owns that next wakes it
 * without being asked: what it had still to remove is removed. A match's room is
 * there as soon as the match is, whether anybody opened it or not.
 */
import { partitionOf } from "../actors/ports/partition.ts";
import type {
  RoomAnswer,
  RoomAudit,
  RoomCommand,
  RoomMessage,
  RoomOrder,
  RoomPage,
  RoomPulse,
  RoomQueue,
  RoomRecord,
  Rooms,
  RoomWhole,
} from "../actors/ports/rooms.ts";
import type { Stamp } from "../actors/room/hybrid_clock.ts";
import type { ReactionCount } from "../actors/room/reaction_tally.ts";
import type { OwnerCommand } from "../actors/room/room_delivery.ts";
import type { RoomFacts } from "../actors/room/room_entry.ts";
import { isChannelId } from "../protocol/channel_name.ts";
import { every, type Timer } from "../runtime/clock.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { noteAwake, notedAwake } from "./awake_rooms.ts";
import type { Child, Exit } from "./child_spec.ts";
import { isBegun, makeRoom, unknownRoom } from "./made_room.ts";
import { isForOutage } from "./outage.ts";
import type { OwnedKind } from "./owned_kind.ts";
import { Parking } from "./parking.ts";
import { auditOfRoom } from "./room_audit.ts";
import { RoomDesk, type RoomDeskOptions } from "./room_desk.ts";
import { RoomOwner, type RoomParts } from "./room_owner.ts";
import {
  messagesOf,
  orderOf,
  pageOfRoom,
  pulseOf,
  queueOf,
  type RoomView,
  wholeOf,
} from "./room_reading.ts";
import { type ChildStatus, Supervisor } from "./supervisor.ts";

export interface RoomSupervisorOptions extends RoomParts, Omit<RoomDeskOptions, keyof RoomParts> {
  /** The facts of a match's room; null: there is no such match. */
  roomOfMatch(matchId: string): Promise<RoomFacts | null>;
}

type PageAsk = Parameters<Rooms["page"]>[1];
type AuditAsk = Parameters<Rooms["audit"]>[1];

interface Kept {
  owner: RoomOwner;
  desk: RoomDesk;
}

const PREFIX = "room/";

export class RoomSupervisor implements Rooms, OwnedKind, Child {
  readonly #options: RoomSupervisorOptions;
  readonly #rooms = new Map<string, Kept>();
  readonly #parking: Parking;
  readonly #timers: Timer[];
  #supervisor!: Supervisor;

  private constructor(options: RoomSupervisorOptions) {
    this.#options = options;
    const { clock, events } = options;
    this.#parking = new Parking({
      ...{ prefix: PREFIX, clock, events },
      parked: (room, reason) => this.#rooms.get(room)?.owner.giveUp(`it is parked after ${reason}`),
    });
    this.#timers = [
      every(clock, limits.roomIdleMs / 10, () => this.#letSleep()),
      every(clock, limits.roomSweepMs, () => this.#sweep()),
    ];
  }

  static async start(options: RoomSupervisorOptions): Promise<RoomSupervisor> {
    const rooms = new RoomSupervisor(options);
    const { clock, random } = options;
    rooms.#supervisor = await Supervisor.start({
      id: "rooms",
      strategy: "one_for_one",
      whenExceeded: "park",
      isOutage: isForOutage,
      ...{ clock, random, events: rooms.#parking.events },
    });
    return rooms;
  }

  get exited(): Promise<Exit> {
    return this.#supervisor.exited;
  }

  async stop(reason: string): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await this.#supervisor.stop(reason);
    for (const { owner } of this.#rooms.values()) owner.giveUp(reason);
  }

  status(): ChildStatus[] {
    return this.#supervisor.status();
  }

  /** By child id, `room/<id>`; 0 where it is not parked. */
  parkedSince(childId: string): number {
    return this.#parking.since(childId);
  }

  /** By child id. */
  unpark(childId: string): "unparked" | "notParked" | "unknown" {
    return this.#supervisor.unpark(childId);
  }

  awake(): string[] {
    return [...this.#rooms.keys()];
  }

  /** Nothing of the room is still to be removed. */
  isErased(room: string): boolean {
    return this.#rooms.get(room)?.owner.snapshot?.context.erasing.length === 0;
  }

  async command(room: string, command: RoomCommand): Promise<RoomAnswer> {
    const kept = await this.#wake(room);
    if (kept === null) return unknownRoom();
    return await kept.desk.answer(command);
  }

  async cheer(room: string, counts: ReactionCount[]): Promise<void> {
    (await this.#wake(room))?.owner.cheer(counts);
  }

  page(room: string, ask: PageAsk): Promise<RoomPage | null> {
    return this.#read(room, (view) => pageOfRoom(view, ask));
  }

  async whole(room: string): Promise<RoomWhole | null> {
    const kept = await this.#wake(room);
    return kept && await wholeOf(kept.owner.view, kept.owner.offset);
  }

  async bodies(room: string, messages: Stamp[]): Promise<(RoomMessage | null)[]> {
    const kept = await this.#wake(room);
    return kept === null ? messages.map(() => null) : await messagesOf(kept.owner.view, messages);
  }

  queue(room: string): Promise<RoomQueue | null> {
    return this.#read(room, queueOf);
  }

  audit(room: string, ask: AuditAsk): Promise<RoomAudit | null> {
    return this.#read(room, (view) => auditOfRoom(view, ask));
  }

  pulse(room: string): Promise<RoomPulse | null> {
    return this.#read(room, ({ context }) => pulseOf(context, this.#options.clock.now()));
  }

  order(room: string): Promise<RoomOrder | null> {
    return this.#read(room, orderOf);
  }

  async create(asked: Omit<RoomRecord, "createdAt">): Promise<RoomAnswer> {
    const { store, clock } = this.#options;
    const answer = await makeRoom(store, { ...asked, createdAt: clock.now() });
    if (answer.outcome === "ok") await this.#wake(asked.id);
    return answer;
  }

  find(room: string): Promise<RoomRecord | null> {
    return this.#options.store.find(room);
  }

  /** Of its match, or of its own household. Answers whether there is such a room. */
  async tell(room: string, command: OwnerCommand): Promise<boolean> {
    const kept = await this.#wake(room);
    await kept?.owner.tell(command);
    return kept !== null;
  }

  /** What was awake with its last owner has things to do; nobody waits for it. */
  gained(partition: number): Promise<void> {
    void this.#quietly("wake rooms of another owner", async () => {
      const rooms = await notedAwake(this.#options.cells, partition);
      for (const room of rooms) await this.#quietly(`wake ${room}`, () => this.#wake(room));
    });
    return Promise.resolve();
  }

  async lost(partition: number): Promise<void> {
    const theirs = this.awake().filter((room) => partitionOf(room) === partition);
    await Promise.all(theirs.map((room) => this.#passivate(room)));
  }

  /** Null: there is no such room. @throws {Failure} `notOwner`, `roomUnavailable`. */
  async #wake(room: string): Promise<Kept | null> {
    const resting = this.#parking.reasonOf(room);
    let kept = this.#rooms.get(room);
    if (kept === undefined) {
      if (!isChannelId(room)) return null;
      const unowned = new RoomOwner(room, this.#options);
      if (this.#options.fenceOf(room) === null) throw unowned.unavailable("another owns it");
      const isThere = await isBegun(this.#options, room) || await this.#factsOf(room) !== null;
      if (!isThere) return null;
      kept = this.#rooms.get(room) ?? this.#newRoom(unowned);
    }
    const { owner } = kept;
    if (resting !== null) {
      throw owner.unavailable(`it is parked after ${resting}; unpark it at /api/ops/parked`);
    }
    await owner.woken;
    owner.askedAt = this.#options.clock.monotonic();
    if (owner.context.room !== null) return kept;
    const facts = await this.#factsOf(room);
    if (facts === null) return null;
    await owner.tell({ kind: "open", room: facts });
    return kept;
  }

  async #read<T>(room: string, read: (view: RoomView) => T | Promise<T>): Promise<T | null> {
    const kept = await this.#wake(room);
    return kept && await read(kept.owner.view);
  }

  async #factsOf(room: string): Promise<RoomFacts | null> {
    const ofMatch = await this.#options.roomOfMatch(room);
    if (ofMatch !== null) return ofMatch;
    const record = await this.#options.store.find(room);
    return record && { title: record.title, matchId: record.matchId, owner: record.owner };
  }

  #newRoom(owner: RoomOwner): Kept {
    const kept = { owner, desk: new RoomDesk(owner, this.#options) };
    this.#rooms.set(owner.id, kept);
    owner.woken = this.#supervisor.add({
      id: PREFIX + owner.id,
      start: () => owner.start(),
      restart: "permanent",
      shutdownMs: limits.shutdownMsMax,
    }).catch((error) => {
      this.#rooms.delete(owner.id);
      throw error;
    });
    this.#noteAwake(owner.id);
    return kept;
  }

  async #passivate(room: string): Promise<void> {
    const kept = this.#rooms.get(room);
    await this.#supervisor.remove(PREFIX + room);
    kept?.owner.giveUp("it was put to sleep");
    if (this.#rooms.get(room) === kept) this.#rooms.delete(room);
    this.#noteAwake(room);
  }

  /** For the next owner of the partition, if this one still is its owner. */
  #noteAwake(room: string): void {
    const partition = partitionOf(room);
    const fence = this.#options.fenceOf(room);
    if (fence === null) return;
    const awake = this.awake().filter((one) => partitionOf(one) === partition);
    const { cells } = this.#options;
    const note = () => noteAwake(cells, partition, fence, awake);
    void this.#quietly("note which rooms are awake", note);
  }

  async #letSleep(): Promise<void> {
    const since = this.#options.clock.monotonic() - limits.roomIdleMs;
    for (const [room, { owner }] of this.#rooms) {
      if (owner.isIdle(since)) await this.#passivate(room);
    }
  }

  async #sweep(): Promise<void> {
    for (const { owner } of this.#rooms.values()) {
      if (owner.snapshot !== null) await this.#quietly("sweep bodies", () => owner.sweep());
    }
  }

  async #quietly(what: string, task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#options.events.warned(`Cannot ${what}: ${reasonOf(error)}`);
    }
  }
}
