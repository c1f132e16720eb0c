/**
 * What a fan does in a room: shown at once, sent until it is answered, and taken
 * back with the reason where it is refused.
 *
 * One after another, so messages stand in the order in which they were written.
 * Each has a client id for good: what is sent twice is one message. Busy servers,
 * slow mode and lost sockets put it off; only a refusal takes it back.
 */
import type { Notice } from "../../protocol/golazo_codec.ts";
import { backoffDelayMs } from "./backoff.ts";
import { randomId } from "./client_identity.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";
import { type CommandAnswer, CommandDesk } from "./command_desk.ts";
import type { FanApi } from "./fan_api.ts";
import type { GolazoClient } from "./golazo_client.ts";
import { Refusal } from "./refusal.ts";

export interface OwnMessage {
  clientId: string;
  text: string;
  replyTo: string;
  /** The message that this is a new text of. */
  edits: string;
  /** By this device. */
  at: number;
  status: "sending" | "putOff" | "sent" | "held" | "rejected" | "refused";
  /** Its id in the room, once it has one. */
  made: string;
  /** Why it is not there. */
  code: string;
  reason: string;
  /** When it is sent again, by this device. */
  retryAt: number | null;
}

export interface ChatOutboxParts {
  room: string;
  client: GolazoClient;
  api: FanApi;
  platform: ClientPlatform;
  /** Given the sentence to read aloud, empty where there is none. */
  onChange(sentence: string): void;
}

/** Waiting changes nothing about these, however long they last. */
const FINAL = ["banned", "muted", "signIn", "forbidden"];

export class ChatOutbox {
  /** Oldest first. */
  own: readonly OwnMessage[] = [];
  /** Own messages that are on their way out. */
  readonly leaving = new Set<string>();
  /** What this fan gave to each message; null: taken back. */
  readonly given = new Map<string, string | null>();
  readonly #parts: ChatOutboxParts;
  #isSending = false;
  #tries = 0;
  #cancelRetry = () => {};
  readonly #desk: CommandDesk;
  readonly #forget: () => void;

