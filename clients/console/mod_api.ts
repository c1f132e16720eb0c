/**
 * What moderators ask the server by HTTP, as its routes say it.
 *
 * Every answer is a value or a Refusal. An action may be sent twice: the same
 * client id is the same action.
 */
import type { ClientPlatform, HttpAnswer } from "../sdk/client_platform.ts";
import { randomId } from "../sdk/client_identity.ts";
import { Refusal, refusalOf } from "../sdk/refusal.ts";
import { type RoomPage, roomPage } from "../sdk/room_page.ts";

const HISTORY_PAGE = 50;

export interface RoomPulse {
  id: string;
  title: string;
  state: string;
  /** Of the last minute. */
  postsPerMinute: number;
  held: number;
  reported: number;
}

export interface HeldItem {
  id: string;
  user: string;
  /** Null: it is gone. */
  text: string | null;
  at: number;
  wasPublished: boolean;
  status: "waiting" | "rejected";
  /** What held it; empty: a moderator. */
  rule: string;
}

export interface ReportedItem {
  message: string;
  user: string;
  text: string | null;
  why: string;
  reporters: number;
  firstAt: number;
}

export interface RoomQueue {
  held: HeldItem[];
  reported: ReportedItem[];
}

export interface AuditRow {
  number: number;
  at: number;
  actor: { user: string; role: string };
  kind: string;
  target: string;
  reason: string;
  before: unknown;
  after: unknown;
  undoes: number | null;
  previous: string;
  hash: string;
}

export interface AuditPage {
  /** Newest first. */
  actions: { owner: string; row: AuditRow }[];
  before: number | null;
}

export interface UserCase extends AuditPage {
  user: string;
  role: string;
}

export interface Findings {
  users: { user: string; messages: number }[];
  messages: { room: string; id: string; user: string; text: string; at: number }[];
}

export interface Asked {
  /** Or `global`. */
  room: string;
  action: string;
  target: string;
  reason: string;
  until?: number;
  seconds?: number;
  confirm?: boolean;
}

export class ModApi {
  readonly #platform: ClientPlatform;
  readonly #token: string;

  constructor(platform: ClientPlatform, token: string) {
    this.#platform = platform;
    this.#token = token;
  }

  /** All methods: @throws {Refusal} by the server, or where nobody answers. */
  async rooms(): Promise<RoomPulse[]> {
    return (await this.#get<{ rooms: RoomPulse[] }>("rooms")).rooms;
  }

  queue(room: string): Promise<RoomQueue> {
    return this.#get(`queue?room=${room}`);
  }

  /** Of a case and of an audit: the newest page, or what is older than `before`. */
  case(user: string, before: number | null = null): Promise<UserCase> {
    const from = before === null ? "" : `?before=${before}`;
    return this.#get(`users/${encodeURIComponent(user)}${from}`);
  }

  audit(owner: string, before: number | null = null): Promise<AuditPage> {
    const from = before === null ? "" : `&before=${before}`;
    return this.#get(`audit?owner=${encodeURIComponent(owner)}${from}`);
  }

  /** What was said in a room before that message. */
  page(room: string, before: string): Promise<RoomPage> {
    const ask = { before, limit: HISTORY_PAGE, token: this.#token };
    return roomPage(this.#platform, room, ask).catch(unanswered);
  }

  search(text: string): Promise<Findings> {
    return this.#get(`search?q=${encodeURIComponent(text)}`);
  }

  /** The action's number in its owner's log. */
  act(asked: Asked): Promise<number> {
    return this.#post("actions", { ...asked, clientId: randomId(this.#platform) });
  }

  undo(room: string, action: number, reason: string): Promise<number> {
    return this.#post("undo", { room, action, reason, clientId: randomId(this.#platform) });
  }

  async #get<Value>(path: string): Promise<Value> {
    return valueOf<Value>(await this.#ask("GET", path));
  }

  async #post(path: string, body: unknown): Promise<number> {
    const { made = "" } = valueOf<{ made?: string }>(
      await this.#ask("POST", path, JSON.stringify(body)),
    );
    return Number(made.replace(/^action /, "")) || 0;
  }

  async #ask(method: "GET" | "POST", path: string, body?: string): Promise<HttpAnswer> {
    const question = { method, path: `/api/mod/${path}`, token: this.#token, body };
    return await this.#platform.request(question).catch(unanswered);
  }
}

/** @throws {Refusal} always: what the server says itself as it is. */
function unanswered(thrown: unknown): never {
  if (thrown instanceof Refusal) throw thrown;
  throw new Refusal("offline", "The server does not answer", true);
}

function valueOf<Value>(answer: HttpAnswer): Value {
  if (answer.status !== 200) throw refusalOf(answer);
  return answer.value as Value;
}
