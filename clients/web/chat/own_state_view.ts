/** What became of an own message that the room does not say. */
import { refusalWords } from "../../sdk/chat_refusals.ts";
import { type Child, element } from "../dom.ts";
import { chat } from "./chat_button.ts";
import { putOffText } from "./chat_words.ts";
import type { ShownMessage } from "./shown_messages.ts";

/** Null: nothing that its author does not see. `now` by this device. */
export function ownStateView({ own, message }: ShownMessage, now: number): HTMLElement | null {
  if (own === null) return null;
  const { status, reason, code, retryAt, clientId } = own;
  const waitsFor = Math.max(1, Math.ceil(((retryAt ?? now) - now) / 1_000));
  const state = (text: string, ...more: Child[]) =>
    element("p", { class: "own-state", "data-testid": "own-state" }, text, ...more);
  switch (status) {
    case "sending":
      return state("Sending…");
    case "putOff":
      return state(`${putOffText(code)}: sent again in ${waitsFor} s`);
    case "sent":
      return null;
    case "held":
      return state("Only you see this: it waits for a moderator");
    case "rejected":
      return state(
        `A moderator did not let this in${reason === "" ? "" : `: ${reason}`} `,
        chat("discard", { "data-id": clientId }, "Remove"),
      );
    case "refused":
      return state(
        `Not ${message.edited ? "changed" : "sent"}: ${refusalWords({ code, reason })} `,
        chat("retry", { "data-id": clientId }, "Send again"),
        chat("discard", { "data-id": clientId }, "Remove"),
      );
  }
}
