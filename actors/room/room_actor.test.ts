/** What fans may do in a room, what they are told, and when the room speaks by itself. */
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { decodeSnapshot, encodeSnapshot } from "../snapshot_codec.ts";
import { foldEntries, genesis } from "../fold.ts";
import { NO_STAMP, tick } from "./hybrid_clock.ts";
import { canonicalBytes, pinned, slotOf, visible } from "./op_set.ts";
import { saidId } from "./said_wishes.ts";
import { ana, bo, mo, NOON, op, pace, sender, TestRoom, verdict } from "./room.testing.ts";

describe("a post", () => {
  test("is published once, however often it is sent", () => {
    const room = new TestRoom();
    const post = room.postOf(ana, { clientId: "mine" });
    expect(room.code(ana, post)).toBe("accepted");
    expect(room.code(ana, post)).toBe("duplicate");
    expect(room.heard()).toEqual(["posted"]);
    // Another's wish of that name is another wish.
    expect(room.code(bo, room.postOf(bo, { clientId: "mine" }))).toBe("accepted");
  });

  test("is known again after many others", () => {
    const room = new TestRoom();
    const post = room.postOf(ana, { clientId: "mine" });
    const id = room.post(ana, post);
    for (let at = 0; at < 300; at++) room.post(bo);
    expect(room.code(ana, post)).toBe("duplicate");
    expect(saidId(room.context, post.body.key)).toBe(id);
  });

  test("does not come back after it was deleted and is sent again", () => {
    const room = new TestRoom();
    const post = room.postOf(ana, { clientId: "mine" });
    const id = room.post(ana, post);
    expect(room.code(ana, { kind: "deleteOwn", target: id })).toBe("accepted");
    expect(room.code(ana, post)).toBe("duplicate");
    expect(slotOf(room.context.set, id)).toEqual({ id, gone: true });
  });

  test("has a higher name than all before, though the clock runs back", () => {
    const room = new TestRoom();
    const first = room.post();
    room.now -= 60_000;
    expect(room.post() > first).toBe(true);
  });

  test("tells those whom it mentions, once", () => {
    const room = new TestRoom();
    const id = room.post(ana, { mentions: ["bo", "bo", "chi"] });
    expect(room.takeUpdates().filter(({ kind }) => kind === "mentioned")).toEqual([
      { kind: "mentioned", user: "bo", id, by: "ana" },
      { kind: "mentioned", user: "chi", id, by: "ana" },
    ]);
  });

  test("is refused with a word for what is wrong", () => {
    const room = new TestRoom();
    const code = (change: object) => room.code(ana, { ...room.postOf(ana), ...change });
    expect(code({ clientId: "" })).toBe("malformed");
    expect(code({ clientId: "no spaces" })).toBe("malformed");
    expect(code({ clientId: "x".repeat(65) })).toBe("malformed");
    expect(code({ body: { key: "another's", digest: "d" } })).toBe("malformed");
    expect(code({ mentions: Array(6).fill("bo") })).toBe("malformed");
    expect(code({ verdict: verdict("block") })).toBe("notAllowed");
    const nobody = sender("", "anonymous");
    expect(room.code(nobody, room.postOf(nobody))).toBe("signIn");
    expect(room.code({ ...ana, isBanned: true }, room.postOf())).toBe("banned");
    expect(new TestRoom(false).code(ana, room.postOf())).toBe("unknownRoom");
    expect(room.heard()).toEqual([]);
    expect(room.entries.length).toBe(1);
  });

  test("says nothing of the word that it was refused for", () => {
    const room = new TestRoom();
    const decision = room.wish(ana, room.postOf(ana, { verdict: verdict("block") }));
    expect(JSON.stringify(decision)).not.toContain("words");
  });

  test("that is held or shadowed is seen by nobody, and known when it is sent again", () => {
    for (const outcome of ["hold", "shadow"] as const) {
      const room = new TestRoom();
      const post = room.postOf(ana, { verdict: verdict(outcome) });
      expect(room.code(ana, post)).toBe("accepted");
      expect(room.code(ana, post)).toBe("duplicate");
      expect(room.heard()).toEqual(outcome === "hold" ? ["noticed", "queue"] : []);
      expect(room.context.set.slots).toEqual([]);
      expect(room.context.held.length).toBe(outcome === "hold" ? 1 : 0);
      expect(room.context.erasing.length).toBe(outcome === "hold" ? 0 : 1);
    }
  });

  test("is not held where too much waits already", () => {
    const room = new TestRoom();
    for (let at = 0; at < limits.roomHeldMax; at++) {
      room.post(sender(`u${at}`), { verdict: verdict("hold") });
    }
    expect(room.code(ana, room.postOf(ana, { verdict: verdict("hold") }))).toBe("queueFull");
  });
});

