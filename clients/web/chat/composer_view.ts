/**
 * Where a fan writes: the field with its count, stickers, what it answers or
 * changes, and why it is closed where it is.
 */
import type { ChatMessage, RoomState } from "../../../protocol/golazo_codec.ts";
import { drawing, element } from "../dom.ts";
import { fanName } from "../market_words.ts";
import { chat } from "./chat_button.ts";
import { CHAT_CHARS_MAX, mayWrite, modeText, saidText } from "./chat_words.ts";
import { hasStickers, stickerPanelView } from "./sticker_view.ts";

export interface ComposerLook {
  state: RoomState | null;
  /** Of slow mode, until this fan may write again. */
  waitMs: number;
  replyTo: ChatMessage | null;
  edits: ChatMessage | null;
  /** Of what is written, as people count. */
  length: number;
  /** Why this fan may not write, whatever the room says; null: they may. */
  standing: string | null;
  /** The panel of stickers is open. */
  isChoosing: boolean;
  /** The fan's own picture, small; null: not here yet. */
  ownFace: HTMLElement | null;
  /** It is being changed. */
  isPictureOpen: boolean;
}

export function composerView(look: ComposerLook): HTMLElement {
  const { state, waitMs, replyTo, edits, length, standing } = look;
  const isOpen = mayWrite(state) && standing === null;
  const isTooLong = length > CHAT_CHARS_MAX;
  const why = standing ?? (state && modeText(state, waitMs));
  const isChoosing = look.isChoosing && isOpen && edits === null;
  return element(
    "form",
    { class: "composer", "data-chat-form": true, key: "composer" },
    why !== null && element("p", { class: "chat-mode", "data-testid": "chat-mode" }, why),
    aboutView(replyTo, edits),
    isChoosing && stickerPanelView(),
    element(
      "div",
      { class: "write", key: "write" },
      isOpen && hasStickers() && chat("stickers", {
        key: "stickers",
        class: "choose",
        "aria-label": "Stickers",
        "aria-expanded": String(isChoosing),
        "aria-controls": isChoosing ? "chat-stickers" : null,
        disabled: edits !== null,
        "data-testid": "stickers",
      }, stickerIcon()),
      element("textarea", {
        key: "text",
        id: "chat-text",
        rows: 1,
        "aria-label": "Your message",
        "aria-describedby": "chat-count",
        placeholder: isOpen ? "Say something" : "Writing is closed",
        disabled: !isOpen,
        enterkeyhint: "send",
        "data-testid": "chat-text",
      }),
      element(
        "button",
        {
          key: "send",
          type: "submit",
          class: "send",
          disabled: !isOpen || length === 0 || isTooLong,
          "data-testid": "chat-send",
        },
        edits ? "Change" : "Send",
      ),
    ),
    element(
      "div",
      { class: "below", key: "below" },
      element(
        "small",
        { class: isTooLong ? "written too-long" : "written", id: "chat-count" },
        isTooLong ? `${length - CHAT_CHARS_MAX} too many` : `${length} of ${CHAT_CHARS_MAX}`,
      ),
      look.ownFace && chat(
        "picture",
        {
          class: "to-picture",
          "aria-expanded": String(look.isPictureOpen),
          "aria-controls": look.isPictureOpen ? "chat-own-picture" : null,
          "data-testid": "to-picture",
        },
        look.ownFace,
        "Your picture",
      ),
    ),
  );
}

function aboutView(replyTo: ChatMessage | null, edits: ChatMessage | null): HTMLElement | null {
  if (!replyTo && !edits) return null;
  const about = edits ? "Change your message" : `Reply to ${fanName(replyTo!.user)}`;
  return element(
    "p",
    { class: "about", "data-testid": "chat-about" },
    element("span", {}, about, replyTo && !edits && element("small", {}, saidText(replyTo))),
    chat("cancel", {}, "Cancel"),
  );
}

/** A leaf with a turned corner and a face on it. */
function stickerIcon(): SVGElement {
  const path = "M20 13V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7ZM20 13h-5a2 2 0 0 0-2" +
    " 2v5M9 9v.6M15 9v.6M8.5 12.5c1 1.2 2 1.8 3.5 1.8";
  return drawing(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    drawing("path", { d: path }),
  );
}
