/** Moderators' actions straight into the room, as if no gateway had checked anything. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { verifyChain } from "../moderation/audit_chain.ts";
import { isAbout } from "../moderation/moderation_action.ts";
import {
  type ChatRole,
  FAN_ACTIONS,
  type ModerationKind,
  ROLES,
  ROOM_STATES,
  type RoomState,
} from "../moderation/permission_rules.ts";
import { pinned, visible } from "./op_set.ts";
import { ana, bo, mo, olga, op, sender, TestRoom, verdict } from "./room.testing.ts";
import type { FanCommand } from "./room_delivery.ts";

const rows = readFileSync(
  new URL("../moderation/permission_table.csv", import.meta.url),
  "utf8",
).trim().split("\n").slice(1).map((line) => line.split(","));

/** Someone of each role, under one name but for those whom the room knows by it. */
const PEOPLE = {
  anonymous: sender("", "anonymous"),
  fan: sender("fay"),
  roomModerator: sender("rui"),
  roomOwner: olga,
  moderator: mo,
  operator: op,
} satisfies Record<ChatRole, unknown>;

/** A room in that state where each action has something to act on. */
function roomIn(state: RoomState) {
  const room = new TestRoom();
  room.wish(op, room.act("appoint", "rui"));
  room.wish(op, room.act("appoint", "tess"));
  const by = Object.values(PEOPLE).filter(({ role }) => role !== "anonymous");
  const own = new Map(by.map((from) => [from.user, room.post(from)]));
  const others = room.post(sender("zed"));
  const waiting = room.post(sender("zed"), { verdict: verdict("hold") });
  return { room, own, others, waiting, state };
}

/** Puts the room into its state, by whoever may and stands lowest: nobody's word is above. */
function enter({ room, state }: ReturnType<typeof roomIn>): void {
  const kind =
    ({ slow: "slow", reactionsOnly: "restrict", locked: "lock", archived: "archive" } as Partial<
      Record<RoomState, ModerationKind>
    >)[state];
  const by = kind === "archive" ? olga : sender("tess");
  if (kind !== undefined) room.wish(by, room.act(kind, "", { seconds: 1 }));
  expect(room.state).toBe(state);
  room.now += 2_000;
}

function commandFor(
  stage: ReturnType<typeof roomIn>,
  action: string,
  role: ChatRole,
): FanCommand {
  const { room, own, others, waiting } = stage;
  const from = PEOPLE[role];
  const target = own.get(from.user) ?? others;
  if ((FAN_ACTIONS as readonly string[]).includes(action)) {
    switch (action) {
      case "post":
        return room.postOf(from);
      case "edit":
        return { ...room.postOf(from), kind: "edit", target };
      case "deleteOwn":
        return { kind: "deleteOwn", target };
      case "react":
        return { kind: "react", target: others, reaction: "goal" };
      default:
        return { kind: "report", target: others, why: "spam" };
    }
  }
  const kind = action as ModerationKind;
  const about = isAbout(kind);
  const message = kind === "approve" || kind === "reject" ? waiting : others;
  const subject = about === "room" ? "" : about === "message" ? message : "zed";
  const more = { until: kind === "mute" ? room.now + 60_000 : 0, seconds: 7, confirm: true };
  return room.act(kind, subject, more);
}

describe("every cell of the permission table", () => {
  test("holds in the room itself", () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const roomState of ROOM_STATES) {
      const stage = roomIn(roomState);
      enter(stage);
      const { room } = stage;
      const { folded } = room;
      for (const [action, state, ...needed] of rows) {
        if (state !== roomState) continue;
        for (const [at, role] of ROLES.entries()) {
          room.folded = folded;
          const found = room.code(PEOPLE[role], commandFor(stage, action!, role));
          // Allowed is what is not refused for who asks or where: there may be nothing to change.
          const isFine = ["accepted", "duplicate", "wrongOwner"].includes(found);
          const answer = isFine ? "allowed" : found;
          if (answer !== needed[at]) {
            wrong.push(`${role} ${action} ${state}: needed ${needed[at]}, found ${found}`);
          }
          cells++;
        }
      }
    }
    expect(wrong).toEqual([]);
    console.log(`${cells} cells were asked of a room.`);
    expect(cells).toBe(870);
  });
});

