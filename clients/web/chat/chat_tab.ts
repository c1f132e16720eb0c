/**
 * The chat of a match, loaded when somebody opens it: its room, what the fan does
 * there, and the view of both.
 *
 * It listens to the document itself, so the page that loads it knows nothing of
 * its buttons. Room and match have one id.
 */
import { isChannelId, roomChannel, userChannel } from "../../../protocol/channel_name.ts";
import type { ChatMessage, Notice } from "../../../protocol/golazo_codec.ts";
import type { ChannelEvent } from "../../sdk/channel_book.ts";
import { isRemoved } from "../../sdk/chat_picture.ts";
import { ChatOutbox, type ChatOutboxParts } from "../../sdk/chat_outbox.ts";
import { ChatStore } from "../../sdk/chat_store.ts";
import { element } from "../dom.ts";
import { clockText } from "../kickoff_text.ts";
import { fanName } from "../market_words.ts";
import { type ChatHands, ChatKeys } from "./chat_keys.ts";
import { ChatSpeaker } from "./chat_speaker.ts";
import chatStyle from "./chat.css" with { type: "text" };
import { CHAT_CHARS_MAX, lengthOf, mayWrite } from "./chat_words.ts";
import { composerView } from "./composer_view.ts";
import { messageView } from "./message_view.ts";
import { type ShownMessage, shownMessages } from "./shown_messages.ts";

/** A deleted message is nowhere a second later, its author's page included. */
const HELD_NOTICE_MS_MAX = 900;

let isStyled = false;

export class ChatTab implements ChatHands {
  readonly store: ChatStore;
  readonly outbox: ChatOutbox;
  readonly #parts: ChatOutboxParts;
  readonly #speaker = new ChatSpeaker();
  readonly #keys: ChatKeys;
  readonly #leave: (() => void)[] = [];
  #user = "";
  #standing: Notice | null = null;
  /** Of what was just removed, in case a moderator holds it: its author may still see it. */
  readonly #justRemoved = new Map<string, string>();
  readonly #openedAt: number;
  open: ChatHands["open"] = null;
  replyTo: ChatMessage | null = null;
  edits: ChatMessage | null = null;
  current = "";