describe("a message", () => {
  test("is edited and deleted by its author alone", () => {
    const room = new TestRoom();
    const target = room.post(ana);
    const edit = (by = ana) => ({ ...room.postOf(by), kind: "edit" as const, target });
    expect(room.code(bo, edit(bo))).toBe("notAuthor");
    expect(room.code(mo, edit(mo))).toBe("notAuthor");
    expect(room.code(bo, { kind: "deleteOwn", target })).toBe("notAuthor");
    expect(room.code(ana, { ...edit(), verdict: verdict("hold") })).toBe("notAllowed");
    expect(room.code(ana, { ...edit(), verdict: verdict("shadow") })).toBe("accepted");
    const before = visible(room.context.set, target)!.body!.value.key;
    room.takeUpdates();
    expect(room.code(ana, edit())).toBe("accepted");
    expect(room.heard()).toEqual(["edited"]);
    expect(room.context.erasing.flatMap(({ keys }) => keys)).toEqual([before]);
    expect(room.code(ana, { kind: "deleteOwn", target })).toBe("accepted");
    expect(room.code(ana, { kind: "deleteOwn", target })).toBe("duplicate");
    expect(room.code(ana, edit())).toBe("unknownMessage");
    expect(room.heard()).toEqual(["removed"]);
  });

  test("counts each user's last reaction, and only known forms of it", () => {
    const room = new TestRoom();
    const target = room.post();
    const react = (by: typeof ana, reaction: string | null) =>
      room.code(by, { kind: "react", target, reaction });
    expect(react(ana, "goal")).toBe("accepted");
    expect(react(ana, "goal")).toBe("duplicate");
    expect(react(bo, "goal")).toBe("accepted");
    expect(react(bo, "clap")).toBe("accepted");
    expect(react(mo, null)).toBe("duplicate");
    expect(react(mo, "<b>")).toBe("malformed");
    expect(room.takeUpdates().at(-1)).toEqual({
      ...{ kind: "reactions", id: target, counts: { clap: 1, goal: 1 } },
    });
    for (let at = 0; at < limits.messageReactorsMax - 2; at++) react(sender(`u${at}`), "goal");
    expect(react(sender("late"), "goal")).toBe("reactionsFull");
    expect(react(bo, "goal")).toBe("accepted");
  });

  test("is reported by others, once each", () => {
    const room = new TestRoom();
    const target = room.post(ana);
    const report = (by = bo, why = "abuse") =>
      room.code(by, { kind: "report", target, why: why as "abuse" });
    expect(report(ana)).toBe("ownCase");
    expect(report(bo, "boring")).toBe("malformed");
    expect(report()).toBe("accepted");
    expect(report()).toBe("duplicate");
    expect(room.context.reports).toMatchObject([{ message: target, author: "ana" }]);
    room.wish(ana, { kind: "deleteOwn", target });
    expect(room.context.reports).toEqual([]);
  });

  test("that left the room's memory is too old for fans, and can still be deleted", () => {
    const room = new TestRoom();
    const target = room.post(ana);
    for (let at = 0; at < limits.roomMessagesMax; at++) room.post(bo);
    expect(slotOf(room.context.set, target)).toBe(undefined);
    expect(room.code(bo, { kind: "react", target, reaction: "goal" })).toBe("tooOld");
    room.takeUpdates();
    expect(room.code(mo, room.act("delete", target))).toBe("accepted");
    expect(room.heard()).toEqual(["removed"]);
    expect(room.context.erasing).toMatchObject([{ messages: [target] }]);
    expect(room.code(mo, room.act("delete", target))).toBe("duplicate");
  });
});

describe("slow mode", () => {
  test("lets each fan speak once in its time, and moderators always", () => {
    const room = new TestRoom();
    room.wish(mo, room.act("slow", "", { seconds: 10 }));
    expect(room.state).toBe("slow");
    room.post(ana);
    room.now += 9_999;
    expect(room.code(ana, room.postOf(ana))).toBe("slowMode");
    expect(room.code(bo, room.postOf(bo))).toBe("accepted");
    room.post(mo);
    room.post(mo);
    room.now += 1;
    expect(room.code(ana, room.postOf(ana))).toBe("accepted");
  });

  test("begins at a goal that its owner's predecessor did not tell it, once", () => {
    const room = new TestRoom();
    expect(room.hear(pace("goal", room.now, 4)).outcome).toBe("accepted");
    room.pass(limits.paceGoalMs);
    expect(room.hear(pace("goal", room.now, 4, true)).outcome).toBe("duplicate");
    expect(room.hear(pace("goal", room.now, 7, true)).outcome).toBe("accepted");
    expect(room.state).toBe("slow");
  });

  test("begins by itself at a goal and ends by itself", () => {
    const room = new TestRoom();
    expect(room.hear(pace("goal", room.now)).outcome).toBe("accepted");
    expect(room.hear(pace("goal", room.now)).outcome).toBe("duplicate");
    expect(room.state).toBe("slow");
    room.post(ana);
    expect(room.code(ana, room.postOf(ana))).toBe("slowMode");
    expect(room.definition.nextDeadline(room.folded.snapshot)).toBe(NOON + limits.paceGoalMs);
    room.pass(limits.paceGoalMs);
    expect(room.state).toBe("open");
    expect(room.heard()).toEqual(["mode", "posted", "mode"]);
  });

  test("by itself leaves a moderator's as it was", () => {
    const room = new TestRoom();
    room.wish(mo, room.act("slow", "", { seconds: 30 }));
    room.hear(pace("redCard", room.now));
    room.pass(limits.paceGoalMs);
    expect(room.state).toBe("slow");
    expect(room.context.mode).toMatchObject({ slowSeconds: 30, calmAt: null });
  });

  test("of a goal that is long over is none", () => {
    const room = new TestRoom();
    const at = room.now - limits.paceGoalMs;
    expect(room.hear(pace("goal", at)).outcome).toBe("duplicate");
  });
});

