/**
 * The channels of one socket.
 *
 * A channel is asked for by Subscribe or, among a list's matches, by Track. A
 * Subscribe replaces whatever interest the socket had in that channel; a Track
 * leaves alone what is subscribed and replaces only what was tracked before.
 *
 * Catch-ups are answered one after another, each only once the queue of the
 * last is short: 60 snapshots of 10 KB at once would take a healthy phone past
 * the hard limit.
 *
 * Most sockets have two channels for hours, so what is kept for them is a short
 * list and no table: 20,000 of them pay for every empty Map and Set.
 */
import { isMatchId, matchChannel, parseChannel } from "../../protocol/channel_name.ts";
import type { ReplyInit, Subscribe, Track, Unsubscribe } from "../../protocol/golazo_codec.ts";
import type { ChannelPosition } from "../../channels/live_channel.ts";
import { limits } from "../../runtime/limits.ts";
import { Membership, type Subscriber } from "../audience.ts";
import { type SubscriptionLine, subscriptionLine } from "../connection_desk.ts";
import type { Hub } from "../hub.ts";
import { ALL_LANES, LITE_LANES } from "../lanes.ts";

export interface Owner extends Subscriber {
  /** Resolves once the queue is short, or the socket is gone. */
  caughtUp(): Promise<void>;
}

/** Whether there is such a channel for this socket's user. @throws {Failure} where it cannot be told. */
type MayHear = () => true | Promise<boolean>;

const NOBODY: readonly Membership[] = [];
const ok = (id: number): ReplyInit => ({ id, code: "ok" });

export class Subscriptions {
  readonly #owner: Owner;
  readonly #hub: Hub;
  /** No two of one name. */
  #members: readonly Membership[] = NOBODY;
  /** Of those that came by Track; null: none ever did. */
  #tracked: Set<string> | null = null;
  /** Null: nobody is being caught up. */
  #lastTurn: Promise<void> | null = null;

  constructor(owner: Owner, hub: Hub) {
    this.#owner = owner;
    this.#hub = hub;
  }

  /**
   * Null: the Subscribed is the answer.
   * @throws {Failure} where the channel cannot be opened or read now.
   */
  async subscribe(
    { id, channel, epoch, offset, lite }: Subscribe,
    sessionIsLite: boolean,
    mayHear: MayHear = () => true,
  ): Promise<ReplyInit | null> {
    if (parseChannel(channel) === null) return unknownChannel(id, channel);
    const isNew = this.#find(channel) === undefined;
    if (isNew && this.#members.length >= limits.subscriptionsMax) return tooMany(id);
    if (!isNew) this.#leave(channel);
    const member = new Membership(this.#owner, lite || sessionIsLite ? LITE_LANES : ALL_LANES, id);
    const since = epoch === "" ? null : { epoch, offset };
    const outcome = await this.#join(channel, member, since, mayHear);
    return outcome === "joined" ? null : unknownChannel(id, channel);
  }

  unsubscribe({ id, channel }: Unsubscribe): ReplyInit {
    this.#leave(channel);
    return ok(id);
  }

  /** @throws {Failure} where a channel cannot be opened or read now; others are joined. */
  async track({ id, matches }: Track): Promise<ReplyInit> {
    const wanted = new Set(matches.filter(isMatchId).map(matchChannel));
    const tracked = this.#tracked ??= new Set();
    const gone = [...tracked].filter((channel) => !wanted.has(channel));
    const added = [...wanted].filter((channel) => this.#find(channel) === undefined);
    if (this.#members.length - gone.length + added.length > limits.subscriptionsMax) {
      return tooMany(id);
    }
    for (const channel of gone) this.#leave(channel);
    for (const channel of added) tracked.add(channel);
    const outcomes = await Promise.allSettled(
      added.map((channel) =>
        this.#join(channel, new Membership(this.#owner, LITE_LANES, id), null)
      ),
    );
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    const unknown = matches.filter((match) => {
      const place = isMatchId(match) ? added.indexOf(matchChannel(match)) : -1;
      return !isMatchId(match) || (place >= 0 && !isJoined(outcomes[place]!));
    });
    if (unknown.length === 0) return ok(id);
    return { id, code: "unknownMatch", reason: `No such match: ${unknown.map(quoted).join(", ")}` };
  }

  /** For members that do not hear everything: how far they are nevertheless. */
  tellPositions(): void {
    for (const member of this.#members) {
      if (member.lanes !== ALL_LANES || member.skipped > 0) this.#hub.tellPosition(member);
    }
  }

  /** Brings what was left out while the queue was long or the page in the background. */
  async mend(): Promise<void> {
    this.tellPositions();
    const torn = this.#members.filter(({ hole }) => hole !== null);
    await Promise.all(torn.map((member) => this.#inTurn(() => this.#hub.mend(member))));
  }

  describe(): SubscriptionLine[] {
    return this.#members.map((member) => subscriptionLine(member.name, member));
  }

  leaveAll(): void {
    for (const member of this.#members) this.#forget(member);
  }

  async #join(
    channel: string,
    member: Membership,
    since: ChannelPosition | null,
    mayHear: MayHear = () => true,
  ): Promise<"joined" | "unknownChannel"> {
    member.name = channel;
    // A push, or a spread, would keep room for 16 more.
    this.#members = this.#members.concat([member]);
    try {
      const allowed = mayHear();
      const isAllowed = allowed === true || await allowed;
      const entered = isAllowed ? await this.#hub.enter(channel, member) : "unknownChannel";
      if (entered === "entered") {
        await this.#inTurn(() => this.#hub.catchUp(member, since));
        return "joined";
      }
    } catch (thrown) {
      this.#forget(member);
      throw thrown;
    }
    this.#forget(member);
    return "unknownChannel";
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const caughtUp = () => this.#owner.caughtUp();
    const turn = (this.#lastTurn?.then(caughtUp) ?? caughtUp()).then(task);
    const over = () => {
      if (this.#lastTurn === last) this.#lastTurn = null;
    };
    const last: Promise<void> = turn.then(over, over);
    this.#lastTurn = last;
    return turn;
  }

  #leave(channel: string): void {
    const member = this.#find(channel);
    if (member !== undefined) this.#forget(member);
  }

  #find(channel: string): Membership | undefined {
    return this.#members.find(({ name }) => name === channel);
  }

  /** The channel may be somebody else's by now: a later Subscribe's. */
  #forget(member: Membership): void {
    this.#hub.leave(member);
    if (!this.#members.includes(member)) return;
    const others = this.#members.filter((other) => other !== member);
    this.#members = others.length > 0 ? others : NOBODY;
    this.#tracked?.delete(member.name);
  }
}

function isJoined(outcome: PromiseSettledResult<"joined" | "unknownChannel">): boolean {
  return outcome.status === "fulfilled" && outcome.value === "joined";
}

function unknownChannel(id: number, channel: string): ReplyInit {
  return { id, code: "unknownChannel", reason: `No such channel: ${quoted(channel)}` };
}

/** Whatever a peer sent, as text that every encoding can carry. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}

function tooMany(id: number): ReplyInit {
  const reason = `Cannot subscribe to more than ${limits.subscriptionsMax} channels on one socket`;
  return { id, code: "tooManySubscriptions", reason };
}
