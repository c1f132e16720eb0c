/**
 * What a room's owner does with a wish: moderates its text, keeps its body, asks
 * the room, and tells the sender what they may know.
 *
 * What the room refuses anyway is refused before any work on it. A wish that is
 * sent twice at once is one; how fast somebody speaks is remembered per room.
 */
import type { Answer } from "../actors/actor_loop.ts";
import { quietSender, type SenderPace } from "../actors/moderation/flood_rules.ts";
import { higher } from "../actors/moderation/permission_rules.ts";
import type { Moderated, TextPipeline } from "../actors/moderation/text_pipeline.ts";
import { noticeFor, type SenderNotice } from "../actors/moderation/verdict_rules.ts";
import type { RoomAnswer, RoomCommand, RoomWish } from "../actors/ports/rooms.ts";
import { slowWaitMs } from "../actors/room/message_decision.ts";
import { ownValue } from "../actors/room/own_value.ts";
import type { RoomDefinition } from "../actors/room/room_actor.ts";
import type { RoomContext } from "../actors/room/room_context.ts";
import { type FanCommand, type Sender, wishKey } from "../actors/room/room_delivery.ts";
import { saidId } from "../actors/room/said_wishes.ts";
import type { RoomHistory } from "../db/sql/room_history.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { unknownRoom } from "./made_room.ts";
import type { RoomOwner } from "./room_owner.ts";
import { userConcerned } from "./user_concerned.ts";

export interface RoomDeskOptions {
  definition: RoomDefinition;
  pipeline: TextPipeline;
  history: Pick<RoomHistory, "isFull">;
  clock: Clock;
  /** In every room. */
  isBanned(user: string): boolean;
  /** What accounts say of a user. @throws {Failure} where the store is away. */
  roleOf(user: string): Promise<Sender["role"]>;
  /** Into a room that a fan has made. @throws {Failure} where it cannot be told now. */
  mayEnter(room: string, from: RoomCommand["from"]): Promise<boolean>;
}

type Said = Extract<RoomWish, { kind: "post" | "edit" }>;

const STICKER = /^[a-z0-9_-]{1,64}$/;
/** As far as a room is asked whether it would take a post at all. */
const PROBED = { outcome: "allow", rule: "", listVersion: "" } as const;
const WORDS: Record<Exclude<SenderNotice, "accepted" | "heldForReview">, string> = {
  notAllowed: "Cannot post this: it breaks the rules of the chat",
  tooFast: "Cannot post so much, or the same again: wait a moment",
  tooManyMentions: `Cannot call more than ${limits.chatMentionsMax} people at once`,
  linkNotAllowed: "Cannot post this link: it is not on the list of allowed sites",
};

export class RoomDesk {
  readonly #owner: RoomOwner;
  readonly #options: RoomDeskOptions;
  /** By user, the one who spoke last at the end. */
  readonly #paces = new Map<string, SenderPace>();
  /** Wishes under way, by their key. */
  readonly #saying = new Map<string, Promise<RoomAnswer>>();

  constructor(owner: RoomOwner, options: RoomDeskOptions) {
    this.#owner = owner;
    this.#options = options;
  }

