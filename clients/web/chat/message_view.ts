/**
 * One message: who, when, what, what fans gave to it, and what can be done with it.
 */
import type { ChatMessage, ReactionCount } from "../../../protocol/golazo_codec.ts";
import { type Child, element } from "../dom.ts";
import { clockText } from "../kickoff_text.ts";
import { countText, fanName } from "../market_words.ts";
import { chat } from "./chat_button.ts";
import { leftOutText, reactionTitle, saidText } from "./chat_words.ts";
import { messageActionsView, reportView } from "./message_actions_view.ts";
import { ownStateView } from "./own_state_view.ts";
import { reactionView } from "./reaction_view.ts";
import type { ShownMessage } from "./shown_messages.ts";
import { sentStickerView } from "./sticker_view.ts";

export interface MessageLook {
  /** Its actions are open, or its reasons for a report. */
  menu: "closed" | "actions" | "report";
  /** What the arrow keys are at. */
  isCurrent: boolean;
  counts: readonly ReactionCount[];
  given: string | null;
  repliesTo: ChatMessage | undefined;
  /** This fan's own name in the room; empty: nobody has signed in. */
  me: string;
  mayWrite: boolean;
  mayReact: boolean;
  face(user: string): HTMLElement;
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
  const { id, user, at, badge, edited } = message;
  const mentionsMe = !isOwn && message.mentions.includes(look.me);
  const classes = ["message", isOwn && "is-own", mentionsMe && "is-mention", own?.status];
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
    look.face(user),
    element(
      "p",
      { class: "message-head" },
      element("b", {}, isOwn ? "You" : fanName(user)),
      badge !== "noBadge" && element("span", { class: "badge-word" }, BADGES[badge]),
      element("time", {}, clockText(at)),
      edited && element("span", {}, "edited"),
      mentionsMe && element("span", { class: "mentions-me" }, "mentions you"),
    ),
    message.replyTo !== "" && quoteView(look.repliesTo),
    message.sticker !== "" && sentStickerView(message.sticker),
    (message.text !== "" || message.sticker === "") &&
      element("p", { class: "message-text" }, ...wordsView(shown, look.me)),
    ownStateView(shown, look.now),
    reactionsView(shown, look),
    (id !== "" && (!own || own.status === "sent")) && chat("menu", {
      class: "message-more",
      "aria-expanded": String(look.menu !== "closed"),
      "aria-label": `Actions on the message of ${isOwn ? "yours" : fanName(user)}`,
      tabindex: -1,
      "data-id": id,
    }, "⋯"),
    look.menu === "actions" && messageActionsView(shown, look),
    look.menu === "report" && reportView(id),
  );
  return leftOut === 0 ? [item] : [
    item,
    element("li", { key: `more-${id}`, class: "left-out" }, leftOutText(leftOut)),
  ];
}

/** Whom it calls stands out, under the name that a reader knows. */
function wordsView({ message }: ShownMessage, me: string): Child[] {
  const { mentions } = message;
  if (mentions.length === 0) return [saidText(message)];
  return message.text.split(/(@[\w-]+)/).map((part) => {
    const user = part.slice(1);
    if (!part.startsWith("@") || !mentions.includes(user)) return part;
    return element("b", { class: "call" }, user === me ? "@you" : `@${fanName(user)}`);
  });
}

function quoteView(quoted: ChatMessage | undefined): HTMLElement {
  const text = quoted
    ? `${fanName(quoted.user)}: ${saidText(quoted)}`
    : "A message that is not here";
  return element("p", { class: "quote" }, element("span", { class: "unseen" }, "Reply to "), text);
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
