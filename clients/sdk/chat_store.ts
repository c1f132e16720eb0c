/**
 * Holds the picture of one room and says when it is another.
 */
import type { ChannelEvent } from "./channel_book.ts";
import { type ChatPicture, EMPTY_CHAT, foldChat, withSnapshot } from "./chat_picture.ts";

export class ChatStore {
  picture: ChatPicture = EMPTY_CHAT;
  /** A snapshot came. */
  isWhole = false;
  /** Set once the server has said that there is no such room, or not for this fan. */
  refusal: { code: string; reason: string } | null = null;
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
      this.refusal = null;
    } else if (event.kind === "publication") {
      this.picture = foldChat(this.picture, event.publication);
    }
    this.#onChange(event);
  };
}
