/**
 * The reviewed table of permissions, each cell by socket, by HTTP and straight
 * into the room with the gateway's check bypassed: the real door, the real room.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  FAN_ACTIONS,
  MODERATION_KINDS,
  ROLES,
  ROOM_STATES,
} from "../actors/moderation/permission_rules.ts";
import type { RoomCommand, RoomWish } from "../actors/ports/rooms.ts";
import type { Sender } from "../actors/room/room_delivery.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { actionIn } from "./chat_frames.ts";
import { ChatHouse, replyTo } from "./testing/chat_house.ts";
import type { Fan } from "./testing/fan.ts";

const [, ...rows] = readFileSync(
  new URL("../actors/moderation/permission_table.csv", import.meta.url),
  "utf8",
).trim().split("\n").map((line) => line.split(","));

type Column = (typeof ROLES)[number];
const TOKENS: Record<Column, string> = {
  anonymous: "",
  fan: "fia:fan",
  roomModerator: "rita:fan",
  roomOwner: "olga:fan",
  moderator: "mo:moderator",
  operator: "op:operator",
};
/** What a table of permissions can say; anything else was decided after it. */
const REFUSALS = ["signIn", "forbidden", "roomArchived", "roomLocked", "reactionsOnly"];

let house: ChatHouse;
beforeAll(async () => {
  house = await ChatHouse.open({ isBounded: false });
});
afterAll(() => house[Symbol.asyncDispose]());

interface Stage {
  room: string;
  who: string;
  /** Of the asker's own, and of somebody else. */
  own: string;
  others: string;
}
type Cell = Stage & { action: string };

let rooms = 0;

/** A room of its own in that state, where everybody has said something. */
async function stageIn(state: string, column: Column): Promise<Stage> {
  const room = `r-${++rooms}`;
  const who = TOKENS[column];
  await house.rooms.open(room, { owner: "olga" });
  const others = await house.said(room, "vic:fan");
  const own = column === "anonymous" ? others : await house.said(room, who);
  const steps: Partial<Record<string, Record<string, unknown>>> = {
    slow: { action: "slow", seconds: 1 },
    reactionsOnly: { action: "restrict" },
    locked: { action: "lock" },
    archived: { action: "archive" },
  };
  if (column === "roomModerator") await act(room, { action: "appoint", target: "rita" });
  const step = steps[state];
  if (step !== undefined) await act(room, step);
  return { room, who, own, others };
}

async function act(room: string, asked: Record<string, unknown>): Promise<void> {
  const wish = moderationOf({ target: "", ...asked });
  const answer = await house.rooms.command(room, { from: { user: "op", role: "operator" }, wish });
  expect(answer.outcome).toBe("ok");
}

function moderationOf(asked: Record<string, unknown>): RoomWish {
  const wish = actionIn({ ...frameOf(asked), clientId: house.clientId() }, seededRandom(1))!;
  return { ...wish, targetRole: "fan" } as RoomWish;
}

function frameOf(asked: Record<string, unknown>) {
  const none = { action: "", target: "", reason: "", until: 0, seconds: 0, confirm: true };
  return { ...none, clientId: house.clientId(), ...asked };
}

function moderationIn({ action, others }: Cell) {
  const isTimed = action === "mute" || action === "ban" || action === "banGlobally";
  const isMessage = ["delete", "hold", "approve", "reject", "pin", "unpin"].includes(action);
  const isRoom = ["slow", "lock", "unlock", "restrict", "unrestrict", "archive"].includes(action);
  return frameOf({
    action,
    target: isMessage ? others : isRoom ? "" : "vic",
    until: isTimed ? house.rooms.clock.now() + 60_000 : 0,
    seconds: 5,
  });
}

let frames = 0;
const sockets = new Map<string, { fan: Fan; sent: number }>();

async function socketOf(who: string): Promise<Fan> {
  const known = sockets.get(who);
  if (known !== undefined && ++known.sent < limits.framesBurstMax / 2) return known.fan;
  known?.fan.socket.close();
  const fan = await house.enter(who);
  sockets.set(who, { fan, sent: 0 });
  return fan;
}

