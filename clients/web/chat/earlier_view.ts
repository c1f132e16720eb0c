/** The top of the list: the way to what was said before, or that there is nothing. */
import { element } from "../dom.ts";
import { chat } from "./chat_button.ts";
import { BEGINNING, type EarlierState } from "./earlier_messages.ts";

export function earlierView(
  look: { state: EarlierState; isAtBeginning: boolean },
): HTMLElement {
  const { state, isAtBeginning } = look;
  return element(
    "li",
    { key: "earlier-", class: "earlier", "data-testid": "earlier" },
    isAtBeginning ? BEGINNING : state === "failed" && "Earlier messages could not be loaded",
    !isAtBeginning && chat("earlier", {
      "data-testid": "earlier-button",
      key: "earlier",
      "aria-disabled": state === "asking" ? "true" : null,
    }, WORDS[state]),
  );
}

const WORDS: Record<EarlierState, string> = {
  rest: "Earlier messages",
  asking: "Loading…",
  failed: "Try again",
};
