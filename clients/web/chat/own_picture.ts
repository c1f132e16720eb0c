/**
 * The fan's own picture: choosing one, taking it away, and why it was not taken.
 *
 * Fetched when somebody opens it. A phone's photo is far larger than the server
 * takes, and says where it was made: what goes out is a small square drawn anew.
 * What this browser cannot draw goes out as it is, and the server says what is
 * wrong with it.
 */
import type { ClientPlatform, FanApi } from "../../sdk/mod.ts";
import { setOwnAvatar } from "../../sdk/own_avatar.ts";
import { Refusal } from "../../sdk/refusal.ts";
import { element } from "../dom.ts";
import { pictureRefusalText } from "./picture_refusals.ts";

/** Twice what the server keeps. */
const SIDE_PX = 256;
/** The server takes no more. */
const BYTES_MAX = 1024 * 1024;

export interface OwnPictureParts {
  api: FanApi;
  platform: ClientPlatform;
  /** The fan has one now, or none any more. */
  changed(isThere: boolean): void;
  onChange(sentence: string): void;
}

export class OwnPicture {
  readonly #parts: OwnPictureParts;
  #isBusy = false;
  #text = "";

  constructor(parts: OwnPictureParts) {
    this.#parts = parts;
  }

  view(face: HTMLElement, hasOne: boolean): HTMLElement {
    const idle = "Everybody sees it beside what you write";
    return element(
      "div",
      {
        class: "own-picture",
        key: "own-picture",
        id: "chat-own-picture",
        role: "group",
        "aria-label": "Your picture",
        "data-testid": "own-picture",
      },
      face,
      element("p", { "data-testid": "own-picture-text" }, this.#text || idle),
      element(
        "div",
        {},
        element(
          "label",
          { class: "pick-file" },
          hasOne ? "Choose another" : "Choose a picture",
          element("input", {
            type: "file",
            accept: "image/*",
            class: "unseen",
            disabled: this.#isBusy,
            "data-own-picture": true,
            "data-testid": "own-picture-file",
          }),
        ),
        hasOne && element("button", {
          type: "button",
          disabled: this.#isBusy,
          "data-chat": "remove-picture",
        }, "Remove"),
      ),
    );
  }

  async take(file: Blob): Promise<void> {
    await this.#set("Sending it…", "Everybody sees your new picture now.", async () => {
      const small = await smallPicture(file).catch(() => file);
      if (small.size > BYTES_MAX) throw new Refusal("bodyTooLarge", "");
      return new Uint8Array(await small.arrayBuffer());
    });
  }

  async remove(): Promise<void> {
    await this.#set("Removing it…", "Your picture is gone.", () => Promise.resolve(null));
  }

  async #set(
    meanwhile: string,
    done: string,
    read: () => Promise<Uint8Array | null>,
  ): Promise<void> {
    if (this.#isBusy) return;
    const { api, platform, changed } = this.#parts;
    this.#isBusy = true;
    this.#say(meanwhile);
    try {
      const file = await read();
      await setOwnAvatar(platform, api, file);
      changed(file !== null);
      this.#text = done;
    } catch (thrown) {
      this.#text = pictureRefusalText(thrown);
    }
    this.#isBusy = false;
    this.#say(this.#text);
  }

  #say(text: string): void {
    this.#text = text;
    this.#parts.onChange(text);
  }
}

/** The middle of it, upright. @throws where this browser cannot draw it. */
async function smallPicture(file: Blob): Promise<Blob> {
  const drawn = await createImageBitmap(file);
  const side = Math.min(drawn.width, drawn.height);
  const [x, y] = [(drawn.width - side) / 2, (drawn.height - side) / 2];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE_PX;
  canvas.getContext("2d")!.drawImage(drawn, x, y, side, side, 0, 0, SIDE_PX, SIDE_PX);
  drawn.close();
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!made) throw new Error("Cannot draw the picture");
  return made;
}
