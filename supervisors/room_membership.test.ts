/**
 * The reviewed table of who may do what in a room that a fan has made, asked of
 * the room's owner with no door before it; gateway/room_membership.test.ts asks
 * for the same cells at the door. Of readers and of taps an owner is told nobody.
 */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import type { RoomWish } from "../actors/ports/rooms.ts";
import type { Sender } from "../actors/room/room_delivery.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { post, type RoomsNode, roomsNode } from "./rooms_test_kit.ts";
import { openEmbeddedStores, type Stores } from "./stores.ts";

const [head = [], ...rows] = readFileSync(
  new URL("../actors/moderation/membership_table.csv", import.meta.url),
  "utf8",
).trim().split("\n").map((line) => line.split(","));
const columns = head.slice(1);

const SENDERS: Record<string, Omit<Sender, "isBanned">> = {
  anonymous: { user: "", role: "anonymous" },
  stranger: { user: "sia", role: "fan" },
  member: { user: "mia", role: "fan" },
  roomOwner: { user: "olga", role: "fan" },
  moderator: { user: "mo", role: "moderator" },
  operator: { user: "op", role: "operator" },
};
const AT_THE_DOOR_ALONE = ["join", "joinForged", "read", "cheer"];

let folder: ReturnType<typeof temporaryFolder>;
let stores: Stores;
let node: RoomsNode;
beforeEach(async () => {
  folder = temporaryFolder();
  const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
  stores = await openEmbeddedStores(folder.path("data"), parts);
  node = await roomsNode({ hot: stores, sql: stores });
});
afterEach(async () => {
  await node.stop();
  await stores.close();
  folder.remove();
});

let rooms = 0;
let wishes = 0;

async function ask(room: string, from: Omit<Sender, "isBanned">, wish: RoomWish): Promise<string> {
  const answer = await node.rooms.command(room, { from, wish });
  return answer.outcome === "ok" ? answer.made ?? "ok" : answer.code;
}

async function privateRoom() {
  const room = `private-${++rooms}`;
  const record = { id: room, title: "Amigos", matchId: null, owner: "olga", inviteCode: "come-in" };
  expect((await node.rooms.create(record)).outcome).toBe("ok");
  for (const user of ["mia", "vic"]) expect(await node.keys.join(room, user, "come-in")).toBe(true);
  return room;
}

function wishOf(action: string, own: string, others: string): RoomWish {
  const clientId = `c${++wishes}`;
  switch (action) {
    case "post":
      return post(clientId, "gol");
    case "edit":
      return { kind: "edit", clientId, target: own, text: "no", mentions: [] };
    case "react":
      return { kind: "react", target: others, reaction: "clap" };
    case "deleteOwn":
      return { kind: "deleteOwn", target: own };
    case "report":
      return { kind: "report", target: others, why: "spam" };
    default: {
      const request = { kind: "lock", target: "", reason: "" } as const;
      return { kind: "moderate", clientId, request, targetRole: "fan" };
    }
  }
}

test.each(columns)("the table of membership, straight: column %s", async (column) => {
  const from = SENDERS[column]!;
  const wrong: string[] = [];
  let cells = 0;
  for (const [action = "", ...answers] of rows) {
    if (AT_THE_DOOR_ALONE.includes(action)) continue;
    const needed = answers[columns.indexOf(column)]!;
    const room = await privateRoom();
    const others = await ask(room, { user: "vic", role: "fan" }, post(`v${++wishes}`, "hola"));
    const said = await ask(room, from, post(`o${++wishes}`, "mine"));
    const isInside = needed === "allowed" || needed === "forbidden";
    const code = await ask(room, from, wishOf(action, isInside ? said : others, others));
    const isRefused = ["signIn", "unknownRoom", "forbidden"].includes(code);
    const found = code === "unknownRoom" ? "unknown" : isRefused ? code : "allowed";
    if (found !== needed) wrong.push(`${action}: needed ${needed}, found ${code}`);
    cells += 1;
  }
  expect(wrong).toEqual([]);
  console.log(`${cells} cells of ${column} were asked for straight.`);
});
