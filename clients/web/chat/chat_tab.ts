/**
 * The chat of a match, loaded when somebody opens it: its room, what the fan does
 * there, and how both change what is seen (chat_view.ts).
 *
 * It listens to the document itself, so the page that loads it knows nothing of
 * its buttons. Room and match have one id.
 */
import { roomChannel } from "../../../protocol/channel_name.ts";
import type { ChatMessage, Notice } from "../../../protocol/golazo_codec.ts";
import type { ChannelEvent } from "../../sdk/channel_book.ts";
import { ChatActs } from "../../sdk/chat_acts.ts";
import { isRemoved } from "../../sdk/chat_picture.ts";
import { ChatOutbox } from "../../sdk/chat_outbox.ts";
import { ChatStore } from "../../sdk/chat_store.ts";
import { FanCommands } from "../../sdk/fan_commands.ts";
import { element } from "../dom.ts";
import type { ChatFaces } from "./chat_faces.ts";
import { type ChatHands, ChatKeys } from "./chat_keys.ts";
import { ChatNotices, noticeText } from "./chat_notices.ts";
import type { ChatParts } from "./chat_parts.ts";
import { ChatSpeaker } from "./chat_speaker.ts";
import chatStyle from "./chat.css" with { type: "text" };
import { addStyle } from "./chat_style.ts";
import { chatView } from "./chat_view.ts";
import { CHAT_CHARS_MAX, lengthOf, mayWrite, slowWaitMs } from "./chat_words.ts";
import { CHEER_MS } from "./cheer_view.ts";
import { EarlierMessages } from "./earlier_messages.ts";
import { FacesDoor } from "./faces_door.ts";
import { ListScroll } from "./list_scroll.ts";
import { PinnedMessages } from "./pinned_messages.ts";
import { lastSaidAt, type ShownMessage, shownMessages } from "./shown_messages.ts";

/** A deleted message is nowhere a second later, its author's page included. */
const HELD_NOTICE_MS_MAX = 900;

export class ChatTab implements ChatHands {
  readonly outbox: ChatOutbox;
  readonly acts: ChatActs;
  readonly notices: ChatNotices;
  readonly #faces: FacesDoor;
  readonly #earlier: EarlierMessages;
  readonly #scroll: ListScroll;
  readonly #store: ChatStore;
  readonly #pins: PinnedMessages;
  readonly #parts: ChatParts;
  readonly #speaker = new ChatSpeaker();
  readonly #keys: ChatKeys;
  readonly #leave: (() => void)[];
  /** Of what was just removed, in case a moderator holds it: its author may still see it. */
  readonly #justRemoved = new Map<string, ChatMessage>();
  /** When the room's cheers were last told, by this device. */
  #cheersAt = -Infinity;
  open: ChatHands["open"] = null;
  replyTo: ChatMessage | null = null;
  edits: ChatMessage | null = null;
  isChoosing = false;
  current = "";

