import { expect, test } from "vitest";
import { decodePublication, encodePublication } from "../../../protocol/golazo_codec.ts";
import type { NoticeInit } from "../../../protocol/golazo_codec.ts";
import type { ChannelListener } from "../../sdk/channel_book.ts";
import { ScriptedPlatform } from "../../sdk/scripted_platform.ts";
import { ChatNotices } from "./chat_notices.ts";

const NOW = 1_000_000_000;

function listening(platform = new ScriptedPlatform()) {
  let hear: ChannelListener = () => {};
  const channels: string[] = [];
  const clock = { now: NOW };
  const news: boolean[] = [];
  const notices = new ChatNotices({
    ...{ room: "x", platform, heard: (_notice, isNews) => news.push(isNews) },
    client: {
      subscribe(channel, listener) {
        channels.push(channel);
        hear = listener;
        return () => {};
      },
      serverNow: () => clock.now,
    },
  });
  notices.listen("ana");
  const told = (notice: NoticeInit) => {
    const publication = decodePublication(
      encodePublication({ notice: { room: "x", at: clock.now, ...notice } }),
    );
    hear({ kind: "publication", publication });
  };
  return { platform, notices, channels, clock, news, told };
}

test("a mute stands until it ends, or is ended", () => {
  const { notices, channels, clock, told } = listening();
  expect(channels).toEqual(["user:ana"]);
  told({ kind: "muted", reason: "cool down", until: NOW + 5_000 });
  expect(notices.standing).toMatch(/^You are muted here until .*: cool down$/);
  told({ kind: "muted", room: "other", until: NOW + 60_000 });
  clock.now += 5_000;
  expect(notices.standing).toBeNull();
  told({ kind: "banned" });
  expect(notices.standing).toBe("You are banned here");
  told({ kind: "unbanned" });
  expect(notices.standing).toBeNull();
  expect(notices.shown?.text).toBe("You can write again");
});

test("a warning stays until it is read, on this device for good", () => {
  const { platform, notices, clock, told } = listening();
  told({ kind: "warned", reason: "no swearing" });
  told({ kind: "warned", reason: "no swearing" });
  clock.now += 60_000;
  told({ kind: "mention", by: "ben", message: "m1" });
  expect(notices.shown).toMatchObject({
    text: "A moderator warns you: no swearing",
    isWarning: true,
  });
  notices.putAway();
  expect(notices.shown).toMatchObject({ text: "ben mentions you", message: "m1" });
  clock.now += 8_000;
  expect(notices.shown).toBeNull();
  // The channel tells its last notices again.
  const again = listening(platform);
  again.told({ kind: "warned", reason: "no swearing", at: NOW });
  expect(again.notices.shown).toBeNull();
  again.told({ kind: "warned", reason: "and again", at: NOW + 1 });
  expect(again.notices.shown?.text).toContain("and again");
});

test("what is of before is not news", () => {
  const { notices, news, told } = listening();
  told({ kind: "mention", by: "ben", message: "m1", at: NOW - 1 });
  told({ kind: "approved", message: "m2", at: NOW - 1 });
  expect(notices.shown).toBeNull();
  expect(news).toEqual([false, false]);
  told({ kind: "warned", reason: "long ago", at: NOW - 2 * 60 * 60_000 });
  expect(notices.shown).toBeNull();
});
