/**
 * The chat as it is seen: what is pinned, the list, what concerns this fan, and
 * where they write and cheer.
 */
import type { ChatMessage, ReactionCount } from "../../../protocol/golazo_codec.ts";
import { element } from "../dom.ts";
import { fanName } from "../market_words.ts";
import { type CheerLook, cheerView } from "./cheer_view.ts";
import { chat } from "./chat_button.ts";
import type { ShownNotice } from "./chat_notices.ts";
import { leftOutText, saidText } from "./chat_words.ts";
import { earlierView } from "./earlier_view.ts";
import { type ComposerLook, composerView } from "./composer_view.ts";
import { type MessageLook, messageView } from "./message_view.ts";
import type { ShownMessage } from "./shown_messages.ts";

export interface ChatLook {
  pinned: readonly ChatMessage[];
  shown: readonly ShownMessage[];
  /** So many were left out before all that is shown. */
  leftOut: number;
  /** The message whose actions are open. */
  open: { id: string; menu: "actions" | "report" } | null;
  /** The key of the message that the arrows are at. */
  current: string;
  countsOf(message: string): readonly ReactionCount[];
  givenTo(message: string): string | null;
  find(message: string): ChatMessage | undefined;
  me: string;
  mayWrite: boolean;
  mayReact: boolean;
  notice: ShownNotice | null;
  cheers: CheerLook;
  earlier: Parameters<typeof earlierView>[0];
  /** The reader is somewhere in what was said long ago. */
  isPast: boolean;
  face(user: string): HTMLElement;
  /** Where the fan changes their own picture; null: closed. */
  ownPicture: HTMLElement | null;
  composer: ComposerLook;
}

export function chatView(look: ChatLook): HTMLElement {
  const { pinned, shown, leftOut, notice, earlier } = look;
  const isCurrentKnown = shown.some(({ key }) => key === look.current);
  return element(
    "div",
    { class: "chat", key: "chat", "data-testid": "chat" },
    pinnedView(pinned),
    element(
      "div",
      { class: "chat-place", key: "place" },
      element(
        "div",
        {
          class: "chat-scroll",
          key: "list",
          role: "log",
          "aria-live": "off",
          "aria-label": "Chat",
        },
        element(
          "ol",
          { "data-testid": "chat-list" },
          shown.length + leftOut > 0 && earlierView(earlier),
          leftOut > 0 && element("li", { key: "more-", class: "left-out" }, leftOutText(leftOut)),
          ...shown.flatMap((one) => messageView(one, lookOf(one, look, isCurrentKnown))),
          shown.length === 0 && element("li", { class: "empty" }, "Nobody has said anything yet"),
        ),
      ),
      look.isPast && chat("newest", { class: "newest", key: "newest" }, "To the newest ↓"),
    ),
    notice && noticeView(notice),
    composerView(look.composer),
    look.ownPicture,
    look.mayReact && cheerView(look.cheers),
  );
}

function lookOf(one: ShownMessage, look: ChatLook, isCurrentKnown: boolean): MessageLook {
  const { shown, open, current, me, mayWrite, mayReact, face } = look;
  const { message: { id, replyTo }, own } = one;
  const isLast = one === shown[shown.length - 1];
  return {
    menu: id !== "" && open?.id === id ? open.menu : "closed",
    isCurrent: isCurrentKnown ? current === one.key : isLast,
    counts: own && own.edits === "" ? [] : look.countsOf(id),
    given: look.givenTo(id),
    repliesTo: replyTo === "" ? undefined : look.find(replyTo),
    ...{ me, mayWrite, mayReact, face, now: look.cheers.now },
  };
}

/** The newest; more are counted. */
function pinnedView(pinned: readonly ChatMessage[]): HTMLElement | null {
  const last = pinned[pinned.length - 1];
  if (!last) return null;
  const others = pinned.length - 1;
  return element(
    "div",
    { class: "pinned", "data-testid": "pinned", key: "pinned" },
    element("b", {}, `Pinned · ${fanName(last.user)}`),
    element("p", {}, saidText(last)),
    others > 0 && element(
      "details",
      {},
      element("summary", {}, `${others} more pinned`),
      ...pinned.slice(0, -1).reverse().map((one) =>
        element("p", { key: `pin-${one.id}` }, `${fanName(one.user)}: ${saidText(one)}`)
      ),
    ),
  );
}

function noticeView({ text, isWarning, message }: ShownNotice): HTMLElement {
  return element(
    "p",
    {
      class: isWarning ? "chat-notice is-warning" : "chat-notice",
      key: "notice",
      "data-testid": "chat-notice",
    },
    element("span", {}, text),
    message !== "" && chat("show", { "data-id": message }, "Show"),
    isWarning
      ? chat("put-away", {}, "I have read it")
      : chat("put-away", { "aria-label": "Put this notice away" }, "✕"),
  );
}