  /** @throws {Failure} retryable; whether it was done is then unknown. */
  async answer({ from, wish }: RoomCommand): Promise<RoomAnswer> {
    const owner = this.#owner;
    const sender: Sender = { ...from, isBanned: this.#options.isBanned(from.user) };
    if (Math.max(owner.asked, this.#saying.size) >= limits.roomAskedMax) {
      return busy("too many speak at once");
    }
    if (!await this.#isInside(from)) return unknownRoom();
    if (wish.kind === "post" || wish.kind === "edit") return await this.#sayOnce(sender, wish);
    const answer = await this.#deliver(sender, await this.#withRole(wish));
    if (answer.outcome === "rejected") return this.#refused(sender, answer);
    const key = "clientId" in wish ? wishKey(from.user, wish.clientId) : null;
    const made = key === null ? null : saidId(owner.context, key);
    return { outcome: "ok", ...made === null ? {} : { made } };
  }

  /** The gateway has asked it too; a room whose gateway did not is no more open for that. */
  async #isInside(from: RoomCommand["from"]): Promise<boolean> {
    const isSomebodys = this.#owner.context.room?.owner != null;
    // Nobody in particular is asked to sign in, whatever the room.
    return !isSomebodys || from.role === "anonymous" ||
      await this.#options.mayEnter(this.#owner.id, from);
  }

  /** A token says a role only of who shows it; of others, and of who wrote a message, what is noted counts. */
  async #withRole<W extends Exclude<RoomWish, Said>>(wish: W): Promise<W> {
    if (wish.kind !== "moderate" && wish.kind !== "undo") return wish;
    const user = await userConcerned(this.#owner.view, wish);
    if (user === null) return wish;
    const targetRole = higher(wish.targetRole, await this.#options.roleOf(user));
    return { ...wish, targetRole };
  }

  #sayOnce(from: Sender, wish: Said): Promise<RoomAnswer> {
    const key = wishKey(from.user, wish.clientId);
    const known = this.#saying.get(key);
    if (known !== undefined) return known;
    const saying = this.#say(from, wish, key).finally(() => this.#saying.delete(key));
    this.#saying.set(key, saying);
    return saying;
  }

  async #say(from: Sender, wish: Said, key: string): Promise<RoomAnswer> {
    const owner = this.#owner;
    const { history, clock } = this.#options;
    if (saidId(owner.context, key) !== null) return madeOf(owner.context, key, wish);
    const refusal = this.#probe(from, wish, key);
    if (refusal !== null) return refusal;
    if (history.isFull) return busy("the database is away and as much waits for it as may");
    const sticker = wish.kind === "post" ? wish.sticker : null;
    if (sticker !== null && !STICKER.test(sticker)) {
      return refused("malformed", "Cannot post this: needed a sticker's id");
    }
    const moderated = this.#moderate(from.user, wish, sticker);
    if (moderated.kind === "refused") {
      return refused(moderated.refusal.code, moderated.refusal.reason);
    }
    const { verdict } = moderated;
    const notice = noticeFor(verdict);
    if (verdict.outcome === "block") {
      const wait = notice === "tooFast" ? { retryAfterMs: limits.chatFloodWindowMs } : {};
      return { ...refused(notice, WORDS[notice as keyof typeof WORDS]), ...wait };
    }
    const text = wish.text === "" ? "" : moderated.text;
    const body = { text, sticker, clientId: wish.clientId };
    const ref = await owner.posts.keep(owner.context, from.user, body);
    const { clientId, mentions } = wish;
    const said = { clientId, body: ref, mentions, verdict };
    const command: FanCommand = wish.kind === "post"
      ? { kind: "post", ...said, replyTo: wish.replyTo }
      : { kind: "edit", ...said, target: wish.target };
    const answer = await owner.deliver({ from, command, receivedAt: clock.now() });
    // What the store keeps of it meanwhile the next sweep takes.
    owner.posts.settle(owner.context, ref).catch(() => {});
    return answer.outcome === "rejected"
      ? this.#refused(from, answer)
      : madeOf(owner.context, key, wish);
  }

  /** Whether the room would not take it whatever it says. */
  #probe(from: Sender, wish: Said, key: string): RoomAnswer | null {
    const owner = this.#owner;
    const { definition, clock } = this.#options;
    const now = clock.now();
    const { clientId, mentions } = wish;
    const said = { clientId, mentions, verdict: PROBED, body: { key, digest: "-" } };
    const command: FanCommand = wish.kind === "post"
      ? { kind: "post", ...said, replyTo: wish.replyTo }
      : { kind: "edit", ...said, target: wish.target };
    const delivery = { from, command, receivedAt: now };
    const decision = definition.decide(owner.snapshot!, delivery, now);
    return decision.outcome === "rejected" ? this.#refused(from, decision) : null;
  }

  #moderate(user: string, { text, mentions }: Said, sticker: string | null): Moderated {
    const { pipeline, clock } = this.#options;
    const judged = text === "" && sticker !== null ? sticker : text;
    const message = { text: judged, language: "", at: clock.now(), mentions: mentions.length };
    const moderated = pipeline.moderate(message, this.#paces.get(user) ?? quietSender);
    if (moderated.kind === "judged") {
      this.#paces.delete(user);
      this.#paces.set(user, moderated.pace);
      if (this.#paces.size > limits.roomPacesMax) {
        this.#paces.delete(this.#paces.keys().next().value!);
      }
    }
    return moderated;
  }

  #deliver(from: Sender, command: FanCommand): Promise<Answer> {
    const { clock } = this.#options;
    return this.#owner.deliver({ from, command, receivedAt: clock.now() });
  }

  #refused(from: Sender, { code, reason }: { code: string; reason: string }): RoomAnswer {
    const { context } = this.#owner;
    const { clock } = this.#options;
    const now = clock.now();
    const waitMs = code === "slowMode" && context.room !== null
      ? slowWaitMs({ context, room: context.room, from, now })
      : code === "muted"
      ? (ownValue(context.standings.mutes, from.user) ?? now) - now
      : 0;
    return { ...refused(code, reason), ...waitMs > 0 ? { retryAfterMs: waitMs } : {} };
  }
}

function madeOf(context: RoomContext, key: string, wish: Said): RoomAnswer {
  const id = saidId(context, key)!;
  const isHeld = context.held.some((item) => item.id === id && item.status === "waiting");
  const made = wish.kind === "edit" ? wish.target : id;
  return { outcome: "ok", made, ...isHeld ? { held: true as const } : {} };
}

function refused(code: string, reason: string): Extract<RoomAnswer, { outcome: "refused" }> {
  return { outcome: "refused", code, reason };
}

function busy(why: string): RoomAnswer {
  return {
    ...refused("busy", `Cannot post just now: ${why}`),
    retryAfterMs: limits.roomBusyRetryMs,
  };
}