describe("a moderator", () => {
  const stage = () => {
    const room = new TestRoom();
    room.wish(olga, room.act("appoint", "rui"));
    return room;
  };
  const rui = sender("rui");
  const until = { until: Date.UTC(2030, 0) };

  test("acts on nobody of the same rank or above, nor in their own case", () => {
    const room = stage();
    room.wish(olga, room.act("appoint", "tess"));
    expect(room.code(rui, room.act("ban", "tess"))).toBe("superior");
    expect(room.code(rui, room.act("mute", "olga", until))).toBe("superior");
    expect(room.code(rui, room.act("delete", room.post(op)))).toBe("superior");
    const onOperator = { ...room.act("ban", "oz"), targetRole: "operator" } as FanCommand;
    expect(room.code(mo, onOperator)).toBe("superior");
    expect(room.code(rui, room.act("ban", "rui"))).toBe("ownCase");
    const forgotten = room.post(op);
    for (let at = 0; at < limits.roomMessagesMax; at++) room.post(ana);
    const old = { ...room.act("delete", forgotten), targetRole: "operator" } as FanCommand;
    expect(room.code(rui, old)).toBe("superior");
    expect(room.code(rui, room.act("delete", room.post(rui)))).toBe("accepted");
  });

  test("who is banned does nothing more, and lifts no ban of their own", () => {
    const room = stage();
    expect(room.code(olga, room.act("ban", "rui"))).toBe("accepted");
    expect(room.code(rui, room.act("unban", "rui"))).toBe("banned");
    expect(room.code(rui, room.act("ban", "zed"))).toBe("banned");
    expect(room.code(rui, room.undo(2))).toBe("banned");
  });

  test("does not overrule who stands above, by undo or otherwise", () => {
    const room = stage();
    room.wish(op, room.act("ban", "zed"));
    expect(room.code(rui, room.act("unban", "zed"))).toBe("superior");
    expect(room.code(rui, room.undo(2))).toBe("superior");
    expect(room.code(op, room.undo(2))).toBe("accepted");
  });

  test("is asked once more before a purge", () => {
    const room = stage();
    expect(room.code(mo, room.act("purge", "zed"))).toBe("confirmNeeded");
  });

  test("cannot be forged by the words of a wish", () => {
    const room = stage();
    const forged = { ...room.act("ban", "zed"), actor: { user: "op", role: "operator" } };
    expect(room.code(ana, forged as FanCommand)).toBe("forbidden");
    expect(room.code(mo, room.act("crown" as ModerationKind, "zed"))).toBe("malformed");
    expect(room.context.chain.count).toBe(1);
  });

  test("warns once, however often the wish is sent", () => {
    const room = stage();
    const warn = room.act("warn", "zed");
    expect(room.code(rui, warn)).toBe("accepted");
    expect(room.code(rui, warn)).toBe("duplicate");
    expect(room.context.standings.warnings).toEqual({ zed: 1 });
  });
});

describe("a mute and a ban", () => {
  test("are in force with the next wish and end by themselves", () => {
    const room = new TestRoom();
    const target = room.post(ana);
    room.wish(mo, room.act("mute", "bo", { until: room.now + 10_000 }));
    expect(room.code(bo, room.postOf(bo))).toBe("muted");
    expect(room.code(bo, { kind: "react", target, reaction: "goal" })).toBe("muted");
    room.wish(mo, room.act("ban", "ana", { until: room.now + 20_000 }));
    expect(room.code(ana, { kind: "deleteOwn", target })).toBe("banned");
    room.takeUpdates();
    room.pass(10_000);
    room.pass(10_000);
    expect(room.takeUpdates()).toEqual([
      { kind: "standing", user: "bo", mutedUntil: null, bannedUntil: null },
      { kind: "standing", user: "ana", mutedUntil: null, bannedUntil: null },
    ]);
    expect(room.code(bo, room.postOf(bo))).toBe("accepted");
    expect(room.definition.nextDeadline(room.folded.snapshot)).toBe(null);
  });

  test("of users with names that objects know", () => {
    const room = new TestRoom();
    for (const user of ["constructor", "__proto__", "toString"]) {
      const from = sender(user);
      const id = room.post(from);
      expect(visible(room.context.set, id)).toMatchObject({ by: user });
      expect(room.code(mo, room.act("ban", user))).toBe("accepted");
      expect(room.code(from, room.postOf(from))).toBe("banned");
      expect(room.code(mo, room.act("unban", user))).toBe("accepted");
      room.post(from);
      expect(room.code(mo, room.act("purge", user, { confirm: true }))).toBe("accepted");
    }
    expect(room.context.set.slots.every((slot) => "gone" in slot)).toBe(true);
  });
});

describe("a held message", () => {
  test("is published when it is approved, and held again by undo", () => {
    const room = new TestRoom();
    const held = room.post(ana, { verdict: verdict("hold") });
    room.takeUpdates();
    expect(room.code(mo, room.act("approve", held))).toBe("accepted");
    expect(room.heard()).toEqual(["posted", "noticed", "queue"]);
    const id = room.context.actions.at(-1)!.after as string;
    expect(visible(room.context.set, id)).toMatchObject({ by: "ana" });
    expect(room.code(mo, room.undo(1))).toBe("accepted");
    expect(room.heard()).toEqual(["removed", "noticed", "queue"]);
    expect(room.context.held).toMatchObject([{ id, status: "waiting", wasPublished: true }]);
    expect(room.code(mo, room.undo(1))).toBe("duplicate");
    expect(room.code(mo, room.act("approve", id))).toBe("accepted");
    expect(room.heard()).toEqual(["posted", "noticed", "queue"]);
    expect(visible(room.context.set, id)).toMatchObject({ by: "ana" });
  });

  test("that was rejected waits again by undo; the oldest of many is given up with its body", () => {
    const room = new TestRoom();
    const first = room.post(ana, { verdict: verdict("hold") });
    room.wish(mo, room.act("reject", first));
    expect(room.code(mo, room.undo(1))).toBe("accepted");
    expect(room.context.held).toMatchObject([{ id: first, status: "waiting" }]);
    room.wish(mo, room.act("reject", first));
    const { body } = room.context.held[0]!;
    for (let at = 0; at < limits.roomRejectedMax; at++) {
      room.wish(mo, room.act("reject", room.post(ana, { verdict: verdict("hold") })));
    }
    expect(room.context.held.length).toBe(limits.roomRejectedMax);
    expect(room.context.erasing).toMatchObject([{ keys: [body.key] }]);
  });

  test("is nobody's to approve who wrote it", () => {
    const room = new TestRoom();
    const held = room.post(mo, { verdict: verdict("hold") });
    expect(room.code(mo, room.act("approve", held))).toBe("ownCase");
  });
});

