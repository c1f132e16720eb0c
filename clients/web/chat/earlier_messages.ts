/**
 * Fetches what was said before, when the reader asks for it.
 *
 * One page at a time. What failed is asked again by the reader alone: a list that
 * asks by itself while it fails would never stop.
 */
import type { ChatStore } from "../../sdk/chat_store.ts";
import { clientLimits } from "../../sdk/client_limits.ts";
import { Refusal } from "../../sdk/refusal.ts";
import { roomPage } from "../../sdk/room_page.ts";
import { countText } from "../market_words.ts";
import type { ChatParts } from "./chat_parts.ts";

export type EarlierState = "rest" | "asking" | "failed";

export const BEGINNING = "The chat begins here";

export class EarlierMessages {
  state: EarlierState = "rest";
  readonly #parts: ChatParts;
  readonly #store: ChatStore;

  constructor(parts: ChatParts, store: ChatStore) {
    this.#parts = parts;
    this.#store = store;
  }

  get isAtBeginning(): boolean {
    return this.#store.picture.before === null;
  }

  async ask(): Promise<void> {
    if (this.state === "asking" || this.isAtBeginning) return;
    this.#became("asking", "");
    try {
      const came = await this.#pages();
      const said = came === 0
        ? ""
        : `${countText(came)} earlier ${came === 1 ? "message" : "messages"}. `;
      this.#became("rest", said + (this.isAtBeginning ? BEGINNING : ""));
    } catch {
      this.#became("failed", "Earlier messages could not be loaded.");
    }
  }

  /** A page may hold nothing that is still there. */
  async #pages(): Promise<number> {
    for (let page = 0; page < clientLimits.chatEmptyPagesMax; page++) {
      const came = await this.#store.prepend((before) => this.#page(before));
      if (came !== 0) return came ?? 0;
    }
    return 0;
  }

  async #page(before: string) {
    const { room, platform, api } = this.#parts;
    const ask = (token: string) =>
      roomPage(platform, room, { before, limit: clientLimits.chatPageMax, token });
    if (api.user === "") return ask("");
    try {
      return await ask(await api.signedIn());
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.code !== "signIn") throw thrown;
      return ask(await api.renewed());
    }
  }

  #became(state: EarlierState, sentence: string): void {
    this.state = state;
    this.#parts.onChange(sentence);
  }
}
