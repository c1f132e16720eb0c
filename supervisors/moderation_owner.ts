/**
 * The global log of moderation where this process owns its partition: one loop,
 * started as soon as the partition is ours, restarted and parked like any other.
 *
 * Whoever asks is answered once the action is in force, with or without SQL. What
 * follows an action is done from here: purges are carried into the rooms, and the
 * audit is sealed.
 */
import { ActorLoop, type Answer } from "../actors/actor_loop.ts";
import { globalLog, type GlobalUpdate } from "../actors/moderation/global_log.ts";
import {
  GLOBAL_LOG,
  type GlobalDelivery,
  type GlobalEntryBody,
  type GlobalWish,
  type Steward,
} from "../actors/moderation/global_log_entry.ts";
import { higher } from "../actors/moderation/permission_rules.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { ModerationDesk } from "../actors/ports/moderation_desk.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import type { Publisher } from "../actors/ports/publisher.ts";
import type { RoomAnswer } from "../actors/ports/rooms.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { wishKey } from "../actors/room/room_delivery.ts";
import { saidId } from "../actors/room/said_wishes.ts";
import type { AuditSeals } from "../db/sql/audit_seals.ts";
import { HistoryWriter } from "../db/sql/history_writer.ts";
import { ModerationHistory } from "../db/sql/moderation_history.ts";
import type { GlobalLine, ModerationStore } from "../db/sql/moderation_store.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import { AuditSealing } from "./audit_sealing.ts";
import { type Child, crash, type Exit } from "./child_spec.ts";
import { GlobalPurges, type GlobalPurgesPorts } from "./global_purges.ts";
import { isForOutage } from "./outage.ts";
import type { OwnedKind } from "./owned_kind.ts";
import { type ChildStatus, Supervisor } from "./supervisor.ts";

export interface ModerationOwnerOptions {
  streams: StreamStore;
  cells: CellStore;
  publisher: Publisher<GlobalUpdate>;
  store: ModerationStore;
  /** Null where nothing can be signed. */
  seals: AuditSeals | null;
  rooms: GlobalPurgesPorts["rooms"];
  /** What accounts say of a user. @throws {Failure} where the store is away. */
  roleOf(user: string): Promise<Steward["role"]>;
  /** The owner's token; null where this process does not own the log. */
  fenceOf(entity: string): number | null;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

type Loop = ActorLoop<GlobalDelivery, GlobalEntryBody, GlobalUpdate, typeof globalLog.machine>;

const CHILD = `moderation/${GLOBAL_LOG}`;
const REFUSED_BY_SQL = new Set(["ledgerConflict", "ledgerGap"]);

export class ModerationOwner implements ModerationDesk, OwnedKind, Child {
  readonly #options: ModerationOwnerOptions;
  readonly #writer: HistoryWriter<GlobalLine>;
  readonly #waiting = new Map<GlobalDelivery, PromiseWithResolvers<Answer>>();
  #supervisor!: Supervisor;
  /** Null: nobody has asked, and the partition is not known to be ours. */
  #woken: Promise<void> | null = null;
  #loop: Loop | null = null;
  /** SQL refused what the log holds. */
  #isContested = false;

  private constructor(options: ModerationOwnerOptions) {
    this.#options = options;
    this.#writer = new HistoryWriter<GlobalLine>({ ...options, records: options.store });
  }

