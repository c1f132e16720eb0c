/**
 * One message: who, when, what, what fans gave to it, and what can be done with it.
 */
import type { ChatMessage, ReactionCount } from "../../../protocol/golazo_codec.ts";
import { type Attributes, type Child, element } from "../dom.ts";
import { clockText } from "../kickoff_text.ts";
import { countText, fanName } from "../market_words.ts";
import { reactionView } from "./reaction_view.ts";
import { leftOutText, REACTIONS, reactionTitle, REPORT_REASONS } from "./chat_words.ts";
import type { ShownMessage } from "./shown_messages.ts";

export interface MessageLook {
  /** Its actions are open, or its reasons for a report. */
  menu: "closed" | "actions" | "report";
  /** What the arrow keys are at. */
  isCurrent: boolean;
  counts: readonly ReactionCount[];
  given: string | null;
  repliesTo: ChatMessage | undefined;
  mentionsMe: boolean;
  mayWrite: boolean;
  mayReact: boolean;
  /** By this device. */
  now: number;
}

const BADGES: Record<ChatMessage["badge"], string> = {
  noBadge: "",
  moderator: "Moderator",
  operator: "Golazo",
};

export function messageView(shown: ShownMessage, look: MessageLook): HTMLElement[] {
  const { key, message, isOwn, own, leftOut } = shown;
  const { id, user, at, text, badge, edited } = message;
  const classes = ["message", isOwn && "is-own", look.mentionsMe && "is-mention", own?.status];
  const item = element(
    "li",
    {
      key: `m-${key}`,
      class: classes.filter(Boolean).join(" "),
      tabindex: look.isCurrent ? 0 : -1,
      "data-message": id || null,
      "data-own": own?.clientId,
      "data-testid": "message",
    },
    element(
      "p",
      { class: "message-head" },
      element("b", {}, isOwn ? "You" : fanName(user)),
      badge !== "noBadge" && element("span", { class: "badge-word" }, BADGES[badge]),
      element("time", {}, clockText(at)),
      edited && element("span", {}, "edited"),
      look.mentionsMe && element("span", { class: "unseen" }, "mentions you"),
    ),
    message.replyTo !== "" && quoteView(look.repliesTo),
    element(
      "p",
      { class: "message-text" },
      text || (message.sticker === "" ? "Your message" : "A sticker"),
    ),
    own && ownStateView(shown, look.now),
    reactionsView(shown, look),
    (id !== "" && (!own || own.status === "sent")) && chat("menu", {
      class: "message-more",
      "aria-expanded": String(look.menu !== "closed"),
      "aria-label": `Actions on the message of ${isOwn ? "yours" : fanName(user)}`,
      tabindex: -1,
      "data-id": id,
    }, "⋯"),
    look.menu === "actions" && actionsView(shown, look),
    look.menu === "report" && reportView(id),
  );
  return leftOut === 0 ? [item] : [
    item,
    element("li", { key: `more-${id}`, class: "left-out" }, leftOutText(leftOut)),
  ];
}

function quoteView(quoted: ChatMessage | undefined): HTMLElement {
  const text = quoted ? `${fanName(quoted.user)}: ${quoted.text}` : "A message that is not here";
  return element("p", { class: "quote" }, element("span", { class: "unseen" }, "Reply to "), text);
}

/** What became of an own message that the room does not say. */
function ownStateView({ own, message }: ShownMessage, now: number): HTMLElement | null {
  const { status, reason, code, retryAt, clientId } = own!;
  const waitsFor = Math.max(1, Math.ceil(((retryAt ?? now) - now) / 1_000));
  const state = (text: string, ...more: Child[]) =>
    element("p", { class: "own-state", "data-testid": "own-state" }, text, ...more);
  switch (status) {
    case "sending":
      return state("Sending…");
    case "putOff":
      return state(`${code === "slowMode" ? "Slow mode" : "Busy"}: sent again in ${waitsFor} s`);
    case "sent":
      return null;
    case "held":
      return state("Only you see this: it waits for a moderator");
    case "rejected":
      return state(`A moderator did not let this in${reason === "" ? "" : `: ${reason}`}`);
    case "refused":
      return state(
        `Not ${message.edited ? "changed" : "sent"}: ${reason || code} `,
        chat("retry", { "data-id": clientId }, "Send again"),
        chat("discard", { "data-id": clientId }, "Remove"),
      );
  }
}

function reactionsView({ message: { id } }: ShownMessage, look: MessageLook): HTMLElement | null {
  const { counts, given } = look;
  const isMissing = given !== null && !counts.some(({ reaction }) => reaction === given);
  const all = isMissing ? [...counts, { reaction: given, fans: 1 }] : counts;
  if (all.length === 0) return null;
  return element(
    "p",
    { class: "reactions", "data-testid": "reactions" },
    ...all.map(({ reaction, fans }) => {
      return chat(
        "react",
        {
          key: `r-${reaction}`,
          "data-id": id,
          "data-reaction": reaction,
          "aria-pressed": String(given === reaction),
          "aria-label": `${reactionTitle(reaction)}: ${countText(fans)}`,
          disabled: !look.mayReact,
          tabindex: -1,
        },
        reactionView(reaction),
        countText(fans),
      );
    }),
  );
}

function actionsView({ message: { id }, isOwn }: ShownMessage, look: MessageLook): HTMLElement {
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": "Actions" },
    look.mayReact && element(
      "span",
      { class: "give" },
      ...REACTIONS.map((reaction) =>
        chat("react", {
          "data-id": id,
          "data-reaction": reaction.id,
          "aria-label": reaction.title,
          "aria-pressed": String(look.given === reaction.id),
        }, reactionView(reaction.id))
      ),
    ),
    look.mayWrite && chat("reply", { "data-id": id }, "Reply"),
    isOwn && look.mayWrite && chat("edit", { "data-id": id }, "Edit"),
    isOwn
      ? chat("delete", { "data-id": id }, "Delete")
      : chat("ask-report", { "data-id": id }, "Report"),
  );
}

function reportView(id: string): HTMLElement {
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": "Why do you report it?" },
    ...REPORT_REASONS.map(({ why, title }) =>
      chat("report", { "data-id": id, "data-why": why }, title)
    ),
  );
}

/** A button that the chat hears. */
export function chat(what: string, attributes: Attributes, ...children: Child[]): HTMLElement {
  return element("button", { type: "button", "data-chat": what, ...attributes }, ...children);
}
