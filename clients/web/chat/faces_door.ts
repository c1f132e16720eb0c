/** The way to the chat's faces (chat_faces.ts): until they are here their place is kept. */
import { element } from "../dom.ts";
import type { ChatFaces } from "./chat_faces.ts";
import type { ChatParts } from "./chat_parts.ts";

export class FacesDoor {
  /** Null: not here yet. */
  faces: ChatFaces | null = null;
  #isLeft = false;

  constructor(parts: ChatParts) {
    // Without them a chat is a chat.
    void import("./chat_later.ts").then(({ ChatFaces }) => {
      if (this.#isLeft) return;
      this.faces = new ChatFaces(parts);
      parts.onChange("");
    }).catch(() => {});
  }

  view(user: string): HTMLElement {
    return this.faces?.view(user) ?? element("span", { class: "face" });
  }

  leave(): void {
    this.#isLeft = true;
    this.faces?.stop();
  }
}