  constructor(parts: ChatParts) {
    this.#parts = parts;
    const { room, client, platform } = parts;
    const commands = new FanCommands(parts);
    const tell = (sentence: string) => {
      this.notices.say(sentence);
      this.changed(sentence);
    };
    this.#store = new ChatStore((event) => this.#heard(event));
    this.#pins = new PinnedMessages(room, platform, () => this.changed());
    // What becomes of a message is said beside it; of the rest, in the notice.
    const onChange = (sentence: string) => this.changed(sentence);
    this.outbox = new ChatOutbox({ room, client, commands, platform, onChange });
    this.acts = new ChatActs({ room, commands, platform, onChange: tell });
    const heard = (notice: Notice, isNews: boolean) => this.#noticed(notice, isNews);
    this.notices = new ChatNotices({ room, client, platform, heard });
    this.#faces = new FacesDoor(parts);
    this.#earlier = new EarlierMessages(parts, this.#store);
    this.#scroll = new ListScroll({
      nearTop: () => this.#earlier.state === "rest" && this.askEarlier(),
      atEnd: () => this.#backAtEnd(),
    });
    this.#keys = new ChatKeys(this);
    this.#leave = [
      client.subscribe(roomChannel(room), (event) => this.#receive(event)),
      () => this.outbox.leave(),
      () => this.notices.leave(),
      () => this.#keys.stop(),
      () => this.#scroll.stop(),
      () => this.#faces.leave(),
      () => commands.close(),
    ];
    this.#signInWhoIsKnown();
    addStyle(chatStyle);
  }

  leave(): void {
    for (const leave of this.#leave) leave();
  }

  /** The match itself has something to say. */
  matchSpoke(): void {
    this.#speaker.matchSpoke(this.#parts.platform.now());
  }

  find(id: string): ChatMessage | undefined {
    return this.#store.picture.messages.find((message) => message.id === id);
  }

  get picture(): ChatFaces | null {
    return this.#faces.faces;
  }

  askEarlier(): void {
    void this.#earlier.ask();
  }

  toNewest(): void {
    this.#scroll.toEnd();
    this.#backAtEnd();
  }

  send(text: string): boolean {
    const length = lengthOf(text);
    if (text.trim() === "" || length > CHAT_CHARS_MAX) return false;
    const { edits, replyTo } = this;
    const about = edits ? { edits: edits.id } : { replyTo: replyTo?.id ?? "" };
    this.outbox.post({ text: text.trim(), ...about });
    this.replyTo = this.edits = null;
    this.changed();
    return true;
  }

  sendSticker(sticker: string): void {
    this.outbox.post({ text: "", sticker, replyTo: this.replyTo?.id ?? "" });
    this.replyTo = null;
    this.isChoosing = false;
    this.changed();
  }

  changed(sentence = ""): void {
    this.notices.listen(this.#parts.api.user);
    this.#parts.onChange(sentence);
  }

  view(): HTMLElement {
    const { picture: { state, reactions, leftOut, ...picture }, isWhole, refusal } = this.#store;
    const { platform, client } = this.#parts;
    const { open, current, replyTo, edits, isChoosing } = this;
    const now = platform.now();
    const sentence = this.#speaker.due(now);
    if (sentence !== "") queueMicrotask(() => this.#parts.onChange(sentence));
    if (refusal) return element("p", { class: "empty", key: "chat-none" }, "No chat here yet");
    if (!isWhole) return element("p", { class: "empty", key: "chat-none" }, "Loading the chat…");
    const shown = this.#shown;
    const { mode = "" } = state ?? {};
    const { standing, user: me } = this.notices;
    const countsOf = (id: string) => reactions.get(id) ?? [];
    const find = (id: string) => this.find(id);
    const { picture: faces } = this;
    faces?.ask(shown.toReversed().map(({ message }) => message.user));
    this.#scroll.keep();
    const face = (user: string) => this.#faces.view(user);
    const cheers = now < this.#cheersAt + CHEER_MS ? countsOf("") : [];
    const saidAt = lastSaidAt(shown, client.serverNow() - now);
    const waitMs = slowWaitMs(state, saidAt, client.serverNow());
    return chatView({
      ...{ shown, open, current, countsOf, find, me },
      leftOut: picture.messages.length === 0 ? 0 : leftOut.get("") ?? 0,
      pinned: this.#pins.shown(state?.pinned ?? [], find),
      givenTo: (id) => this.acts.given.get(id) ?? null,
      mayWrite: mayWrite(state) && standing === null,
      mayReact: mode !== "locked" && mode !== "archived" && standing === null,
      notice: this.notices.shown,
      earlier: this.#earlier,
      isPast: this.#store.picture.isPastKept && !this.#scroll.isAtEnd,
      face,
      ownPicture: faces?.ownPicture() ?? null,
      cheers: { counts: cheers, cheered: this.acts.cheered, now },
      composer: {
        ...{ state, waitMs, replyTo, edits, standing, isChoosing },
        length: lengthOf(this.#keys.text.trim()),
        ownFace: faces && face(this.#parts.api.user),
        isPictureOpen: faces?.isOpen ?? false,
      },
    });
  }

  get #shown(): ShownMessage[] {
    return shownMessages(
      this.#store.picture,
      this.outbox.own,
      this.acts.leaving,
      this.#parts.api.user,
    );
  }

  #receive(event: ChannelEvent): void {
    const { removal, reactions } = event.kind === "publication"
      ? event.publication
      : { removal: undefined, reactions: undefined };
    if (removal) this.#keepOwn(removal.message);
    if (reactions?.tallies.some(({ message }) => message === "")) {
      this.#cheersAt = this.#parts.platform.now();
    }
    this.#store.receive(event);
    if (removal || event.kind === "room") this.#forgetRemoved();
  }

  #backAtEnd(): void {
    if (!this.#store.picture.isPastKept) return;
    this.#store.letPastGo();
    this.changed();
  }

  #keepOwn(id: string): void {
    const own = this.#shown.find(({ isOwn, message }) => isOwn && message.id === id);
    if (!own) return;
    this.#justRemoved.set(id, own.message);
    this.#parts.platform.after(HELD_NOTICE_MS_MAX, () => this.#justRemoved.delete(id));
  }

  /** What was removed is in nothing that this page still holds. */
  #forgetRemoved(): void {
    const { api, onChange } = this.#parts;
    const isGone = (message: { id: string; user: string }) =>
      isRemoved(this.#store.picture, message);
    this.outbox.forget((id) => isGone({ id, user: api.user }));
    this.#pins.forget(isGone);
    if (this.replyTo && isGone(this.replyTo)) this.replyTo = null;
    if (this.edits && isGone(this.edits)) this.edits = null;
    if (this.#speaker.forget(isGone)) onChange("A message was removed.");
  }

  #heard(event: ChannelEvent): void {
    if (event.kind === "room") event.room.messages.forEach((one) => this.outbox.arrived(one));
    if (event.kind === "publication") {
      const { chat, room } = event.publication;
      if (room?.mode === "open") this.outbox.quickened();
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
    this.notices.listen(api.user);
  }

  #noticed(notice: Notice, isNews: boolean): void {
    const { message } = notice;
    const removed = this.find(message) ?? this.#justRemoved.get(message);
    if (removed || isNews) this.outbox.noticed(notice, removed?.text, removed?.sticker);
    this.changed(noticeText(notice) || this.notices.standing || "");
  }
}
