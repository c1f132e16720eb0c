import { expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { MessageTally } from "./encode_room.ts";
import { RoomReactions } from "./room_reactions.ts";

test("RoomReactions tells once a second, the last counts of each message and the room's most given", async () => {
  const clock = new SimulatedClock();
  const told: MessageTally[][] = [];
  const reactions = new RoomReactions(clock, (tallies) => void told.push(tallies));
  reactions.changed("m1", { goal: 1 });
  for (let at = 0; at < 100; at++) reactions.cheer([{ reaction: `r${at % 7}`, count: at % 7 + 1 }]);
  reactions.changed("m1", { goal: 2, laugh: 1 });
  expect(told).toEqual([]);
  await clock.advance(limits.roomReactionsMs);
  expect(told.length).toBe(1);
  const [ofRoom, ofMessage] = told[0]!;
  expect(ofRoom!.top.map(({ reaction }) => reaction)).toEqual(["r6", "r5", "r4", "r3", "r2"]);
  expect(ofMessage).toEqual({
    message: "m1",
    top: [{ reaction: "goal", count: 2 }, { reaction: "laugh", count: 1 }],
  });
  await clock.advance(10 * limits.roomReactionsMs);
  expect(told.length).toBe(1);
});
