/**
 * The reviewed table of who may do what in a room that a fan has made, each cell
 * by socket and by HTTP, at the real door; supervisors/room_membership.test.ts
 * asks the room's owner the same with no door before it. Joining is by HTTP alone.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChatHouse, replyTo } from "./testing/chat_house.ts";
import { until } from "./testing/until.ts";

const [head = [], ...rows] = readFileSync(
  new URL("../actors/moderation/membership_table.csv", import.meta.url),
  "utf8",
).trim().split("\n").map((line) => line.split(","));
const columns = head.slice(1);

const TOKENS: Record<string, string> = {
  anonymous: "",
  stranger: "sia:fan",
  member: "mia:fan",
  roomOwner: "olga:fan",
  moderator: "mo:moderator",
  operator: "op:operator",
};
const INVITE = "come-in";
const MARKER = "tulipan-4455";

let house: ChatHouse;
beforeAll(async () => {
  house = await ChatHouse.open({ isBounded: false });
});
afterAll(() => house[Symbol.asyncDispose]());

interface Cell {
  room: string;
  who: string;
  own: string;
  others: string;
}

let rooms = 0;

/** A room with a member in it, where the asker has said something as who they were before. */
async function cellOf(column: string): Promise<Cell> {
  const room = `private-${++rooms}`;
  const who = TOKENS[column]!;
  await house.rooms.open(room, { owner: "olga" }, INVITE);
  const joined = await house.ask("mia:fan", "POST", `/api/rooms/${room}/join`, {
    inviteCode: INVITE,
  });
  expect(joined.status).toBe(200);
  const others = await house.said(room, "vic:fan", MARKER);
  const own = who === "" ? others : await house.said(room, who);
  return { room, who, own, others };
}

async function bySocket(action: string, { room, who, own, others }: Cell): Promise<string> {
  await using fan = disposable(await house.enter(who));
  const [id, clientId] = [1, house.clientId()];
  const frames: Record<string, Parameters<typeof fan.send>[0]> = {
    read: { subscribe: { id, channel: `chat:room:${room}` } },
    post: { chatSend: { id, clientId, room, text: "gol" } },
    edit: { chatSend: { id, clientId, room, text: "no", edits: own } },
    react: { react: { id, room, message: others, reaction: "clap" } },
    cheer: { react: { id, room, reaction: "clap" } },
    deleteOwn: { moderate: { id, room, action, target: own } },
    report: { moderate: { id, room, action, target: others, reason: "spam" } },
    lock: { moderate: { id, room, action, clientId } },
  };
  fan.send(frames[action]!);
  if (action !== "read") return (await replyTo(fan, id)).code;
  const told = () => fan.all("subscribed")[0] ?? fan.all("reply")[0];
  const answer = await until(told, "an answer");
  return "code" in answer ? answer.code : "ok";
}

async function byHttp(action: string, { room, who, own, others }: Cell): Promise<string> {
  const clientId = house.clientId();
  const messages = `/api/rooms/${room}/messages`;
  const requests: Record<string, [method: string, path: string, body?: unknown]> = {
    join: ["POST", `/api/rooms/${room}/join`, { inviteCode: INVITE }],
    joinForged: ["POST", `/api/rooms/${room}/join`, { inviteCode: `${INVITE}!` }],
    read: ["GET", messages],
    post: ["POST", messages, { clientId, text: "gol" }],
    edit: ["PUT", `${messages}/${own}`, { clientId, text: "no" }],
    react: ["PUT", `${messages}/${others}/reaction`, { reaction: "clap" }],
    deleteOwn: ["DELETE", `${messages}/${own}`],
    report: ["POST", `/api/rooms/${room}/reports`, { message: others, why: "spam" }],
    lock: ["POST", `/api/rooms/${room}/actions`, { action, clientId, target: "", reason: "" }],
  };
  const { json, text } = await house.ask(who, ...requests[action]!);
  if (json.code !== undefined) expect(text).not.toContain(MARKER);
  return json.code ?? "ok";
}

const BY_HTTP_ALONE = ["join", "joinForged"];
const BY_SOCKET_ALONE = ["cheer"];

/** Both say the same of a room that is not there. */
const isUnknown = (code: string) => code === "unknownRoom" || code === "unknownChannel";

describe.each([
  ["by socket", bySocket, BY_HTTP_ALONE],
  ["by HTTP", byHttp, BY_SOCKET_ALONE],
])("the table of membership, %s", (way, ask, elsewhere) => {
  test.each(columns)("column %s", async (column) => {
    const wrong: string[] = [];
    let cells = 0;
    for (const [action = "", ...answers] of rows) {
      if (elsewhere.includes(action)) continue;
      const needed = answers[columns.indexOf(column)]!;
      const cell = await cellOf(column);
      const history = `channel/chat:room:${cell.room}`;
      const before = (await house.rooms.channels.position(history))!.top;
      const code = await ask(action, cell);
      const found = code === "ok" ? "allowed" : isUnknown(code) ? "unknown" : code;
      if (found !== needed) wrong.push(`${action}: needed ${needed}, found ${found}`);
      const published = (await house.rooms.channels.position(history))!.top - before;
      if (code !== "ok" && published > 0) wrong.push(`${action}: refused, and published`);
      cells += 1;
    }
    expect(wrong).toEqual([]);
    console.log(`${cells} cells of ${column} were asked for ${way}.`);
  });
});

function disposable<F extends { socket: { close(): void } }>(fan: F): F & AsyncDisposable {
  return Object.assign(fan, {
    [Symbol.asyncDispose]: () => Promise.resolve(fan.socket.close()),
  });
}
