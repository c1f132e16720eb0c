/**
 * What frames every view of the console: where one is, who one is, the search,
 * and how to get in.
 */
import { element } from "../web/dom.ts";
import type { ActionKey } from "./action_keys.ts";

export interface FrameLook {
  user: string;
  isLive: boolean;
  /** What goes wrong just now; empty: nothing. */
  trouble: string;
  /** What was done last, and how to take it back. */
  done: string;
  mayUndo: boolean;
}

export function frameView({ user, isLive, trouble, done, mayUndo }: FrameLook): HTMLElement[] {
  return [
    element(
      "header",
      { class: "top" },
      element(
        "a",
        { class: "wordmark", href: "#/", "aria-label": "Golazo console, rooms" },
        "Golazo",
      ),
      element("span", { class: "place" }, "Console"),
      element(
        "form",
        { class: "search", role: "search", "data-form": "search" },
        element("input", {
          id: "search",
          type: "search",
          "aria-label": "Search a user or a message",
          placeholder: "Search /",
          autocomplete: "off",
        }),
      ),
      element(
        "span",
        { class: isLive ? "connection live" : "connection stale", "data-testid": "connection" },
        isLive ? "Live" : "Offline",
      ),
      button("keys", { "aria-label": "Keys", "aria-keyshortcuts": "?" }, "?"),
      button("sign-out", { title: user, "aria-label": `Sign out ${user}` }, "Sign out"),
    ),
    trouble !== "" &&
    element("p", { class: "banner stale", key: "trouble", "data-testid": "trouble" }, trouble),
    done !== "" && element(
      "p",
      { class: "banner done", key: "done", "data-testid": "done" },
      element("span", {}, done),
      mayUndo && button("undo", { "aria-keyshortcuts": "u" }, "Undo ", keyView("u")),
    ),
  ].filter((view) => view !== false);
}

export function signInView(refusal: string): HTMLElement {
  return element(
    "section",
    { class: "panel sign-in", key: "sign-in" },
    element("h1", { tabindex: -1 }, "Moderate Golazo"),
    element(
      "form",
      { "data-form": "sign-in" },
      element("label", { for: "token" }, "Token of a moderator or an operator"),
      element("input", {
        id: "token",
        type: "password",
        autocomplete: "off",
        required: true,
        "aria-describedby": "token-help",
        "data-testid": "token",
      }),
      refusal !== "" &&
        element("p", { class: "refusal", role: "alert", "data-testid": "refusal" }, refusal),
      element("button", { type: "submit", class: "strong" }, "Sign in"),
    ),
    element(
      "p",
      { id: "token-help", class: "help" },
      "It stays in this tab and goes when the tab is closed. With a development server, ",
      element("code", {}, "npx -y deno task token mod moderator"),
      " prints one.",
    ),
  );
}

export function button(
  what: string,
  attributes: Record<string, string | number | boolean | null> = {},
  ...children: (Node | string)[]
): HTMLElement {
  return element("button", { type: "button", "data-do": what, ...attributes }, ...children);
}

export function keyView(key: string): HTMLElement {
  return element("kbd", { "aria-hidden": "true" }, key);
}

export function actionButton({ key, action, title }: ActionKey): HTMLElement {
  return button(
    "act",
    {
      "data-key": `act-${key}`,
      "data-press": key,
      "data-testid": `act-${action}`,
      "aria-keyshortcuts": key,
    },
    `${title} `,
    keyView(key),
  );
}

/** What is said to whom an action is about, and kept in the log. */
export function reasonField(): HTMLElement {
  return element(
    "label",
    { class: "reason" },
    "Reason",
    element("input", { id: "reason", autocomplete: "off" }),
  );
}

export function moreButton(title: string): HTMLElement {
  return element(
    "p",
    { class: "actions", key: "more" },
    button("more", { "data-testid": "more", "aria-keyshortcuts": "n" }, `${title} `, keyView("n")),
  );
}