  constructor(parts: ChatOutboxParts) {
    this.#parts = parts;
    this.#desk = new CommandDesk(parts.client, parts.platform);
    this.#forget = parts.client.onState(({ status }) => {
      if (status === "live") void this.#flush();
    });
  }

  leave(): void {
    this.#forget();
    this.#desk.close();
    this.#cancelRetry();
  }

  post(text: string, replyTo = "", edits = ""): void {
    const { platform } = this.#parts;
    const message: OwnMessage = {
      ...{ clientId: randomId(platform), text, replyTo, edits, at: platform.now() },
      ...{ status: "sending", made: edits, code: "", reason: "", retryAt: null },
    };
    this.own = [...this.own, message].slice(-clientLimits.chatOwnMax);
    this.#parts.onChange("");
    void this.#flush();
  }

  /** Once more, and as often as it takes again. */
  retry(clientId: string): void {
    this.#change(clientId, { status: "sending", code: "", reason: "", retryAt: null });
    this.#tries = 0;
    this.#cancelRetry();
    void this.#flush();
  }

  discard(clientId: string): void {
    this.own = this.own.filter((one) => one.clientId !== clientId);
    this.#parts.onChange("");
  }

  /** The room says it itself now. */
  arrived({ clientId, id }: { clientId: string; id: string }): void {
    const isIt = (one: OwnMessage) =>
      one.edits === "" ? one.clientId === clientId || one.made === id : one.made === id;
    const rest = this.own.filter((one) => !(isIt(one) && one.status !== "refused"));
    if (rest.length < this.own.length) this.own = rest;
  }

  /** The room has removed these: their texts go too. */
  forget(isGone: (message: string) => boolean): void {
    this.own = this.own.filter(({ status, made }) => status !== "sent" || !isGone(made));
  }

  async remove(message: string): Promise<void> {
    this.leaving.add(message);
    this.#parts.onChange("");
    const answer = await this.#act("deleteOwn", message, "");
    if (answer.code !== "ok") this.leaving.delete(message);
    this.#parts.onChange(sentenceOf("Your message was not deleted", answer));
  }

  async react(message: string, reaction: string | null): Promise<void> {
    const { room, onChange } = this.#parts;
    const before = this.given.get(message) ?? null;
    this.given.set(message, reaction);
    onChange("");
    const answer = await this.#asFan(() =>
      this.#desk.ask((id) => ({ react: { id, room, message, reaction: reaction ?? "" } }))
    );
    if (answer.code !== "ok") this.given.set(message, before);
    onChange(sentenceOf("Your reaction was not taken", answer));
  }

  async report(message: string, why: string): Promise<void> {
    const answer = await this.#act("report", message, why);
    const { onChange } = this.#parts;
    if (answer.code === "ok") return onChange("Thank you: a moderator will look at it.");
    onChange(sentenceOf("Your report was not taken", answer));
  }

  /** What moderators made of an own message; without a text where nobody has it any more. */
  noticed({ kind, message, reason }: Notice, text: string): void {
    if (kind === "approved") this.own = this.own.filter(({ made }) => made !== message);
    if (kind !== "held" && kind !== "rejected") return;
    const known = this.own.find(({ made }) => made === message);
    if (known) return this.#change(known.clientId, { status: kind, reason });
    const { platform } = this.#parts;
    const shown: OwnMessage = {
      ...{ clientId: randomId(platform), text, replyTo: "", edits: "", at: platform.now() },
      ...{ status: kind, made: message, code: "", reason, retryAt: null },
    };
    this.own = [...this.own, shown].slice(-clientLimits.chatOwnMax);
    this.#parts.onChange("");
  }

  async #flush(): Promise<void> {
    if (this.#isSending) return;
    const next = this.own.find(({ status }) => status === "sending" || status === "putOff");
    if (!next || next.status === "putOff") return;
    this.#isSending = true;
    const { room } = this.#parts;
    const { clientId, text, replyTo, edits } = next;
    const answer = await this.#asFan(() =>
      this.#desk.ask((id) => ({
        chatSend: { id, clientId, room, text, replyTo, sticker: "", edits },
      }))
    );
    this.#isSending = false;
    this.#settle(next, answer);
  }

  #settle({ clientId, edits }: OwnMessage, answer: CommandAnswer): void {
    const { code, reason, made } = answer;
    if (code === "offline") return this.#again();
    const delayMs = this.#delayOf(answer);
    if (delayMs > 0) {
      const retryAt = this.#parts.platform.now() + delayMs;
      this.#change(clientId, { status: "putOff", code, reason, retryAt });
      this.#cancelRetry = this.#parts.platform.after(delayMs, () => {
        this.#change(clientId, { status: "sending", retryAt: null });
        void this.#flush();
      });
      return;
    }
    this.#tries = 0;
    if (code === "ok") this.#change(clientId, { status: "sent", made: made || edits });
    else if (code === "held") this.#change(clientId, { status: "held", made, reason });
    else {
      this.#change(clientId, { status: "refused", code, reason });
      this.#parts.onChange(sentenceOf("Your message was not sent", answer));
    }
    void this.#flush();
  }

  /** Nobody knows whether it was heard: under the same id it is the same message. */
  #again(): void {
    const { platform, onChange } = this.#parts;
    const delayMs = backoffDelayMs(1, platform.fraction());
    this.#cancelRetry = platform.after(delayMs, () => void this.#flush());
    onChange("");
  }

  /** 0: it is not sent again by itself. */
  #delayOf({ code, retryAfterMs }: CommandAnswer): number {
    const isBusy = code === "ownerUnavailable" || code === "roomUnavailable";
    if (FINAL.includes(code) || (retryAfterMs === 0 && !isBusy)) return 0;
    this.#tries += 1;
    if (this.#tries > clientLimits.chatTriesMax) return 0;
    const { platform } = this.#parts;
    const delayMs = retryAfterMs || backoffDelayMs(this.#tries, platform.fraction());
    return delayMs <= clientLimits.chatRetryMsMax ? delayMs : 0;
  }

  #act(action: string, target: string, reason: string): Promise<CommandAnswer> {
    const { room, platform } = this.#parts;
    const clientId = randomId(platform);
    return this.#asFan(() =>
      this.#desk.ask((id) => ({
        moderate: {
          ...{ id, room, action, target, reason, clientId },
          ...{ until: 0, seconds: 0, confirm: false },
        },
      }))
    );
  }

  /** Whoever says something is somebody: signs in the first time. */
  async #asFan(ask: () => Promise<CommandAnswer>): Promise<CommandAnswer> {
    const { api, client } = this.#parts;
    try {
      client.signIn(await api.signedIn());
    } catch (thrown) {
      const isRefusal = thrown instanceof Refusal && !thrown.isForNow;
      const code = isRefusal ? "signIn" : "offline";
      return { code, reason: isRefusal ? thrown.message : "", retryAfterMs: 0, made: "" };
    }
    return await ask();
  }

  #change(clientId: string, change: Partial<OwnMessage>): void {
    this.own = this.own.map((one) => one.clientId === clientId ? { ...one, ...change } : one);
    this.#parts.onChange("");
  }
}

function sentenceOf(what: string, { code, reason }: CommandAnswer): string {
  if (code === "ok" || code === "held") return "";
  return `${what}: ${code === "offline" ? "there is no connection" : reason || code}.`;
}
