/** Which state a room is in when several would hold, and what is left when one ends. */
import { describe, expect, test } from "vitest";
import { roomMachine } from "./room_machine.ts";
import { op, pace, TestRoom } from "./room.testing.ts";

describe("the machine of a room", () => {
  test("is in the strictest state that holds, and finds back", () => {
    const room = new TestRoom();
    const states = [room.state];
    const act = (kind: Parameters<TestRoom["act"]>[0], seconds = 0) => {
      room.wish(op, room.act(kind, "", { seconds }));
      states.push(room.state);
    };
    act("slow", 10);
    act("restrict");
    act("lock");
    act("unrestrict");
    act("unlock");
    act("slow", 0);
    act("archive");
    expect(states).toEqual([
      ...["open", "slow", "reactionsOnly", "locked", "locked", "slow", "open", "archived"],
    ]);
  });

  test("is told by a goal in whatever state, and shows it once it may", () => {
    const room = new TestRoom();
    room.wish(op, room.act("lock"));
    room.hear(pace("goal", room.now));
    expect(room.state).toBe("locked");
    room.wish(op, room.act("unlock"));
    expect(room.state).toBe("slow");
  });

  test("has a word for every entry", () => {
    expect(Object.keys(roomMachine.config.on!).toSorted()).toEqual([
      "action.taken",
      "bodies.erased",
      "entry.quarantined",
      "message.held",
      "message.reported",
      "message.shadowed",
      "op.applied",
      "pace.calmed",
      "pace.slowed",
      "room.opened",
      "standings.expired",
    ]);
  });
});
