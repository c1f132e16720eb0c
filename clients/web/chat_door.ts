/**
 * The way to a match's chat: its code is fetched when somebody opens it, so who
 * only wants the score does not pay for it.
 */
import { element } from "./dom.ts";
import type { ChatParts } from "./chat/chat_parts.ts";
import type { ChatTab } from "./chat/chat_tab.ts";

export class ChatDoor {
  readonly #parts: ChatParts;
  #tab: ChatTab | null = null;
  #isAsked = false;
  #isLeft = false;
  #hasFailed = false;

  constructor(parts: ChatParts) {
    this.#parts = parts;
  }

  view(): HTMLElement {
    if (this.#tab) return this.#tab.view();
    void this.#open();
    const text = this.#hasFailed ? "The chat could not be loaded" : "Loading the chat…";
    return element("p", { class: "empty", key: "chat-none" }, text);
  }

  matchSpoke(): void {
    this.#tab?.matchSpoke();
  }

  leave(): void {
    this.#isLeft = true;
    this.#tab?.leave();
  }

  async #open(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    const { onChange, platform } = this.#parts;
    try {
      const { ChatTab } = await import("./chat/chat_tab.ts");
      if (!this.#isLeft) this.#tab = new ChatTab(this.#parts);
    } catch {
      this.#hasFailed = true;
      platform.after(5_000, () => this.#isAsked = false);
    }
    onChange("");
  }
}
