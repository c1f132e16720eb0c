/**
 * What a fan says in a room: shown at once, sent until it is answered, and taken
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
import type { CommandAnswer } from "./command_desk.ts";
import { refusalSentence } from "./chat_refusals.ts";
import type { FanCommands } from "./fan_commands.ts";
import type { GolazoClient } from "./golazo_client.ts";

/** What somebody wants to say: a text, a sticker, or both. */
export interface Draft {
  text: string;
  sticker?: string;
  replyTo?: string;
  /** The own message that this is a new text of. */
  edits?: string;
}

export interface OwnMessage {
  clientId: string;
  text: string;
  sticker: string;
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
  client: Pick<GolazoClient, "onState">;
  commands: FanCommands;
  platform: ClientPlatform;
  /** Given the sentence to read aloud, empty where there is none. */
  onChange(sentence: string): void;
}

/** Waiting changes nothing about these, however long they last. */
const FINAL = ["banned", "muted", "signIn", "forbidden"];

export class ChatOutbox {
  /** Oldest first. */
  own: readonly OwnMessage[] = [];
  readonly #parts: ChatOutboxParts;
  #isSending = false;
  #tries = 0;
  #cancelRetry = () => {};
  readonly #forget: () => void;

  constructor(parts: ChatOutboxParts) {
    this.#parts = parts;
    this.#forget = parts.client.onState(({ status }) => {
      if (status === "live") void this.#flush();
    });
  }

  leave(): void {
    this.#forget();
    this.#cancelRetry();
  }

  post({ text, sticker = "", replyTo = "", edits = "" }: Draft): void {
    const { platform } = this.#parts;
    const message: OwnMessage = {
      ...{ clientId: randomId(platform), text, sticker, replyTo, edits, at: platform.now() },
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

  /** Slow mode is over: what it put off need not wait. */
  quickened(): void {
    for (const { clientId, status, code } of this.own) {
      if (status === "putOff" && code === "slowMode") this.retry(clientId);
    }
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

  /** What moderators made of an own message; without a text where nobody has it any more. */
  noticed({ kind, message, reason }: Notice, text = "", sticker = ""): void {
    if (kind === "approved") this.own = this.own.filter(({ made }) => made !== message);
    if (kind !== "held" && kind !== "rejected") return;
    const known = this.own.find(({ made }) => made === message);
    if (known) return this.#change(known.clientId, { status: kind, reason });
    const { platform } = this.#parts;
    const shown: OwnMessage = {
      ...{ clientId: randomId(platform), text, sticker, replyTo: "", edits: "" },
      ...{ at: platform.now(), status: kind, made: message, code: "", reason, retryAt: null },
    };
    this.own = [...this.own, shown].slice(-clientLimits.chatOwnMax);
    this.#parts.onChange("");
  }

  async #flush(): Promise<void> {
    if (this.#isSending) return;
    const next = this.own.find(({ status }) => status === "sending" || status === "putOff");
    if (!next || next.status === "putOff") return;
    this.#isSending = true;
    const { room, commands } = this.#parts;
    const { clientId, text, sticker, replyTo, edits } = next;
    const answer = await commands.ask((id) => ({
      chatSend: { id, clientId, room, text, replyTo, sticker, edits },
    }));
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
      this.#parts.onChange(refusalSentence("Your message was not sent", answer));
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

  #change(clientId: string, change: Partial<OwnMessage>): void {
    this.own = this.own.map((one) => one.clientId === clientId ? { ...one, ...change } : one);
    this.#parts.onChange("");
  }
}