  constructor(parts: ChatOutboxParts) {
    this.#parts = parts;
    this.#openedAt = parts.client.serverNow();
    this.store = new ChatStore((event) => this.#heard(event));
    this.outbox = new ChatOutbox({ ...parts, onChange: (sentence) => this.changed(sentence) });
    this.#keys = new ChatKeys(this);
    this.#leave.push(
      parts.client.subscribe(roomChannel(parts.room), (event) => this.#receive(event)),
      () => this.outbox.leave(),
      () => this.#keys.stop(),
    );
    this.#signInWhoIsKnown();
    if (!isStyled) addStyle();
    isStyled = true;
  }

  leave(): void {
    for (const leave of this.#leave) leave();
  }

  /** The match itself has something to say. */
  matchSpoke(): void {
    this.#speaker.matchSpoke(this.#parts.platform.now());
  }

  get shown(): ShownMessage[] {
    const { own, leaving } = this.outbox;
    return shownMessages(this.store.picture, own, leaving, this.#parts.api.user);
  }

  find(id: string): ChatMessage | undefined {
    return this.store.picture.messages.find((message) => message.id === id);
  }

  send(text: string): boolean {
    const length = lengthOf(text);
    if (text.trim() === "" || length > CHAT_CHARS_MAX) return false;
    this.outbox.post(text.trim(), this.edits ? "" : this.replyTo?.id ?? "", this.edits?.id ?? "");
    this.replyTo = this.edits = null;
    this.changed();
    return true;
  }

  changed(sentence = ""): void {
    this.#listenForNotices();
    this.#parts.onChange(sentence);
  }

  view(): HTMLElement {
    const { picture, isWhole, refusal } = this.store;
    const { platform } = this.#parts;
    const sentence = this.#speaker.due(platform.now());
    if (sentence !== "") queueMicrotask(() => this.#parts.onChange(sentence));
    if (refusal) return element("p", { class: "empty", key: "chat-none" }, "No chat here yet");
    if (!isWhole) return element("p", { class: "empty", key: "chat-none" }, "Loading the chat…");
    const shown = this.shown;
    return element(
      "div",
      { class: "chat", key: "chat", "data-testid": "chat" },
      this.#pinned(),
      element(
        "div",
        {
          class: "chat-scroll",
          key: "list",
          role: "log",
          "aria-live": "off",
          "aria-label": "Chat",
        },
        element(
          "ol",
          { "data-testid": "chat-list" },
          ...shown.flatMap((one, at) => this.#message(one, at === shown.length - 1, shown)),
          shown.length === 0 && element("li", { class: "empty" }, "Nobody has said anything yet"),
        ),
      ),
      composerView({
        state: picture.state,
        replyTo: this.replyTo,
        edits: this.edits,
        length: lengthOf(this.#keys.text.trim()),
        standing: this.#standingText(),
      }),
    );
  }

  #message(shown: ShownMessage, isLast: boolean, all: readonly ShownMessage[]): HTMLElement[] {
    const { picture } = this.store;
    const { message, own } = shown;
    const { mode = "" } = picture.state ?? {};
    const isKnown = all.some(({ key }) => key === this.current);
    return messageView(shown, {
      menu: message.id !== "" && this.open?.id === message.id ? this.open.menu : "closed",
      isCurrent: isKnown ? this.current === shown.key : isLast,
      counts: own && own.edits === "" ? [] : picture.reactions.get(message.id) ?? [],
      given: this.outbox.given.get(message.id) ?? null,
      repliesTo: message.replyTo === "" ? undefined : this.find(message.replyTo),
      mentionsMe: message.mentions.includes(this.#user),
      mayWrite: mayWrite(picture.state),
      mayReact: mode !== "locked" && mode !== "archived",
      now: this.#parts.platform.now(),
    });
  }

  #pinned(): HTMLElement | null {
    const pinned = (this.store.picture.state?.pinned ?? []).flatMap((id) => this.find(id) ?? []);
    const last = pinned[pinned.length - 1];
    if (!last) return null;
    return element(
      "p",
      { class: "pinned", "data-testid": "pinned", key: "pinned" },
      element("b", {}, `Pinned · ${fanName(last.user)}`),
      element("span", {}, last.text),
    );
  }

  #standingText(): string | null {
    const { kind, until = 0, reason = "" } = this.#standing ?? {};
    if (!kind) return null;
    if (until > 0 && until <= this.#parts.client.serverNow()) return null;
    const end = until > 0 ? ` until ${clockText(until)}` : "";
    return `You are ${kind} here${end}${reason === "" ? "" : `: ${reason}`}`;
  }

  #receive(event: ChannelEvent): void {
    const removal = event.kind === "publication" ? event.publication.removal : undefined;
    if (removal) this.#keepOwn(removal.message);
    this.store.receive(event);
    if (removal || event.kind === "room") this.#forgetRemoved();
  }

  #keepOwn(id: string): void {
    const own = this.shown.find(({ isOwn, message }) => isOwn && message.id === id);
    if (!own) return;
    this.#justRemoved.set(id, own.message.text);
    this.#parts.platform.after(HELD_NOTICE_MS_MAX, () => this.#justRemoved.delete(id));
  }

  /** What was removed is in nothing that this page still holds. */
  #forgetRemoved(): void {
    const { api, onChange } = this.#parts;
    const isGone = (message: { id: string; user: string }) =>
      isRemoved(this.store.picture, message);
    this.outbox.forget((id) => isGone({ id, user: api.user }));
    if (this.replyTo && isGone(this.replyTo)) this.replyTo = null;
    if (this.edits && isGone(this.edits)) this.edits = null;
    if (this.#speaker.forget(isGone)) onChange("A message was removed.");
  }

  #heard(event: ChannelEvent): void {
    if (event.kind === "room") event.room.messages.forEach((one) => this.outbox.arrived(one));
    if (event.kind === "publication") {
      const { chat } = event.publication;
      if (chat) {
        this.outbox.arrived(chat);
        if (chat.user !== this.#parts.api.user && !chat.edited) this.#speaker.heard(chat);
      }
    }
    this.changed();
  }

  /** Who was here before is somebody already; a newcomer becomes so by their first word. */
  #signInWhoIsKnown(): void {
    const { api, client } = this.#parts;
    if (api.user === "") return;
    void api.signedIn().then((token) => client.signIn(token)).catch(() => {});
    this.#listenForNotices();
  }

  #listenForNotices(): void {
    const { api, client, room } = this.#parts;
    const { user } = api;
    if (user === "" || user === this.#user || !isChannelId(user)) return;
    this.#user = user;
    const forget = client.subscribe(userChannel(user), (event) => {
      const notice = event.kind === "publication" ? event.publication.notice : undefined;
      if (notice?.room === room) this.#noticed(notice);
    });
    this.#leave.push(forget);
  }

  #noticed(notice: Notice): void {
    const { kind, message, by, reason } = notice;
    if (kind === "muted" || kind === "banned") this.#standing = notice;
    if (kind === "unmuted" || kind === "unbanned") this.#standing = null;
    const text = this.find(message)?.text ?? this.#justRemoved.get(message) ?? "";
    // What is told again to a newcomer is of before.
    if (text !== "" || notice.at >= this.#openedAt) this.outbox.noticed(notice, text);
    const why = reason === "" ? "" : `: ${reason}`;
    const sentences: Record<string, string> = {
      mention: `${fanName(by)} mentions you`,
      held: "Your message waits for a moderator",
      rejected: `A moderator did not let your message in${why}`,
      warned: `A moderator warns you${why}`,
      unmuted: "You can write again",
      unbanned: "You can write again",
    };
    this.changed(sentences[kind] ?? this.#standingText() ?? "");
  }
}

/** By the CSSOM, which the page's policy permits. */
function addStyle(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(chatStyle);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
