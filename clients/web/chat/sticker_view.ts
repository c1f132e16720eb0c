/**
 * Stickers: one that was sent, and the panel to choose from.
 *
 * The pack is loaded when the panel is opened or a message has one, and not
 * before. What cannot be drawn is named, so a server without images, or a
 * sticker that it does not have any more, still says what somebody meant.
 */
import { element } from "../dom.ts";
import { hasSprites, spriteIds, sticker } from "../sprites.ts";
import { chat } from "./chat_button.ts";
import { stickerTitle } from "./chat_words.ts";

export function hasStickers(): boolean {
  return hasSprites("stickers");
}

export function sentStickerView(id: string): HTMLElement {
  const drawn = sticker(id);
  const named = () =>
    element(
      "span",
      { class: "sticker-name" },
      element("span", { class: "unseen" }, "Sticker: "),
      stickerTitle(id),
    );
  return element("p", { class: "sent-sticker", "data-testid": "sticker" }, drawn ?? named());
}

export function stickerPanelView(): HTMLElement {
  const ids = spriteIds("stickers");
  return element(
    "div",
    {
      class: "sticker-panel",
      key: "stickers",
      id: "chat-stickers",
      role: "group",
      "aria-label": "Stickers",
      "data-testid": "sticker-panel",
    },
    ids.length === 0 && element("p", { class: "empty" }, "Loading the stickers…"),
    ...ids.map((id) =>
      chat("sticker", {
        key: `s-${id}`,
        "data-id": id,
        "aria-label": stickerTitle(id),
        title: stickerTitle(id),
      }, sticker(id) ?? stickerTitle(id))
    ),
  );
}
