import { expect, test } from "vitest";
import { decodeChatMessage, encodeChatMessage } from "../../../protocol/golazo_codec.ts";
import type { OwnMessage } from "../../sdk/chat_outbox.ts";
import { EMPTY_CHAT } from "../../sdk/chat_picture.ts";
import { modeText, saidText, slowWaitMs } from "./chat_words.ts";
import { lastSaidAt, shownMessages } from "./shown_messages.ts";

const message = (id: string, more: object = {}) =>
  decodeChatMessage(encodeChatMessage({ id, user: "ben", text: id, at: 1_000, ...more }));
const own = (more: Partial<OwnMessage>): OwnMessage => ({
  ...{ clientId: "c1", text: "mine", sticker: "", replyTo: "", edits: "", at: 5_000, made: "" },
  ...{ status: "sending", code: "", reason: "", retryAt: null },
  ...more,
});
const SLOW = { mode: "slow", slowMs: 30_000, reason: "", pinned: [], name: "" };

test("an own sticker is shown at once, at the end", () => {
  const picture = { ...EMPTY_CHAT, messages: [message("m1")] };
  const shown = shownMessages(picture, [own({ text: "", sticker: "goal" })], new Set(), "ana");
  expect(shown.map(({ message }) => saidText(message))).toEqual(["m1", "Sticker: Goal"]);
  expect(shown[1]).toMatchObject({ isOwn: true, own: { status: "sending" } });
});

test("slow mode counts from what the fan wrote last, by the server's clock", () => {
  const picture = { ...EMPTY_CHAT, messages: [message("m1", { user: "ana" }), message("m2")] };
  const at = (one: OwnMessage[]) => lastSaidAt(shownMessages(picture, one, new Set(), "ana"), 500);
  expect(at([])).toBe(1_000);
  expect(at([own({ status: "putOff" })])).toBe(1_000);
  expect(at([own({ status: "sent", made: "m3" })])).toBe(5_500);
  // A new text is no new message.
  expect(at([own({ status: "sent", edits: "m1", made: "m1" })])).toBe(1_000);
  expect(slowWaitMs(SLOW, 5_500, 25_500)).toBe(10_000);
  expect(slowWaitMs({ ...SLOW, mode: "open" }, 5_500, 25_500)).toBe(0);
  expect(modeText(SLOW, 10_000))
    .toBe("Slow mode: one message every 30 s. You can write again in 10 s");
  expect(modeText(SLOW, 0)).toBe("Slow mode: one message every 30 s");
});
