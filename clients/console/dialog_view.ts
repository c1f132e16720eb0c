/** What the dialog shows: the list of keys, or what would be done. */
import { element } from "../web/dom.ts";
import { ACTION_KEYS, type ActionKey, OTHER_KEYS } from "./action_keys.ts";
import { button } from "./frame_view.ts";

export function keysView(): HTMLElement[] {
  const about = (wanted: ActionKey["about"], isInCase = false) =>
    ACTION_KEYS.filter((one) => one.about === wanted && (one.isInCase ?? false) === isInCase);
  return [
    element("h2", { id: "ask-title" }, "Keys"),
    ...keyList("Everywhere", OTHER_KEYS),
    ...keyList("A message", about("message")),
    ...keyList("Its author", about("user")),
    ...keyList("In a case", about("user", true)),
    ...keyList("The room", about("room")),
    element("p", { class: "actions" }, button("dismiss", { autofocus: true }, "Close")),
  ];
}

function keyList(title: string, keys: readonly { key: string; title: string }[]): HTMLElement[] {
  return [
    element("h3", {}, title),
    element(
      "dl",
      { class: "keys" },
      ...keys.flatMap(({ key, title }) => [
        element("dt", {}, element("kbd", {}, key)),
        element("dd", {}, title),
      ]),
    ),
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
