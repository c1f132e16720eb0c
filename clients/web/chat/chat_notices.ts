/**
 * What concerns this fan alone, from `user:<id>`: a mute or a ban that stands,
 * and what a moderator or another fan has just told them.
 *
 * A warning stays until its reader puts it away; everything else goes by itself.
 * The channel tells its last notices to whoever comes: what is of before is not
 * news, but for a warning that nobody was there to read.
 */
import { isChannelId, userChannel } from "../../../protocol/channel_name.ts";
import type { Notice } from "../../../protocol/golazo_codec.ts";
import type { ClientPlatform } from "../../sdk/client_platform.ts";
import type { GolazoClient } from "../../sdk/golazo_client.ts";
import { clockText } from "../kickoff_text.ts";
import { fanName } from "../market_words.ts";

export interface ShownNotice {
  text: string;
  isWarning: boolean;
  /** The message that it is about; empty: none. */
  message: string;
}

export interface ChatNoticesParts {
  room: string;
  client: Pick<GolazoClient, "subscribe" | "serverNow">;
  platform: Pick<ClientPlatform, "load" | "store">;
  /** Each one, told again or not; `isNews`: since this page came. */
  heard(notice: Notice, isNews: boolean): void;
}

const SHOWN_MS = 8_000;
/** A warning of before that is told again to whoever comes. */
const WARNING_MS_MAX = 60 * 60_000;

/** When the last warning was given that this device's fan has put away. */
const READ_KEY = "golazo.chat.warned";

export class ChatNotices {
  /** Whom they concern; empty: nobody has signed in. */
  user = "";
  readonly #parts: ChatNoticesParts;
  readonly #openedAt: number;
  #standing: Notice | null = null;
  #warnings: Notice[] = [];
  #said: ShownNotice = { text: "", isWarning: false, message: "" };
  #saidAt = -Infinity;
  #forget = () => {};

  constructor(parts: ChatNoticesParts) {
    this.#parts = parts;
    this.#openedAt = parts.client.serverNow();
  }

  leave(): void {
    this.#forget();
  }

  listen(user: string): void {
    if (user === "" || user === this.user || !isChannelId(user)) return;
    this.#forget();
    this.user = user;
    this.#forget = this.#parts.client.subscribe(userChannel(user), (event) => {
      const notice = event.kind === "publication" ? event.publication.notice : undefined;
      if (notice?.room === this.#parts.room) this.#take(notice);
    });
  }

  /** Shows a sentence for a while, beside what is read aloud. */
  say(text: string, message = ""): void {
    if (text === "") return;
    this.#said = { text, isWarning: false, message };
    this.#saidAt = this.#parts.client.serverNow();
  }

  /** What is to be seen now; null: nothing. */
  get shown(): ShownNotice | null {
    const [warning] = this.#warnings;
    if (warning) return { text: noticeText(warning), isWarning: true, message: "" };
    return this.#parts.client.serverNow() < this.#saidAt + SHOWN_MS ? this.#said : null;
  }

  putAway(): void {
    const [warning, ...rest] = this.#warnings;
    if (warning) this.#parts.platform.store(READ_KEY, String(warning.at));
    else this.#saidAt = -Infinity;
    this.#warnings = rest;
  }

  /** Why this fan may not write, and until when; null: they may. */
  get standing(): string | null {
    const { kind, until = 0, reason = "" } = this.#standing ?? {};
    const now = this.#parts.client.serverNow();
    if (!kind || (until > 0 && until <= now)) return null;
    const end = until > 0 ? ` until ${clockText(until)}` : "";
    return `You are ${kind} here${end}${because(reason)}`;
  }

  #take(notice: Notice): void {
    const { kind, at, message } = notice;
    const isNews = at >= this.#openedAt;
    if (kind === "muted" || kind === "banned") this.#standing = notice;
    if (kind === "unmuted" || kind === "unbanned") this.#standing = null;
    const readAt = Number(this.#parts.platform.load(READ_KEY) ?? 0);
    const isDue = at >= this.#openedAt - WARNING_MS_MAX && at > readAt;
    if (kind === "warned" && isDue) {
      this.#warnings = [...this.#warnings.filter((one) => one.at !== at), notice];
    } else if (isNews && ["mention", "approved", "unmuted", "unbanned"].includes(kind)) {
      this.say(noticeText(notice), kind === "mention" ? message : "");
    }
    this.#parts.heard(notice, isNews);
  }
}

/** Empty: there is nothing to tell beside what stands. */
export function noticeText({ kind, by, reason }: Notice): string {
  switch (kind) {
    case "mention":
      return `${fanName(by)} mentions you`;
    case "held":
      return "Your message waits for a moderator";
    case "approved":
      return "A moderator let your message in";
    case "rejected":
      return `A moderator did not let your message in${because(reason)}`;
    case "warned":
      return `A moderator warns you${because(reason)}`;
    case "unmuted":
    case "unbanned":
      return "You can write again";
    default:
      return "";
  }
}

function because(reason: string): string {
  return reason === "" ? "" : `: ${reason}`;
}
