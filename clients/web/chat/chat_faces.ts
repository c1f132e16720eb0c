/**
 * The faces of a chat, and the way to the fan's own: fetched once the words are
 * there, which come first.
 *
 * The form in which one is changed is a part of its own, fetched when somebody
 * opens it.
 */
import { AvatarBook } from "../../sdk/avatar_book.ts";
import type { ChatParts } from "./chat_parts.ts";
import { faceView, hearFaces } from "./face_view.ts";
import type { OwnPicture } from "./own_picture.ts";

export class ChatFaces {
  isOpen = false;
  readonly stop: () => void;
  readonly #parts: ChatParts;
  readonly #book = new AvatarBook();
  #picture: OwnPicture | null = null;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.stop = hearFaces((user, isThere) => {
      this.#book.found(user, isThere, parts.platform.now());
      parts.onChange("");
    });
  }

  /** Questions are rationed: who stands first is asked for first. */
  ask(users: Iterable<string>): void {
    const now = this.#parts.platform.now();
    for (const user of users) this.#book.address(user, now);
  }

  view(user: string): HTMLElement {
    return faceView(user, this.#book, this.#parts.platform.now());
  }

  /** Null: closed, or not here yet. */
  ownPicture(): HTMLElement | null {
    if (!this.isOpen || !this.#picture) return null;
    const { api: { user }, platform } = this.#parts;
    const face = faceView(user, this.#book, platform.now(), 128);
    return this.#picture.view(face, this.#book.isHere(user));
  }

  async toggle(): Promise<void> {
    this.isOpen = !this.isOpen;
    const { api, platform, onChange } = this.#parts;
    if (this.isOpen && !this.#picture) {
      try {
        const { OwnPicture } = await import("./own_picture.ts");
        const changed = (isThere: boolean) => this.#book.changed(api.user, isThere, platform.now());
        this.#picture = new OwnPicture({ api, platform, changed, onChange });
      } catch {
        this.isOpen = false;
        return onChange("This could not be loaded. Try again.");
      }
    }
    onChange("");
  }

  take(file: Blob): void {
    void this.#picture?.take(file);
  }

  remove(): void {
    void this.#picture?.remove();
  }
}