describe("a reported message", () => {
  test("leaves the queue when it is approved, and comes back before moderators by undo", () => {
    const room = new TestRoom();
    const target = room.post(ana);
    room.wish(bo, { kind: "report", target, why: "spam" });
    room.takeUpdates();
    expect(room.code(mo, room.act("approve", target))).toBe("accepted");
    expect(room.heard()).toEqual(["queue"]);
    expect(room.context.reports).toEqual([]);
    expect(room.code(mo, room.act("approve", target))).toBe("duplicate");
    expect(room.code(mo, room.undo(1))).toBe("accepted");
    expect(room.context.held).toMatchObject([{ id: target, status: "waiting" }]);
  });
});

describe("a purge", () => {
  test("takes what was said so far, held messages too, and asks for what is older", () => {
    const room = new TestRoom();
    const said = room.post(ana);
    room.post(ana, { verdict: verdict("hold") });
    room.wish(bo, { kind: "report", target: said, why: "hate" });
    const { stamp } = room.context;
    expect(room.code(mo, room.act("purge", "ana", { confirm: true }))).toBe("accepted");
    expect(room.context).toMatchObject({ held: [], reports: [] });
    expect(room.context.erasing).toMatchObject([{ purge: { user: "ana", upTo: stamp } }]);
    expect(room.context.erasing[0]!.keys.length).toBe(2);
    const next = room.post(ana);
    expect(visible(room.context.set, next)).not.toBe(null);
  });
});

describe("undo", () => {
  test("brings back what was before, for all that can be undone", () => {
    const until = Date.UTC(2030, 0);
    const kinds: [ModerationKind, string, object][] = [
      ["mute", "bo", { until }],
      ["ban", "bo", {}],
      ["warn", "bo", {}],
      ["slow", "", { seconds: 20 }],
      ["lock", "", {}],
      ["restrict", "", {}],
      ["appoint", "bo", {}],
    ];
    for (const [kind, target, more] of kinds) {
      const room = new TestRoom();
      const { mode, standings } = room.context;
      expect(room.code(op, room.act(kind, target, more))).toBe("accepted");
      expect({ ...room.context.mode, ...room.context.standings }).not.toEqual({
        ...mode,
        ...standings,
      });
      expect(room.code(op, room.undo(1))).toBe("accepted");
      expect(room.context).toMatchObject({ mode, standings });
      expect(room.state).toBe("open");
      // And the way back has its own.
      expect(room.code(op, room.undo(2))).toBe("accepted");
    }
  });

  test("unpins what was pinned, and knows that it was done", () => {
    const room = new TestRoom();
    const id = room.post();
    room.wish(mo, room.act("pin", id));
    expect(pinned(room.context.set)).toEqual([id]);
    expect(room.code(mo, room.undo(1))).toBe("accepted");
    expect(pinned(room.context.set)).toEqual([]);
    expect(room.code(mo, room.undo(1))).toBe("duplicate");
  });

  test("is refused for what removes, what is not remembered, and what changed since", () => {
    const room = new TestRoom();
    room.wish(mo, room.act("delete", room.post()));
    expect(room.code(mo, room.undo(1))).toBe("final");
    expect(room.code(mo, room.undo(99))).toBe("tooOld");
    room.wish(mo, room.act("slow", "", { seconds: 10 }));
    room.wish(mo, room.act("slow", "", { seconds: 20 }));
    expect(room.code(mo, room.undo(2))).toBe("changedSince");
  });
});

describe("the audit chain of a room", () => {
  test("has a row for each action and each undo, and is whole", () => {
    const room = new TestRoom();
    room.wish(mo, room.act("ban", "zed"));
    room.wish(mo, room.undo(1));
    room.wish(ana, room.act("ban", "zed"));
    room.wish(op, room.act("delete", room.post(ana)));
    const rows = room.entries.flatMap(({ body }) => body.type === "action.taken" ? [body.row] : []);
    expect(rows.map(({ kind, undoes }) => [kind, undoes])).toEqual([
      ["ban", null],
      ["unban", 1],
      ["delete", null],
    ]);
    expect(verifyChain("room room-1", rows, room.context.chain).outcome).toBe("whole");
    expect(rows[0]).toMatchObject({
      actor: { user: "mo", role: "moderator" },
      before: null,
      after: 0,
    });
  });
});
