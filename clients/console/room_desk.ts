/**
 * One room as its moderator works it: what waits, by urgency, then what is being
 * said, the newest first, and a place in that list.
 *
 * The queue is asked for every second and after every action; the conversation
 * comes over the socket. The place stays at its message while others come, and
 * goes to the next one when that message is gone.
 */
import { roomChannel } from "../../protocol/channel_name.ts";
import { ChatStore } from "../sdk/chat_store.ts";
import type { ClientPlatform } from "../sdk/client_platform.ts";
import type { GolazoClient } from "../sdk/golazo_client.ts";
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
const LIVE_SHOWN = 50;
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
    const live = this.store.picture.messages.filter(({ id }) => !known.has(id)).slice(-LIVE_SHOWN)
      .reverse().map(({ id, user, text, at }): DeskItem => ({
        ...{ kind: "live", id, user, text, at, note: "", urgency: 0 },
      }));
    const rejected = held.filter(({ status }) => status === "rejected").map((item): DeskItem => ({
      ...{ kind: "rejected", id: item.id, user: item.user, text: item.text, at: item.at },
      ...{ note: "", urgency: 0 },
    }));
    return [...urgent, ...live, ...rejected];
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