describe("an op of another region", () => {
  const delivered = (ms: number) => {
    const stamp = tick(NO_STAMP, NOON + ms, "eu");
    const body = { key: "k", digest: "d" };
    const made = { kind: "post" as const, stamp, by: "zoe", body };
    return { kind: "foreign" as const, op: { ...made, replyTo: null, mentions: [], badge: null } };
  };

  test("is taken once, and not from further ahead than clocks may differ", () => {
    const room = new TestRoom();
    expect(room.hear(delivered(60_001))).toMatchObject({ outcome: "rejected", code: "fromFuture" });
    expect(room.hear(delivered(60_000)).outcome).toBe("accepted");
    expect(room.hear(delivered(60_000)).outcome).toBe("duplicate");
    expect(room.heard()).toEqual(["posted"]);
  });

  test("that speaks of what is to come is refused", () => {
    const { op } = delivered(0);
    const room = new TestRoom();
    const backwards = { kind: "delete" as const, stamp: op.stamp, by: "zoe", target: op.stamp };
    expect(room.hear({ kind: "foreign", op: backwards })).toMatchObject({ code: "malformed" });
  });
});

describe("a room", () => {
  /** A little of everything. */
  function lively(): TestRoom {
    const room = new TestRoom();
    const first = room.post(ana, { mentions: ["bo"] });
    const second = room.post(bo, { replyTo: first });
    room.wish(bo, { kind: "react", target: first, reaction: "goal" });
    room.post(sender("cy"), { verdict: verdict("hold") });
    room.wish(ana, { kind: "report", target: second, why: "spam" });
    room.wish(mo, room.act("pin", first));
    room.wish(mo, room.act("mute", "bo", { until: room.now + 1_000 }));
    room.pass(1_000);
    room.wish(mo, room.act("purge", "bo", { confirm: true }));
    room.hear(pace("goal", room.now));
    room.wish(op, room.act("lock"));
    return room;
  }

  test("is opened once", () => {
    const facts = { title: "Another", matchId: null, owner: null };
    expect(lively().hear({ kind: "open", room: facts }).outcome).toBe("duplicate");
  });

  test("comes back from any snapshot as it was", () => {
    const room = lively();
    const { definition } = room;
    for (let cut = 0; cut <= room.entries.length; cut++) {
      const before = foldEntries(
        definition,
        genesis(definition, "room-1"),
        room.entries.slice(0, cut),
      );
      const decoded = decodeSnapshot(definition, encodeSnapshot(definition, before.folded, 1));
      if (decoded.outcome !== "restored") throw new Error(decoded.reason);
      const { folded } = foldEntries(definition, decoded.folded, room.entries.slice(cut));
      expect(folded.snapshot.context).toEqual(room.context);
      expect(folded.snapshot.value).toEqual(room.folded.snapshot.value);
      expect(folded.offset).toBe(room.folded.offset);
    }
  });

  test("has a context that is JSON", () => {
    const { context } = lively();
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
  });

  test("gives up tombstones after a day, and a late word changes nothing then", () => {
    const room = new TestRoom();
    const id = room.post(ana);
    room.wish(mo, room.act("pin", id));
    room.wish(ana, { kind: "deleteOwn", target: id });
    expect(pinned(room.context.set)).toEqual([]);
    room.pass(limits.roomTombstoneMsMax + 1);
    expect(room.context.set).toMatchObject({ slots: [], deleted: [], pins: {} });
    expect(room.definition.nextDeadline(room.folded.snapshot)).toBe(null);
    const bytes = canonicalBytes(room.context.set);
    const late = { kind: "edit" as const, by: "ana", target: id, mentions: [] };
    const stamp = tick(room.context.stamp, room.now, "eu");
    const body = { key: "k", digest: "d" };
    const answer = room.hear({ kind: "foreign", op: { ...late, stamp, body } });
    expect(answer.outcome).toBe("duplicate");
    expect(canonicalBytes(room.context.set)).toEqual(bytes);
  });

  test("gives up the older half of its tombstones when there are too many", () => {
    const room = new TestRoom();
    const { context } = room;
    const ids = Array.from(
      { length: limits.roomTombstonesMax + 1 },
      (_, at) => tick(NO_STAMP, NOON - 20_000 + at, "n1"),
    );
    context.set = { ...context.set, deleted: ids };
    room.pass(0);
    expect(room.context.set.deleted.length).toBe(limits.roomTombstonesMax / 2);
  });
});
