/** What a search found. */
import { element } from "../web/dom.ts";
import { clockText } from "../web/kickoff_text.ts";
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
