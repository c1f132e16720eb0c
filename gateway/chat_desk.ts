/**
 * Where fans and moderators bring what they want of a room, by socket or by HTTP.
 *
 * What can be refused without the room's owner is refused here, cheapest first:
 * who it is, how often, what it says, whether that role may ask for it at all,
 * whether the room is theirs to enter. The owner asks all of it again and
 * decides; the text goes on as it was written. Every refusal has a code, a
 * reason that the sender may know, and is counted; nothing of it is published.
 */
import type { BanRoll } from "../actors/ports/ban_roll.ts";
import type { ModerationDesk } from "../actors/ports/moderation_desk.ts";
import type { RoomAnswer, RoomCommand, Rooms, RoomWish } from "../actors/ports/rooms.ts";
import { GLOBAL_LOG } from "../actors/moderation/global_log_entry.ts";
import { isAbout } from "../actors/moderation/moderation_action.ts";
import { type ChatRole, permission } from "../actors/moderation/permission_rules.ts";
import type { Sender } from "../actors/room/room_delivery.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Actor } from "./auth/permissions.ts";
import type { Allowed, ChatAllowance } from "./chat_allowance.ts";
import { type Refused, refused, unknownRoom } from "./chat_refusal.ts";
import { Cheers } from "./cheers.ts";
import type { RoomKeys } from "./room_keys.ts";
import { RoomOrders } from "./room_orders.ts";
import type { StewardRoll } from "./steward_roll.ts";
import { Turnstile } from "./turnstile.ts";
import { type AskedWish, wishProblem } from "./wish_form.ts";

export interface ChatDeskPorts {
  rooms: Pick<Rooms, "command" | "cheer" | "order">;
  keys: Pick<RoomKeys, "mayEnter">;
  allowance: Pick<ChatAllowance, "take" | "takeFrom">;
  stewards: Pick<StewardRoll, "note" | "roleOf">;
  bans: BanRoll;
  /** What holds in every room. */
  global: Pick<ModerationDesk, "command">;
  clock: Clock;
  events: BusinessEvents;
}

export interface ChatAsker extends Actor {
  where: "socket" | "http";
  /** The socket, or who asks by HTTP: each has a bucket of its own. */
  source: string;
}

/** In a room of their own a fan is its owner; no token makes more of one. */
const HIGHEST: Record<Exclude<Sender["role"], "anonymous">, ChatRole> = {
  fan: "roomOwner",
  moderator: "moderator",
  operator: "operator",
};

const ALLOWANCES: Record<RoomWish["kind"], Allowed> = {
  ...{ post: "post", edit: "post", react: "react" },
  ...{ deleteOwn: "act", report: "act", moderate: "act", undo: "act" },
};

export class ChatDesk {
  readonly #ports: ChatDeskPorts;
  readonly #cheers: Cheers;
  readonly #orders: RoomOrders;
  /** Of what fans say; who moderates never waits. */
  readonly #turnstile: Turnstile;

