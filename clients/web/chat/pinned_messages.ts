/**
 * Pinned messages that were said before what this page was told: asked for by
 * HTTP, one by one, once each. What is removed meanwhile goes from here too.
 */
import type { ChatMessage } from "../../../protocol/golazo_codec.ts";
import type { ClientPlatform } from "../../sdk/client_platform.ts";
import { after, roomPage } from "../../sdk/room_page.ts";

export class PinnedMessages {
  readonly #room: string;
  readonly #platform: ClientPlatform;
  readonly #changed: () => void;
  /** Null: asked for, or not to be had. */
  readonly #found = new Map<string, ChatMessage | null>();

  constructor(room: string, platform: ClientPlatform, changed: () => void) {
    this.#room = room;
    this.#platform = platform;
    this.#changed = changed;
  }

  /** In their order, those that are here. */
  shown(
    ids: readonly string[],
    find: (id: string) => ChatMessage | undefined,
  ): ChatMessage[] {
    return ids.flatMap((id) => find(id) ?? this.#known(id) ?? []);
  }

  forget(isGone: (message: ChatMessage) => boolean): void {
    for (const [id, message] of this.#found) {
      if (message && isGone(message)) this.#found.set(id, null);
    }
  }

  #known(id: string): ChatMessage | null {
    const found = this.#found.get(id);
    if (found !== undefined) return found;
    this.#found.set(id, null);
    void this.#ask(id);
    return null;
  }

  async #ask(id: string): Promise<void> {
    // Two owners of a room may have given a number each in one millisecond.
    const ask = { before: after(id), limit: 2, token: "" };
    const page = await roomPage(this.#platform, this.#room, ask).catch(() => null);
    const message = page?.messages.find((one) => one.id === id);
    if (!message) return;
    this.#found.set(id, message);
    this.#changed();
  }
}
