/**
 * Where a fan writes: the field with its count, what it answers or changes, and
 * why it is closed where it is.
 */
import type { ChatMessage, RoomState } from "../../../protocol/golazo_codec.ts";
import { element } from "../dom.ts";
import { fanName } from "../market_words.ts";
import { CHAT_CHARS_MAX, mayWrite, modeText } from "./chat_words.ts";
import { chat } from "./message_view.ts";

export interface ComposerLook {
  state: RoomState | null;
  replyTo: ChatMessage | null;
  edits: ChatMessage | null;
  /** Of what is written, as people count. */
  length: number;
  /** Why this fan may not write, whatever the room says; null: they may. */
  standing: string | null;
}

export function composerView({ state, replyTo, edits, length, standing }: ComposerLook) {
  const isOpen = mayWrite(state) && standing === null;
  const isTooLong = length > CHAT_CHARS_MAX;
  const about = edits ? "Change your message" : replyTo ? `Reply to ${fanName(replyTo.user)}` : "";
  const mode = state && modeText(state);
  return element(
    "form",
    { class: "composer", "data-chat-form": true, key: "composer" },
    (standing ?? mode) !== null &&
      element("p", { class: "chat-mode", "data-testid": "chat-mode" }, standing ?? mode),
    about !== "" && element(
      "p",
      { class: "about", "data-testid": "chat-about" },
      element("span", {}, about, replyTo && !edits && element("small", {}, replyTo.text)),
      chat("cancel", {}, "Cancel"),
    ),
    element(
      "div",
      { class: "write" },
      element("textarea", {
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
          type: "submit",
          class: "send",
          disabled: !isOpen || length === 0 || isTooLong,
          "data-testid": "chat-send",
        },
        edits ? "Change" : "Send",
      ),
    ),
    element(
      "small",
      { class: isTooLong ? "written too-long" : "written", id: "chat-count" },
      isTooLong ? `${length - CHAT_CHARS_MAX} too many` : `${length} of ${CHAT_CHARS_MAX}`,
    ),
  );
}
