/** What can be done with a message, and why it is reported. */
import { element } from "../dom.ts";
import { chat } from "./chat_button.ts";
import { REACTIONS, REPORT_REASONS } from "./chat_words.ts";
import { reactionView } from "./reaction_view.ts";
import type { ShownMessage } from "./shown_messages.ts";

export interface ActionsLook {
  given: string | null;
  mayWrite: boolean;
  mayReact: boolean;
}

export function messageActionsView(
  { message: { id, text }, isOwn }: ShownMessage,
  { given, mayWrite, mayReact }: ActionsLook,
): HTMLElement {
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": "Actions" },
    mayReact && element(
      "span",
      { class: "give" },
      ...REACTIONS.map((reaction) =>
        chat("react", {
          "data-id": id,
          "data-reaction": reaction.id,
          "aria-label": reaction.title,
          "aria-pressed": String(given === reaction.id),
        }, reactionView(reaction.id))
      ),
    ),
    mayWrite && chat("reply", { "data-id": id }, "Reply"),
    !isOwn && mayWrite && chat("mention", { "data-id": id }, "Mention"),
    isOwn && mayWrite && text !== "" && chat("edit", { "data-id": id }, "Edit"),
    isOwn
      ? chat("delete", { "data-id": id }, "Delete")
      : chat("ask-report", { "data-id": id }, "Report"),
  );
}

export function reportView(id: string): HTMLElement {
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": "Why do you report it?" },
    element("span", { class: "ask" }, "Why do you report it?"),
    ...REPORT_REASONS.map(({ why, title }) =>
      chat("report", { "data-id": id, "data-why": why }, title)
    ),
  );
}