  static async start(options: ModerationOwnerOptions): Promise<ModerationOwner> {
    const owner = new ModerationOwner(options);
    const { clock, random, events, fenceOf } = options;
    owner.#supervisor = await Supervisor.start({
      ...{ id: "moderation", strategy: "one_for_one", whenExceeded: "park" },
      isOutage: isForOutage,
      ...{ clock, random, events },
    });
    if (fenceOf(GLOBAL_LOG) !== null) await owner.#wake();
    return owner;
  }

  get exited(): Promise<Exit> {
    return this.#supervisor.exited;
  }

  async stop(reason: string): Promise<void> {
    await this.#supervisor.stop(reason);
    await this.#writer.drain(limits.shutdownMsMax);
  }

  status(): ChildStatus[] {
    return this.#supervisor.status();
  }

  unpark(childId: string): "unparked" | "notParked" | "unknown" {
    return this.#supervisor.unpark(childId);
  }

  async gained(partition: number): Promise<void> {
    if (partition === partitionOf(GLOBAL_LOG)) await this.#wake();
  }

  async lost(partition: number): Promise<void> {
    if (partition !== partitionOf(GLOBAL_LOG)) return;
    this.#woken = null;
    await this.#supervisor.remove(CHILD);
  }

  /** @throws {Failure} `notOwner`, `moderationUnavailable`. */
  async command(from: Steward, wish: GlobalWish): Promise<RoomAnswer> {
    const { clock, fenceOf } = this.#options;
    if (fenceOf(GLOBAL_LOG) === null) throw unavailable("notOwner", "another process owns it");
    await this.#wake();
    const judged = await this.#withRole(wish);
    const delivery: GlobalDelivery = { receivedAt: clock.now(), from, wish: judged };
    return this.#shown(await this.#decided(delivery), from, wish);
  }

  page(ask: Parameters<ModerationDesk["page"]>[0]) {
    return this.#options.store.page(ask);
  }

  ofUser(ask: Parameters<ModerationDesk["ofUser"]>[0]) {
    return this.#options.store.ofUser(ask);
  }

  async #wake(): Promise<void> {
    this.#woken ??= this.#supervisor.add({
      id: CHILD,
      start: () => this.#start(),
      restart: "permanent",
      shutdownMs: limits.shutdownMsMax,
    }).catch((error) => {
      this.#woken = null;
      throw error;
    });
    await this.#woken;
  }

  /** Called by the supervisor, at first and after each crash. */
  async #start(): Promise<Child> {
    const { clock, events, store, seals, publisher, streams, cells, fenceOf } = this.#options;
    const fence = fenceOf(GLOBAL_LOG);
    if (fence === null) throw unavailable("notOwner", "another process owns it");
    const contested = Promise.withResolvers<Exit>();
    const history = new ModerationHistory(this.#writer, store, (error) => {
      this.#isContested = REFUSED_BY_SQL.has((error as Failure).code);
      contested.resolve(crash(error));
    });
    const loop = await ActorLoop.start({
      ...{ definition: globalLog, id: GLOBAL_LOG, fence, isContested: this.#isContested },
      ...{ stream: streams, cells, publisher, history, clock, events },
      answered: (delivery: GlobalDelivery, answer: Answer) => {
        this.#waiting.get(delivery)?.resolve(answer);
        this.#waiting.delete(delivery);
        this.#carry(purges);
      },
      poisoned: (_delivery: GlobalDelivery, error: unknown) => {
        events.warned(`Cannot decide on an action in the global log: ${reasonOf(error)}`);
        return Promise.resolve("setAside");
      },
      origin: ({ receivedAt, trace }: GlobalDelivery) => ({ receivedAt, trace }),
    });
    const purges = new GlobalPurges({
      ...this.#options,
      roomsOf: (user) => store.roomsOf(user),
    });
    const sealing = seals === null ? null : new AuditSealing({ seals, clock, events, fence });
    this.#isContested = false;
    this.#loop = loop;
    this.#carry(purges);
    const exited = Promise.race([loop.exited, contested.promise]).then(async (exit) => {
      purges.stop();
      sealing?.stop();
      if (this.#loop === loop) this.#loop = null;
      await loop.stop();
      for (const { reject } of this.#waiting.values()) {
        reject(unavailable("moderationUnavailable", "its owner is starting again"));
      }
      this.#waiting.clear();
      return exit;
    });
    return { exited, stop: () => loop.stop() };
  }

  #carry(purges: GlobalPurges): void {
    const { clock } = this.#options;
    purges.carry(this.#loop?.folded.snapshot.context.purges ?? [], (action, rooms) => {
      const wish = { kind: "purged", action, rooms } as const;
      // One that is not taken in is carried out once more.
      this.#loop?.offer({ receivedAt: clock.now(), from: null, wish });
    });
  }

  async #decided(delivery: GlobalDelivery): Promise<Answer> {
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(delivery, waiting);
    if (this.#loop?.offer(delivery) !== "accepted") {
      this.#waiting.delete(delivery);
      const [why = "it is starting"] = this.status().map(({ state }) => `it is ${state}`);
      throw unavailable("moderationUnavailable", why);
    }
    return await waiting.promise;
  }

  /** A token says a role only of who shows it: of others, what is noted counts. */
  async #withRole(wish: GlobalWish): Promise<GlobalWish> {
    const user = wish.kind === "undo"
      ? this.#loop?.folded.snapshot.context.actions
        .find(({ number }) => number === wish.action)?.target ?? ""
      : wish.request.target;
    const known = higher(wish.targetRole, await this.#options.roleOf(user));
    return { ...wish, targetRole: known as Steward["role"] };
  }

  #shown(answer: Answer, from: Steward, { clientId }: GlobalWish): RoomAnswer {
    if (answer.outcome === "rejected") {
      return { outcome: "refused", code: answer.code, reason: answer.reason };
    }
    const context = this.#loop?.folded.snapshot.context;
    const made = context === undefined ? null : saidId(context, wishKey(from.user, clientId));
    return { outcome: "ok", ...made === null ? {} : { made } };
  }
}

function unavailable(code: string, why: string): Failure {
  return new Failure(code, `Cannot ask the global log of moderation as ${why}`, {
    retryable: true,
  });
}
