import { expect, test } from "vitest";
import type { MatchView } from "../actors/match/match_view.ts";
import type { OwnerCommand } from "../actors/room/room_delivery.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { momentsBetween, RoomMatches, type RoomMatchesOptions } from "./room_matches.ts";

const view = (seq: number, timeline: object[] = [], review: object | null = null) =>
  ({ id: "m", seq, timeline, review, home: { name: "A" }, away: { name: "B" } }) as MatchView;
const goal = { id: 1, kind: "goal", status: "standing", method: "open", card: null };

test("momentsBetween: a goal, its annulment, a red card and both ends of a review slow a room", () => {
  const red = { id: 2, kind: "card", status: "standing", method: null, card: "red" };
  const yellow = { ...red, card: "yellow" };
  const review = { reason: "goal", since: 1 };
  expect(momentsBetween(view(1), view(2, [goal]))).toEqual(["goal"]);
  expect(momentsBetween(view(1, [goal]), view(2, [{ ...goal, status: "annulled" }])))
    .toEqual(["goal"]);
  expect(momentsBetween(view(1), view(2, [red]))).toEqual(["redCard"]);
  expect(momentsBetween(view(1), view(2, [yellow]))).toEqual([]);
  expect(momentsBetween(view(1), view(2, [], review))).toEqual(["reviewOpened"]);
  expect(momentsBetween(view(1, [], review), view(2))).toEqual(["reviewClosed"]);
});

test("RoomMatches opens the rooms of its own matches once, and slows them at each change", async () => {
  let seen = view(1);
  const told: [string, OwnerCommand["kind"]][] = [];
  const matches = new RoomMatches({
    rooms: {
      tell: (room: string, { kind }: OwnerCommand) => Promise.resolve(told.push([room, kind]) > 0),
    },
    reader: { read: () => Promise.resolve({ view: seen }) },
    clock: new SimulatedClock(),
    events: silentEvents,
    isOwned: (matchId: string) => matchId === "m",
  } as unknown as RoomMatchesOptions);
  await matches.look("another's");
  await matches.look("m");
  await matches.look("m");
  seen = view(2, [goal]);
  await Promise.all([matches.look("m"), matches.look("m")]);
  expect(told).toEqual([["m", "open"], ["m", "pace"]]);
});
