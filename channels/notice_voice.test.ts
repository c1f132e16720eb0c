import { expect, test } from "vitest";
import { decodePublication as decodeBody } from "../protocol/golazo_codec.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { matchStage } from "./match_test_kit.ts";
import { noticeOf, NoticeVoice } from "./notice_voice.ts";
import { decodePublication } from "./publication.ts";
import { lastSaid, VolatileVoice } from "./volatile_voice.ts";

function stage() {
  const { broker, cells, clock, close } = matchStage();
  const voice = new VolatileVoice(broker, cells);
  const notices = new NoticeVoice({ voice, cells, clock, events: silentEvents });
  const kept = async (user: string) =>
    (await lastSaid(cells, `user:${user}`, ["notices"]))
      .map(({ body }) => decodeBody(body).notice!.message);
  return { broker, cells, clock, close, notices, kept };
}

test("NoticeVoice keeps the last ones, and says each once", async () => {
  const { broker, notices, kept, close } = stage();
  const heard: string[] = [];
  await broker.subscribe("user:bo", (payload) => {
    heard.push(decodeBody(decodePublication(payload).body).notice!.message);
  });
  const tell = async (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      notices.tell("bo", { kind: "mention", room: "r", message: `m${at}`, by: "ana", at });
    }
    await notices.stop();
  };
  await tell(0, 5);
  await tell(5, 5 + limits.noticesKept);
  const all = Array.from({ length: 5 + limits.noticesKept }, (_, at) => `m${at}`);
  expect(heard).toEqual(all);
  expect(await kept("bo")).toEqual(all.slice(-limits.noticesKept));
  close();
});

test("NoticeVoice tells nobody who can have no channel, and bounds how many wait", async () => {
  const { notices, kept, close } = stage();
  notices.tell("a name with blanks", { kind: "muted" });
  for (let at = 0; at < 3 * limits.noticesKept; at++) {
    notices.tell("bo", { kind: "mention", room: "r", message: `m${at}` });
  }
  await notices.stop();
  expect(await kept("bo")).toHaveLength(limits.noticesKept);
  close();
});

test("noticeOf is about one fan, and never about a call of oneself", () => {
  const called = { kind: "mentioned" as const, user: "bo", id: "1", by: "ana" };
  expect(noticeOf("r", called, 7)).toEqual({
    user: "bo",
    notice: { kind: "mention", room: "r", message: "1", by: "ana", at: 7 },
  });
  expect(noticeOf("r", { ...called, by: "bo" }, 7)).toBeNull();
  expect(noticeOf("r", { kind: "removed", id: "1" }, 7)).toBeNull();
});
