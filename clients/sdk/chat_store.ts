/**
 * Holds the picture of one room and says when it is another.
 *
 * A page of the past that was asked for before the last snapshot is not taken: it
 * may hold what was removed between the two.
 */
import type { ChannelEvent } from "./channel_book.ts";
import { withPage, withPastKept, withPastLetGo } from "./chat_past.ts";
import { type ChatPicture, EMPTY_CHAT, foldChat, withSnapshot } from "./chat_picture.ts";
import type { RoomPage } from "./room_page.ts";

export class ChatStore {
  picture: ChatPicture = EMPTY_CHAT;
  /** A snapshot came. */
  isWhole = false;
  /** Set once the server has said that there is no such room, or not for this fan. */
  refusal: { code: string; reason: string } | null = null;
  #snapshots = 0;
  readonly #onChange: (event: ChannelEvent) => void;

  constructor(onChange: (event: ChannelEvent) => void) {
    this.#onChange = onChange;
  }

  /** The listener for the room's channel. */
  readonly receive = (event: ChannelEvent): void => {
    if (event.kind === "refused") this.refusal = event;
    else if (event.kind === "room") {
      this.picture = withSnapshot(this.picture, event.room);
      this.isWhole = true;
      this.#snapshots += 1;
      this.refusal = null;
    } else if (event.kind === "publication") {
      this.picture = foldChat(this.picture, event.publication);
    }
    this.#onChange(event);
  };

  /** Hands `ask` where the past begins; answers how many messages came, or null: they were not taken. */
  async prepend(ask: (before: string) => Promise<RoomPage>): Promise<number | null> {
    const { before } = this.picture;
    if (before === null) return null;
    const asked = this.#snapshots;
    this.picture = withPastKept(this.picture);
    const page = await ask(before);
    if (asked !== this.#snapshots) return null;
    this.picture = withPage(this.picture, page);
    const came = new Set(page.messages.map(({ id }) => id));
    return this.picture.messages.filter(({ id }) => came.has(id)).length;
  }

  /** The reader is back at the newest. */
  letPastGo(): void {
    this.picture = withPastLetGo(this.picture);
  }
}
