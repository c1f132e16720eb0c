import { expect, test } from "vitest";
import { decodeChatMessage, encodeChatMessage } from "../../../protocol/golazo_codec.ts";
import { ChatSpeaker } from "./chat_speaker.ts";

const message = (id: string) =>
  decodeChatMessage(encodeChatMessage({ id, user: "ana", text: `text ${id}` }));

test("one message is read, a crowd is counted, a sentence every six seconds at most", () => {
  const speaker = new ChatSpeaker();
  speaker.heard(message("1"));
  expect(speaker.due(1_000)).toBe("ana: text 1");
  for (let at = 0; at < 40; at++) speaker.heard(message(String(at)));
  expect(speaker.due(6_999)).toBe("");
  expect(speaker.due(7_000)).toBe("40 new messages in the chat");
  expect(speaker.due(60_000)).toBe("");
});

test("a goal is not talked over", () => {
  const speaker = new ChatSpeaker();
  speaker.matchSpoke(1_000);
  speaker.heard(message("1"));
  speaker.heard(message("2"));
  expect(speaker.due(12_999)).toBe("");
  expect(speaker.due(13_000)).toBe("2 new messages in the chat");
});

test("what was removed before it was read is not read", () => {
  const speaker = new ChatSpeaker();
  speaker.heard(message("1"));
  expect(speaker.forget(({ id }) => id === "1")).toBe(false);
  expect(speaker.due(1_000)).toBe("");
  speaker.heard(message("2"));
  expect(speaker.due(1_000)).toBe("ana: text 2");
  expect(speaker.forget(({ id }) => id === "2")).toBe(true);
});
