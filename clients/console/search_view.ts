/**
 * What a search found, and the list of keys.
 */
import { element } from "../web/dom.ts";
import { clockText } from "../web/kickoff_text.ts";
import { ACTION_KEYS, OTHER_KEYS } from "./action_keys.ts";
import { button } from "./frame_view.ts";
import type { Findings } from "./mod_api.ts";

export function searchView(found: Findings | null, text: string): HTMLElement {
  return element(
    "section",
    { class: "panel", key: `search-${text}` },
    element("a", { class: "back", href: "#/" }, "All rooms"),
    element("h1", { class: "title", tabindex: -1 }, `Found for ${text}`),
    !found && element("p", { class: "empty" }, "Searching…"),
    found && element("h2", {}, "Users"),
    found && element(
      "ul",
      { class: "rows", "data-testid": "found-users" },
      ...found.users.map(({ user, messages }) =>
        element(
          "li",
          { key: `user-${user}`, class: "row" },
          element("a", { href: `#/user/${encodeURIComponent(user)}` }, element("b", {}, user)),
          ` ${messages} ${messages === 1 ? "message" : "messages"}`,
        )
      ),
      found.users.length === 0 && element("li", { class: "empty" }, "Nobody"),
    ),
    found && element("h2", {}, "Messages"),
    found && element(
      "ul",
      { class: "rows" },
      ...found.messages.map(({ room, id, user, text, at }) =>
        element(
          "li",
          { key: `found-${room}-${id}`, class: "row" },
          element(
            "p",
            { class: "item-head" },
            element("b", {}, user),
            element("time", {}, clockText(at)),
            element("a", { href: `#/room/${room}` }, room),
          ),
          element("p", { class: "item-text" }, text),
        )
      ),
      found.messages.length === 0 && element("li", { class: "empty" }, "Nothing"),
    ),
  );
}

export function keysView(): HTMLElement[] {
  const all = [...ACTION_KEYS, ...OTHER_KEYS];
  return [
    element("h2", { id: "ask-title" }, "Keys"),
    element(
      "dl",
      { class: "keys" },
      ...all.flatMap(({ key, title }) => [
        element("dt", {}, element("kbd", {}, key)),
        element("dd", {}, title),
      ]),
    ),
    element("p", { class: "actions" }, button("dismiss", { autofocus: true }, "Close")),
  ];
}

/** Asks once more, with what it would do. */
export function confirmView(title: string, what: string): HTMLElement[] {
  return [
    element("h2", { id: "ask-title" }, `${title}?`),
    element("p", { "data-testid": "confirm-text" }, what),
    element(
      "p",
      { class: "actions" },
      button("dismiss", { autofocus: true }, "Cancel"),
      button("confirm", { class: "danger", "data-testid": "confirm" }, title),
    ),
  ];
}
