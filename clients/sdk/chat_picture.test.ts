import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePublication, encodePublication } from "../../protocol/golazo_codec.ts";
import type { PublicationInit, RoomSnapshot } from "../../protocol/golazo_codec.ts";
import { EMPTY_CHAT, foldChat, isRemoved, withSnapshot } from "./chat_picture.ts";
import { clientLimits } from "./client_limits.ts";

const publication = (init: PublicationInit) => decodePublication(encodePublication(init));
const post = (id: string, offset: number, user = "ana", text = id) =>
  publication({ offset, chat: { id, user, text } });
const removal = (message: string, offset: number) => publication({ offset, removal: { message } });
const purge = (user: string, upTo: string, offset: number) =>
  publication({ offset, removal: { user, upTo } });
const fold = (...all: ReturnType<typeof publication>[]) => all.reduce(foldChat, EMPTY_CHAT);
const ids = (picture: ReturnType<typeof fold>) => picture.messages.map(({ id }) => id);
const snapshot = (change: Partial<RoomSnapshot>): RoomSnapshot => ({ messages: [], ...change });

describe("foldChat", () => {
  test("keeps messages in their order, whole and once", () => {
    const picture = fold(post("m2", 2), post("m1", 1), post("m2", 3, "ana", "edited"));
    expect(picture.messages.map(({ id, text }) => [id, text])).toEqual([
      ["m1", "m1"],
      ["m2", "edited"],
    ]);
  });

  test("a removal wins whatever the order, also over an edit that comes late", () => {
    expect(ids(fold(removal("m1", 3), post("m1", 1), post("m1", 2)))).toEqual([]);
    expect(ids(fold(post("m1", 1), removal("m1", 3), post("m1", 0)))).toEqual([]);
  });

  test("what a moderator let in again is said later than its removal, and stands", () => {
    expect(ids(fold(post("m1", 1), removal("m1", 2), post("m1", 3)))).toEqual(["m1"]);
  });

  test("a purge removes all of a user up to there, and nothing after", () => {
    const said = [post("m1", 1), post("m2", 2, "ben"), post("m3", 3), purge("ana", "m3", 4)];
    expect(ids(fold(...said, post("m4", 5), post("m1", 6)))).toEqual(["m2", "m4"]);
    expect(isRemoved(fold(...said), { id: "m1", user: "ana" })).toBe(true);
  });

  test("any order of the same publications shows the same messages", () => {
    const all = [
      ...[post("m1", 1), post("m2", 2, "ben"), post("m3", 3), post("m2", 4, "ben", "edited")],
      ...[removal("m3", 5), purge("ben", "m2", 6), post("m4", 7, "ben")],
    ];
    fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (some) => {
      expect(ids(fold(...some, ...some))).toEqual(["m1", "m4"]);
    }));
  });

  test("remembers the last 200 messages and what belongs to them", () => {
    const { chatMessagesMax } = clientLimits;
    const name = (at: number) => `m${String(at).padStart(4, "0")}`;
    const said = Array.from({ length: chatMessagesMax + 5 }, (_, at) => post(name(at), at + 1));
    const tallies = [{ message: name(0), top: [{ reaction: "fire", fans: 2 }] }];
    const picture = [publication({ reactions: { tallies } }), ...said].reduce(foldChat, EMPTY_CHAT);
    expect(picture.messages).toHaveLength(chatMessagesMax);
    expect(picture.messages[0]?.id).toBe(name(5));
    expect(picture.reactions.size).toBe(0);
  });

  test("counts what was left out where it was left out", () => {
    const more = (count: number) => publication({ more: { more: count } });
    const picture = fold(post("m1", 1), more(7), more(5), post("m2", 2), more(1));
    expect([...picture.leftOut]).toEqual([["m1", 12], ["m2", 1]]);
  });
});

test("a snapshot replaces all but what was removed", () => {
  const before = fold(post("m1", 1), removal("m1", 2), purge("ben", "m9", 3));
  const [m2, m3] = [post("m2", 1).chat!, post("m3", 1, "ben").chat!];
  const picture = withSnapshot(before, snapshot({ messages: [m2, m3] }));
  expect(ids(picture)).toEqual(["m2"]);
  expect(ids(foldChat(picture, post("m1", 1)))).toEqual(["m2"]);
});
