/** Pages of a conversation: what is gone is a tombstone, on whichever page. */
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { olderSet, pageOf } from "./room_history.ts";
import { ana, bo, mo, sender, TestRoom, verdict } from "./room.testing.ts";

const ids = (page: ReturnType<typeof pageOf>) => page.items.map(({ id }) => id);

describe("pageOf", () => {
  test("goes back page by page to the beginning, each message once", () => {
    const room = new TestRoom();
    const posted = Array.from({ length: 25 }, () => room.post());
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page = pageOf(room.context.set, before, 10);
      seen.unshift(...ids(page));
      before = page.before;
    } while (before !== null);
    expect(seen).toEqual(posted);
  });

  test("shows a tombstone for what is gone and nothing for what is held", () => {
    const room = new TestRoom();
    const [gone, held, edited] = [room.post(ana), room.post(bo), room.post(ana)];
    room.wish(ana, { kind: "deleteOwn", target: gone });
    room.wish(mo, room.act("hold", held));
    room.post(sender("cy"), { verdict: verdict("hold") });
    room.wish(ana, { ...room.postOf(ana), kind: "edit", target: edited });
    room.wish(bo, { kind: "react", target: edited, reaction: "goal" });
    expect(pageOf(room.context.set, null, 10).items).toMatchObject([
      { id: gone, gone: true },
      { id: edited, by: "ana", edited: true, reactions: { goal: 1 } },
    ]);
    expect(Object.keys(pageOf(room.context.set, null, 10).items[0]!)).toEqual(["id", "gone"]);
  });

  test("is bounded whatever is asked for", () => {
    const room = new TestRoom();
    for (let at = 0; at < limits.roomPageMax + 5; at++) room.post();
    expect(pageOf(room.context.set, null, 1e9).items.length).toBe(limits.roomPageMax);
  });
});

describe("olderSet", () => {
  test("knows of removals that came after, though the messages have left memory", () => {
    const room = new TestRoom();
    const [first, second, third] = [room.post(ana), room.post(bo), room.post(sender("cy"))];
    const ops = room.entries.flatMap(({ body }) => body.type === "op.applied" ? [body.op] : []);
    for (let at = 0; at < limits.roomMessagesMax; at++) room.post(mo);
    room.wish(mo, room.act("delete", first));
    room.wish(mo, room.act("purge", "bo", { confirm: true }));
    expect(ids(pageOf(room.context.set, third, 10))).toEqual([]);
    expect(pageOf(olderSet(ops, room.context.set), null, 10).items).toMatchObject([
      { id: first, gone: true },
      { id: second, gone: true },
      { id: third, by: "cy" },
    ]);
  });
});
