/**
 * One room as its moderator works it: what waits, by urgency, then what is being
 * said, the newest first, and a place in that list.
 *
 * The queue is asked for every second and after every action; the conversation
 * comes over the socket, what was said before it page by page. The place stays at
 * its message while others come, and goes to the next one when that message is
 * gone.
 */
import { roomChannel } from "../../protocol/channel_name.ts";
import type { ChatMessage } from "../../protocol/golazo_codec.ts";
import { isRemoved } from "../sdk/chat_picture.ts";
import { ChatStore } from "../sdk/chat_store.ts";
import type { ClientPlatform } from "../sdk/client_platform.ts";
import type { GolazoClient } from "../sdk/golazo_client.ts";
import { saidText } from "../web/chat/chat_words.ts";
import type { ModApi, RoomQueue } from "./mod_api.ts";

export interface DeskItem {
  /** `held` waits unseen or taken away; `reported` and `live` are seen by all. */
  kind: "held" | "reported" | "live" | "rejected";
  id: string;
  user: string;
  text: string | null;
  at: number;
  /** Why it is here. */
  note: string;
  urgency: number;
}

const QUEUE_EVERY_MS = 1_000;
/** Waiting and said messages that are shown, and so many more each time. */
const PAGE = 50;
/** As the server weighs reports; what waits unseen stands between abuse and hate. */
const WEIGHTS: Record<string, number> = { threat: 8, hate: 5, abuse: 3, spam: 1, other: 1 };
const HELD_WEIGHT = 4;

export class RoomDesk {
  readonly id: string;
  readonly store: ChatStore;
  queue: RoomQueue | null = null;
  /** Where the moderator is: a message's id. */
  current = "";
  #place = 0;
  #waitingShown = PAGE;
  #saidShown = PAGE;
  /** Said before what the socket told, newest first. */
  #older: ChatMessage[] = [];
  /** Where to go on towards the past; null: nothing is older; empty: nobody has asked. */
  #before: string | null = "";
  #isAsked = false;
  readonly #api: ModApi;
  readonly #platform: ClientPlatform;
  readonly #onChange: (trouble: unknown) => void;
  readonly #forget: () => void;
  #cancel = () => {};
  #isLeft = false;

  constructor(
    id: string,
    { api, client, platform }: { api: ModApi; client: GolazoClient; platform: ClientPlatform },
    onChange: (trouble: unknown) => void,
  ) {
    this.id = id;
    this.#api = api;
    this.#platform = platform;
    this.#onChange = onChange;
    this.store = new ChatStore(() => onChange(null));
    this.#forget = client.subscribe(roomChannel(id), this.store.receive);
    void this.refresh();
  }

  leave(): void {
    this.#isLeft = true;
    this.#cancel();
    this.#forget();
  }

  async refresh(): Promise<void> {
    this.#cancel();
    let trouble: unknown = null;
    const queue = await this.#api.queue(this.id).catch((thrown) => {
      trouble = thrown;
      return this.queue;
    });
    if (this.#isLeft) return;
    this.queue = queue;
    this.#cancel();
    this.#cancel = this.#platform.after(QUEUE_EVERY_MS, () => void this.refresh());
    this.#onChange(trouble);
  }

  get items(): DeskItem[] {
    const { held = [], reported = [] } = this.queue ?? {};
    const waiting = held.filter(({ status }) => status === "waiting").map((item): DeskItem => ({
      ...{ kind: "held", id: item.id, user: item.user, text: item.text, at: item.at },
      note: item.rule === "" ? "by a moderator" : item.rule,
      urgency: HELD_WEIGHT,
    }));
    const complaints = reported.map((item): DeskItem => ({
      ...{ kind: "reported", id: item.message, user: item.user, text: item.text },
      at: item.firstAt,
      note: `${item.why}, by ${item.reporters}`,
      urgency: (WEIGHTS[item.why] ?? 1) * (1 + Math.floor(Math.log2(item.reporters || 1))),
    }));
    const urgent = [...waiting, ...complaints]
      .sort((a, b) => b.urgency - a.urgency || a.at - b.at);
    const known = new Set(urgent.map(({ id }) => id));
    const live = this.#said.filter(({ id }) => !known.has(id)).slice(0, this.#saidShown)
      .map((message): DeskItem => {
        const { id, user, at } = message;
        const text = saidText(message);
        return { ...{ kind: "live", id, user, text, at, note: "", urgency: 0 } };
      });
    const rejected = held.filter(({ status }) => status === "rejected").map((item): DeskItem => ({
      ...{ kind: "rejected", id: item.id, user: item.user, text: item.text, at: item.at },
      ...{ note: "", urgency: 0 },
    }));
    return [...urgent.slice(0, this.#waitingShown), ...live, ...rejected];
  }

  /** What `more` would show, in words; null: there is no more. */
  get moreText(): string | null {
    const hidden = this.#waiting - this.#waitingShown;
    if (hidden > 0) return `${Math.min(hidden, PAGE)} more that wait, of ${hidden}`;
    const isMore = this.#said.length > this.#saidShown || this.#before !== null;
    return isMore && this.store.isWhole && this.#said.length > 0 ? "Older messages" : null;
  }

  /** What waits comes first, then what was said, then what the server has of before. */
  async more(): Promise<void> {
    if (this.#waiting > this.#waitingShown) this.#waitingShown += PAGE;
    else if (this.#said.length >= this.#saidShown + PAGE) this.#saidShown += PAGE;
    else if (!await this.#askOlder()) return;
    else this.#saidShown += PAGE;
    this.#onChange(null);
  }

  get #waiting(): number {
    const { held = [], reported = [] } = this.queue ?? {};
    return held.filter(({ status }) => status === "waiting").length + reported.length;
  }

  /** Newest first, nothing of it removed. */
  get #said(): ChatMessage[] {
    const { picture } = this.store;
    const known = new Set(picture.messages.map(({ id }) => id));
    this.#older = this.#older.filter((one) => !isRemoved(picture, one));
    const older = this.#older.filter(({ id }) => !known.has(id));
    return [...picture.messages.toReversed(), ...older];
  }

  /** Whether it is known now what is older. */
  async #askOlder(): Promise<boolean> {
    const oldest = this.#said.at(-1)?.id;
    if (this.#isAsked) return false;
    if (this.#before === null || oldest === undefined) return true;
    this.#isAsked = true;
    const page = await this.#api.page(this.id, this.#before || oldest).catch((thrown) => {
      this.#onChange(thrown);
      return null;
    });
    this.#isAsked = false;
    if (page === null || this.#isLeft) return false;
    this.#older = [...this.#older, ...page.messages.toReversed()];
    this.#before = page.before;
    return true;
  }

  get item(): DeskItem | null {
    const { items } = this;
    const at = items.findIndex(({ id }) => id === this.current);
    this.#place = at < 0 ? Math.min(this.#place, Math.max(items.length - 1, 0)) : at;
    const item = items[this.#place] ?? null;
    this.current = item?.id ?? "";
    return item;
  }

  step(by: number): void {
    const { items, item } = this;
    const at = item === null ? 0 : items.indexOf(items.find(({ id }) => id === item.id)!);
    this.#place = Math.min(Math.max(at + by, 0), Math.max(items.length - 1, 0));
    this.current = items[this.#place]?.id ?? "";
  }
}