  constructor(ports: ChatDeskPorts) {
    this.#ports = ports;
    this.#turnstile = new Turnstile({
      clock: ports.clock,
      groupMs: limits.chatGroupMs,
      crowd: limits.chatCrowdMin,
    });
    this.#cheers = new Cheers(ports.rooms, ports.clock);
    this.#orders = new RoomOrders(ports.rooms, ports.clock);
  }

  /** @throws {Failure} where the world is in the way: whether it was done is then unknown. */
  async carryOut(asker: ChatAsker, room: string, asked: AskedWish): Promise<RoomAnswer> {
    const { subject: user, role } = asker;
    const early = this.speaker(asker) ?? this.#badly(asker, asked);
    if (early !== null) return this.refuse(asker, early);
    if (ALLOWANCES[asked.kind] !== "act") await this.#turnstile.pass();
    const often = await this.#ports.allowance.take(user, ALLOWANCES[asked.kind]);
    if (often !== null) return this.refuse(asker, { outcome: "refused", ...often });
    if (!await this.#ports.keys.mayEnter(room, asker)) return this.refuse(asker, unknownRoom());
    await this.#ports.stewards.note(asker);
    const wish = await this.#judged(asked);
    const from = { user, role: role as Sender["role"] };
    const answer = await this.#ask(room, from, wish);
    return answer.outcome === "refused" ? this.refuse(asker, answer) : answer;
  }

  /** A reaction to the room itself: counted, and nobody's in particular. */
  async cheer(asker: ChatAsker, room: string, reaction: string): Promise<RoomAnswer> {
    const early = this.speaker(asker) ?? wishProblem({ kind: "react", target: null, reaction }, 0);
    if (early !== null) return this.refuse(asker, early);
    if (!await this.#ports.keys.mayEnter(room, asker)) return this.refuse(asker, unknownRoom());
    const from = { user: asker.subject, role: asker.role as Sender["role"] };
    const refusal = await this.#orders.mayNotCheer(room, from);
    if (refusal !== null) return this.refuse(asker, refusal);
    this.#cheers.add(room, reaction);
    return { outcome: "ok" };
  }

  /** Why nothing that the asker says is listened to now; null: it is. */
  speaker({ subject, role, source }: ChatAsker): Refused | null {
    if (role === "anonymous") return refused("signIn", "Cannot do this: needed a fan's token");
    if (role === "feeder") return refused("forbidden", "Cannot do this: a feeder is no fan");
    const { bans, allowance, clock } = this.#ports;
    const ban = bans.isBanned(subject);
    if (ban !== null) {
      const refusal = refused("banned", `This account is banned: ${ban.reason}`);
      if (ban.until === 0) return refusal;
      return { ...refusal, retryAfterMs: Math.max(1, ban.until - clock.now()) };
    }
    const often = allowance.takeFrom(source);
    return often === null ? null : { outcome: "refused", ...often };
  }

  /** Counts it, and answers it. */
  refuse({ where }: Pick<ChatAsker, "where">, refusal: Refused): Refused {
    this.#ports.events.requestRefused(where, refusal.code);
    return refusal;
  }

  #badly({ role }: ChatAsker, asked: AskedWish): Refused | null {
    const problem = wishProblem(asked, this.#ports.clock.now());
    if (problem !== null) return problem;
    const action = asked.kind === "moderate" ? asked.request.kind : asked.kind;
    // What is undone only the room knows: it asks for that action's permission.
    if (action === "undo") return null;
    const may = permission(HIGHEST[role as keyof typeof HIGHEST], action, "open");
    if (may !== "allowed") return refused(may, `Cannot ${action}: a ${role} may not`);
    if (asked.kind === "moderate" && asked.request.confirm !== true) {
      const { target } = asked.request;
      if (action === "purge") {
        return confirm(`Removes every message and reaction of ${target} here, for good`);
      }
      if (action === "banGlobally") return confirm(`Bans ${target} in every room`);
    }
    return null;
  }

  #ask(room: string, from: RoomCommand["from"], wish: RoomWish): Promise<RoomAnswer> {
    const { rooms, global } = this.#ports;
    if (room !== GLOBAL_LOG) return rooms.command(room, { from, wish });
    const isGlobal = wish.kind === "moderate" || wish.kind === "undo";
    return isGlobal ? global.command(from, wish) : Promise.resolve(unknownRoom());
  }

  /** With what is known of the user whom it is about. */
  async #judged(asked: AskedWish): Promise<RoomWish> {
    if (asked.kind === "undo") return { ...asked, targetRole: "fan" };
    if (asked.kind !== "moderate") return asked;
    const { request } = asked;
    const targetRole = isAbout(request.kind) === "user"
      ? await this.#ports.stewards.roleOf(request.target)
      : "fan";
    return { ...asked, targetRole };
  }
}

function confirm(what: string): Refused {
  return refused("confirm", `${what}. Ask once more, and say that it is meant`);
}