async function bySocket(cell: Cell): Promise<string> {
  const { room, action, own, others } = cell;
  const fan = await socketOf(cell.who);
  const id = ++frames;
  const clientId = house.clientId();
  if (action === "post") fan.send({ chatSend: { id, clientId, room, text: "gol" } });
  else if (action === "edit") {
    fan.send({ chatSend: { id, clientId, room, text: "no", edits: own } });
  } else if (action === "react") {
    fan.send({ react: { id, room, message: others, reaction: "clap" } });
  } else if (action === "deleteOwn") {
    fan.send({ moderate: { id, room, action, target: own } });
  } else if (action === "report") {
    fan.send({ moderate: { id, room, action, target: others, reason: "spam" } });
  } else fan.send({ moderate: { id, room, ...moderationIn(cell) } });
  return (await replyTo(fan, id)).code;
}

async function byHttp(cell: Cell): Promise<string> {
  const { room, action, own, others, who } = cell;
  const clientId = house.clientId();
  const messages = `/api/rooms/${room}/messages`;
  const [method, path, body]: [string, string, unknown] = action === "post"
    ? ["POST", messages, { clientId, text: "gol" }]
    : action === "edit"
    ? ["PUT", `${messages}/${own}`, { clientId, text: "no" }]
    : action === "react"
    ? ["PUT", `${messages}/${others}/reaction`, { reaction: "clap" }]
    : action === "deleteOwn"
    ? ["DELETE", `${messages}/${own}`, undefined]
    : action === "report"
    ? ["POST", `/api/rooms/${room}/reports`, { message: others, why: "spam" }]
    : ["POST", `/api/rooms/${room}/actions`, moderationIn(cell)];
  const { json } = await house.ask(who, method, path, body);
  return json.code ?? "ok";
}

/** As if the gateway had let everybody through. */
async function straight(cell: Cell): Promise<string> {
  const { room, action, own, others, who } = cell;
  const [user, role] = who === "" ? ["", "anonymous"] : who.split(":");
  const clientId = house.clientId();
  const said = { clientId, text: "gol", mentions: [] };
  const wishes: Record<string, RoomWish> = {
    post: { kind: "post", ...said, sticker: null, replyTo: null },
    edit: { kind: "edit", ...said, target: own },
    react: { kind: "react", target: others, reaction: "clap" },
    deleteOwn: { kind: "deleteOwn", target: own },
    report: { kind: "report", target: others, why: "spam" },
  };
  const wish = wishes[action] ?? moderationOf(moderationIn(cell));
  const from: RoomCommand["from"] = { user: user!, role: role as Sender["role"] };
  const answer = await house.rooms.command(room, { from, wish });
  return answer.outcome === "ok" ? "ok" : answer.code;
}

describe.each([["by socket", bySocket], ["by HTTP", byHttp], ["straight", straight]])(
  "the permission table, %s",
  (way, ask) => {
    test.each([...ROLES])("column %s", async (column) => {
      const wrong: string[] = [];
      /** By state: rooms in which nothing was done but refused. */
      const untouched = new Map<string, Stage>();
      for (const [action = "", state = "", ...cells] of rows) {
        const needed = cells[ROLES.indexOf(column)]!;
        const stage = untouched.get(state) ?? await stageIn(state, column);
        const cell = { ...stage, action };
        const history = `channel/chat:room:${cell.room}`;
        const before = (await house.rooms.channels.position(history))!.top;
        const code = await ask(cell);
        const isRefused = REFUSALS.includes(code);
        const isAsNeeded = needed === "allowed" ? !isRefused : code === needed;
        const published = (await house.rooms.channels.position(history))!.top - before;
        if (isRefused && published === 0) untouched.set(state, stage);
        else untouched.delete(state);
        if (!isAsNeeded) wrong.push(`${action} ${state}: needed ${needed}, found ${code}`);
        if (isRefused && published > 0) wrong.push(`${action} ${state}: refused, and published`);
        if (code === "internal" || code === "malformed") wrong.push(`${action} ${state}: ${code}`);
      }
      expect(wrong).toEqual([]);
      const actions = FAN_ACTIONS.length + MODERATION_KINDS.length;
      expect(rows.length).toBe(actions * ROOM_STATES.length);
      console.log(`${rows.length} cells of ${column} were asked for ${way}.`);
    }, 60_000);
  },
);
