/**
 * What a fan's fingers do in the chat: buttons, keys and the field.
 *
 * The list is one stop of the Tab key; arrows go from message to message, Enter
 * opens what can be done with one, Escape closes it, as it does the stickers.
 */
import type { ChatMessage } from "../../../protocol/golazo_codec.ts";
import type { ChatActs } from "../../sdk/chat_acts.ts";
import type { ChatOutbox } from "../../sdk/chat_outbox.ts";
import type { ChatFaces } from "./chat_faces.ts";
import type { ChatNotices } from "./chat_notices.ts";

/** What of the chat the keys change. */
export interface ChatHands {
  readonly outbox: ChatOutbox;
  readonly acts: ChatActs;
  readonly notices: ChatNotices;
  open: { id: string; menu: "actions" | "report" } | null;
  replyTo: ChatMessage | null;
  edits: ChatMessage | null;
  /** The panel of stickers is open. */
  isChoosing: boolean;
  /** The key of the message that the arrows are at. */
  current: string;
  find(id: string): ChatMessage | undefined;
  /** False: it cannot be sent as it is. */
  send(text: string): boolean;
  sendSticker(sticker: string): void;
  changed(): void;
  /** Null: faces are not here yet. */
  readonly picture: Pick<ChatFaces, "toggle" | "take" | "remove"> | null;
  /** What was said before all that is shown. */
  askEarlier(): void;
  toNewest(): void;
}

const CHOOSE = "[data-chat='stickers']";
const STICKER = "[data-chat='sticker']";

export class ChatKeys {
  readonly #tab: ChatHands;
  readonly #stop = new AbortController();

  constructor(tab: ChatHands) {
    this.#tab = tab;
    const { signal } = this.#stop;
    document.addEventListener("click", (event) => this.#click(event), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("submit", (event) => this.#submit(event), { signal });
    document.addEventListener("input", ({ target }) => {
      if (target === this.#field) this.#tab.changed();
    }, { signal });
    document.addEventListener("change", ({ target }) => this.#chose(target as Element), { signal });
  }

  stop(): void {
    this.#stop.abort();
  }

  get text(): string {
    return this.#field?.value ?? "";
  }

  get #field(): HTMLTextAreaElement | null {
    return document.querySelector("#chat-text");
  }

  #chose(target: Element): void {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-own-picture]")) return;
    const [file] = target.files ?? [];
    if (file) this.#tab.picture?.take(file);
    // The same file again is a choice too.
    target.value = "";
  }

  #submit(event: Event): void {
    if (!(event.target as Element).matches("[data-chat-form]")) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const field = this.#field;
    if (!field || !this.#tab.send(field.value)) return;
    field.value = "";
    this.#tab.changed();
    field.focus();
  }

  #click({ target }: Event): void {
    const button = (target as Element).closest<HTMLElement>("button[data-chat]");
    if (!button) return;
    const { chat, id = "", reaction = "", why = "" } = button.dataset;
    const tab = this.#tab;
    switch (chat) {
      case "menu":
        return this.#toggle(id);
      case "react": {
        const isGiven = tab.acts.given.get(id) === reaction;
        void tab.acts.react(id, isGiven ? null : reaction);
        return this.#close(id);
      }
      case "cheer":
        return void tab.acts.cheer(id);
      case "stickers":
        tab.isChoosing = !tab.isChoosing;
        return this.#draw(tab.isChoosing ? STICKER : CHOOSE);
      case "sticker":
        tab.sendSticker(id);
        return this.#draw(CHOOSE);
      case "mention":
        return this.#call(id);
      case "show":
        tab.notices.putAway();
        return this.#goTo(id);
      case "put-away":
        tab.notices.putAway();
        return this.#draw("#chat-text");
      case "reply":
        return this.#write(id, "replyTo");
      case "edit":
        return this.#write(id, "edits");
      case "cancel":
        tab.replyTo = tab.edits = null;
        tab.changed();
        return this.#field?.focus();
      case "delete":
        void tab.acts.remove(id);
        return this.#close("");
      case "ask-report":
        tab.open = { id, menu: "report" };
        return this.#draw(`[data-message="${id}"] .actions button`);
      case "report":
        void tab.acts.report(id, why);
        return this.#close(id);
      case "retry":
        return tab.outbox.retry(id);
      case "earlier":
        return tab.askEarlier();
      case "newest":
        tab.toNewest();
        return this.#draw("#chat-text");
      case "picture":
        return void tab.picture?.toggle();
      case "remove-picture":
        tab.picture?.remove();
        return this.#draw("[data-own-picture]");
      case "discard":
        return tab.outbox.discard(id);
    }
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target === this.#field) {
      if (event.key === "Escape" && (this.#tab.replyTo || this.#tab.edits)) {
        this.#tab.replyTo = this.#tab.edits = null;
        this.#tab.changed();
      }
      const isSent = event.key === "Enter" && !event.shiftKey && !event.isComposing;
      if (!isSent) return;
      event.preventDefault();
      return this.#send();
    }
    if (event.key === "Escape" && this.#tab.isChoosing && target.closest(".composer")) {
      this.#tab.isChoosing = false;
      return this.#draw(CHOOSE);
    }
    const item = target.closest<HTMLElement>("li.message");
    if (!item) return;
    const id = item.dataset["message"] ?? "";
    if (event.key === "Escape") return this.#close(id);
    if (target !== item) return;
    if (event.key === "Enter" && id !== "") {
      event.preventDefault();
      return this.#toggle(id);
    }
    const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, Home: -1e3, End: 1e3 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...document.querySelectorAll<HTMLElement>("li.message")];
    const at = Math.min(Math.max(items.indexOf(item) + step, 0), items.length - 1);
    this.#tab.current = items[at]!.dataset["key"]!.slice(2);
    this.#tab.changed();
    items[at]!.focus();
  }

  #goTo(id: string): void {
    const item = document.querySelector<HTMLElement>(`li.message[data-message="${id}"]`);
    if (!item) return this.#draw("#chat-text");
    this.#tab.current = item.dataset["key"]!.slice(2);
    this.#draw(`[data-message="${id}"]`);
  }

  #toggle(id: string): void {
    if (this.#tab.open?.id === id) return this.#close(id);
    this.#tab.open = { id, menu: "actions" };
    this.#draw(`[data-message="${id}"] .actions button`);
  }

  #close(id: string): void {
    this.#tab.open = null;
    this.#draw(id === "" ? "#chat-text" : `[data-message="${id}"]`);
  }

  #write(id: string, as: "replyTo" | "edits"): void {
    const message = this.#tab.find(id) ?? null;
    this.#tab.replyTo = this.#tab.edits = null;
    this.#tab[as] = message;
    this.#tab.open = null;
    if (as === "edits" && message && this.#field) this.#field.value = message.text;
    this.#draw("#chat-text");
  }

  /** Writes the author's name where the fan writes. */
  #call(id: string): void {
    const [message, field] = [this.#tab.find(id), this.#field];
    this.#tab.open = null;
    if (message && field) field.value = `${field.value.trimEnd()} @${message.user} `.trimStart();
    this.#draw("#chat-text");
  }

  /** The page draws in a microtask of its own; what it drew is there in the next. */
  #draw(focus: string): void {
    this.#tab.changed();
    queueMicrotask(() => document.querySelector<HTMLElement>(focus)?.focus());
  }
}
