/**
 * A room for tests: the real definition, folded as the loop folds it, on a clock
 * that the test moves, with bodies in a map.
 */
import type { Decision } from "../actor_definition.ts";
import { type Folded, foldEntries, genesis } from "../fold.ts";
import type { ModerationKind } from "../moderation/permission_rules.ts";
import type { ActionRequest } from "../moderation/moderation_action.ts";
import type { Bodies, Erasure } from "../ports/bodies.ts";
import type { BodyRef } from "./chat_op.ts";
import type { Stamp } from "./hybrid_clock.ts";
import { roomDefinition, stateOf } from "./room_actor.ts";
import type { PaceMoment } from "./pace_rules.ts";
import { saidId } from "./said_wishes.ts";
import {
  type FanCommand,
  type OwnerCommand,
  type RoomDelivery,
  type Sender,
  wishKey,
} from "./room_delivery.ts";
import type { RoomEntry, RoomEntryBody, Verdict } from "./room_entry.ts";
import type { roomMachine } from "./room_machine.ts";
import type { RoomUpdate } from "./room_update.ts";

export const NOON = Date.UTC(2026, 5, 11, 12);
export const ALLOW: Verdict = { outcome: "allow", rule: "", listVersion: "1" };
export const verdict = (outcome: Verdict["outcome"]): Verdict => ({
  ...{ outcome, rule: "words/en", listVersion: "1" },
});

export const sender = (user: string, role: Sender["role"] = "fan"): Sender => ({
  ...{ user, role, isBanned: false },
});
export const ana = sender("ana");
export const bo = sender("bo");
/** The room's owner, a fan everywhere else. */
export const olga = sender("olga");
export const mo = sender("mo", "moderator");
export const op = sender("op", "operator");

export class TestRoom {
  readonly definition = roomDefinition("n1");
  readonly entries: RoomEntry[] = [];
  folded: Folded<typeof roomMachine> = genesis(this.definition, "room-1");
  now = NOON;
  #updates: RoomUpdate[] = [];
  #wishes = 0;

  constructor(isOpen = true) {
    if (isOpen) {
      this.hear({ kind: "open", room: { title: "Derby", matchId: "derby", owner: "olga" } });
    }
    this.takeUpdates();
  }

  get context() {
    return this.folded.snapshot.context;
  }

  get state() {
    return stateOf(this.folded.snapshot);
  }

  wish(from: Sender, command: FanCommand): Decision<RoomEntryBody> {
    return this.deliver({ from, command, receivedAt: this.now });
  }

  hear(command: OwnerCommand): Decision<RoomEntryBody> {
    return this.deliver({ from: null, command, receivedAt: this.now });
  }

  deliver(delivery: RoomDelivery): Decision<RoomEntryBody> {
    const decision = this.definition.decide(this.folded.snapshot, delivery, this.now);
    if (decision.outcome === "accepted") this.commit(decision.entries);
    return decision;
  }

  /** Passes time, and lets the room speak where that is due. */
  pass(ms: number): void {
    this.now += ms;
    const dueAt = this.definition.nextDeadline(this.folded.snapshot);
    if (dueAt === null || dueAt > this.now) return;
    this.commit(this.definition.atDeadline(this.folded.snapshot, this.now));
  }

  commit(bodies: RoomEntryBody[]): void {
    for (const body of bodies) {
      const entry = { seq: this.folded.seq + 1, recordedAt: this.now, body };
      this.entries.push(entry);
      const step = foldEntries<RoomEntryBody, RoomUpdate, typeof roomMachine>(
        this.definition,
        this.folded,
        [entry],
      );
      this.folded = step.folded;
      this.#updates.push(...step.changes.map(({ update }) => update));
    }
  }

  /** What the code of a wish's answer is; "accepted" and "duplicate" are their own. */
  code(from: Sender, command: FanCommand): string {
    const decision = this.wish(from, command);
    return decision.outcome === "rejected" ? decision.code : decision.outcome;
  }

  /** A post that is to be accepted; answers its name. */
  post(from: Sender = ana, more: Partial<Extract<FanCommand, { kind: "post" }>> = {}): Stamp {
    const command = this.postOf(from, more);
    const decision = this.wish(from, command);
    if (decision.outcome !== "accepted") throw new Error(JSON.stringify(decision));
    return saidId(this.context, command.body.key)!;
  }

  postOf(from: Sender = ana, more: Partial<Extract<FanCommand, { kind: "post" }>> = {}) {
    const { clientId = `c${++this.#wishes}` } = more;
    const body: BodyRef = { key: wishKey(from.user, clientId), digest: "d" };
    return {
      ...{ kind: "post" as const, clientId, body, replyTo: null, mentions: [], verdict: ALLOW },
      ...more,
    };
  }

  act(kind: ModerationKind, target = "", more: Partial<ActionRequest> = {}): FanCommand {
    return {
      kind: "moderate",
      clientId: `c${++this.#wishes}`,
      request: { kind, target, reason: "because", ...more },
      targetRole: "fan",
    };
  }

  undo(action: number): FanCommand {
    const clientId = `c${++this.#wishes}`;
    return { kind: "undo", clientId, action, reason: "wrong", targetRole: "fan" };
  }

  takeUpdates(): RoomUpdate[] {
    return this.#updates.splice(0);
  }

  /** Kinds and names of updates since the last time. */
  heard(): string[] {
    return this.takeUpdates().map((update) => update.kind);
  }
}

/** Bodies in a map; a store that is away refuses. */
export class MapBodies implements Bodies {
  readonly bytes = new Map<string, Uint8Array>();
  readonly erasures: Erasure[] = [];
  isAway = false;

  put(_room: string, key: string, bytes: Uint8Array): Promise<Uint8Array> {
    if (!this.bytes.has(key)) this.bytes.set(key, bytes);
    return Promise.resolve(this.bytes.get(key)!);
  }

  get(_room: string, keys: string[]): Promise<(Uint8Array | null)[]> {
    return Promise.resolve(keys.map((key) => this.bytes.get(key) ?? null));
  }

  remove(_room: string, erasure: Erasure): Promise<void> {
    if (this.isAway) return Promise.reject(new Error("away"));
    this.erasures.push(erasure);
    for (const key of erasure.keys) this.bytes.delete(key);
    return Promise.resolve();
  }
}

export function pace(moment: PaceMoment, at: number, matchSeq = 1, isFirstLook = false) {
  return { kind: "pace", moment, at, matchSeq, isFirstLook } as const;
}
