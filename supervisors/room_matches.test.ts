import { expect, test } from "vitest";
import type { MatchView } from "../actors/match/match_view.ts";
import type { OwnerCommand } from "../actors/room/room_delivery.ts";
import { pause, systemClock } from "../runtime/clock.ts";
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

test("RoomMatches slows a room that could not be opened when its match had a goal", async () => {
  let seen = view(1);
  let isAway = true;
  const told: OwnerCommand["kind"][] = [];
  const matches = new RoomMatches({
    rooms: {
      tell: (_: string, { kind }: OwnerCommand) =>
        isAway ? Promise.reject(new Error("away")) : Promise.resolve(told.push(kind) > 0),
    },
    reader: { read: () => Promise.resolve({ view: seen }) },
    clock: new SimulatedClock(),
    events: silentEvents,
    isOwned: () => true,
  } as unknown as RoomMatchesOptions);
  await matches.look("m");
  seen = view(2, [goal]);
  isAway = false;
  await matches.look("m");
  await matches.look("m");
  expect(told).toEqual(["open", "pace"]);
});

test("RoomMatches slows the room of a match that it heard of before it was listed", async () => {
  let seen = view(1);
  const told: OwnerCommand["kind"][] = [];
  const listing = Promise.withResolvers<string[]>();
  const matches = new RoomMatches({
    rooms: { tell: (_: string, { kind }: OwnerCommand) => Promise.resolve(told.push(kind) > 0) },
    reader: { read: () => Promise.resolve({ view: seen }) },
    directory: { ids: () => listing.promise },
    signal: { hear: () => Promise.resolve(() => {}) },
    clock: new SimulatedClock(),
    events: silentEvents,
    isOwned: () => true,
  } as unknown as RoomMatchesOptions);
  await matches.start();
  await matches.look("m");
  listing.resolve([]);
  await pause(systemClock, 0);
  seen = view(2, [goal]);
  await matches.look("m");
  matches.stop();
  expect(told).toEqual(["open", "pace"]);
});

test("RoomMatches tells a new owner's room of the last moment, which may have heard of it", async () => {
  const told: OwnerCommand[] = [];
  const matches = new RoomMatches({
    rooms: { tell: (_: string, command: OwnerCommand) => Promise.resolve(told.push(command) > 0) },
    reader: { read: () => Promise.resolve({ view: view(9, [goal, { ...goal, id: 7 }]) }) },
    clock: new SimulatedClock(),
    events: silentEvents,
    isOwned: () => true,
  } as unknown as RoomMatchesOptions);
  await matches.look("m");
  await matches.look("m");
  expect(told).toMatchObject([
    { kind: "open" },
    { kind: "pace", moment: "goal", matchSeq: 7, isFirstLook: true },
  ]);
});
