/**
 * A room as its fans see it through the real door: who may come in, what they
 * are told, what is left of what was removed.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { ChatHouse, replyTo } from "./testing/chat_house.ts";
import type { Fan } from "./testing/fan.ts";
import { until } from "./testing/until.ts";

const ROOM = "derby";
const CHANNEL = `chat:room:${ROOM}`;
const MARKER = "tulipan-7731";

let house: ChatHouse;
beforeEach(async () => {
  house = await ChatHouse.open({ isBounded: false });
  await house.rooms.open(ROOM, { matchId: "derby" });
});
afterEach(() => house[Symbol.asyncDispose]());

const join = async (
  fan: Fan,
  channel = CHANNEL,
  since: { epoch?: string; offset?: number } = {},
) => {
  const seen = fan.all("subscribed").length;
  fan.send({ subscribe: { id: 900, channel, ...since } });
  return await until(() => fan.all("subscribed")[seen], "Subscribed");
};

async function remove(message: string): Promise<void> {
  const answer = await house.rooms.command(ROOM, {
    from: { user: "mo", role: "moderator" },
    wish: {
      ...{ kind: "moderate", clientId: house.clientId(), targetRole: "fan" },
      request: { kind: "delete", target: message, reason: "" },
    },
  });
  expect(answer.outcome).toBe("ok");
}

describe("a room that a fan has made", () => {
  async function makeRoom() {
    const made = await house.ask("olga:fan", "POST", "/api/rooms", { name: "Solo amigos" });
    expect(made.status).toBe(201);
    return { id: made.json.room.id as string, inviteCode: made.json.inviteCode as string };
  }

  test("is not there for who has no invitation, by socket, page or wish", async () => {
    const { id } = await makeRoom();
    await house.said(id, "olga:fan", MARKER);
    for (const who of ["", "ana:fan"]) {
      const fan = await house.enter(who);
      fan.send({ subscribe: { id: 1, channel: `chat:room:${id}` } });
      expect((await replyTo(fan, 1)).code).toBe("unknownChannel");
      for (const path of [`/api/rooms/${id}`, `/api/rooms/${id}/messages`]) {
        const { status, text } = await house.ask(who, "GET", path);
        expect(status).toBe(404);
        expect(text).not.toContain(MARKER);
      }
    }
    const ana = await house.enter("ana:fan");
    ana.send({ chatSend: { id: 2, clientId: "c1", room: id, text: "hola" } });
    expect((await replyTo(ana, 2)).code).toBe("unknownRoom");
    ana.send({ react: { id: 3, room: id, reaction: "clap" } });
    expect((await replyTo(ana, 3)).code).toBe("unknownRoom");
    expect((await house.ask("", "GET", "/api/rooms")).json.rooms).toEqual([]);
  });

  test("is there for its owner, its members and stewards; caches keep nothing of it", async () => {
    const { id, inviteCode } = await makeRoom();
    await house.said(id, "olga:fan", MARKER);
    const path = `/api/rooms/${id}/join`;
    const forged = await house.ask("ana:fan", "POST", path, { inviteCode: `${inviteCode}x` });
    expect([forged.status, forged.json.code]).toEqual([403, "forgedInvite"]);
    const nowhere = await house.ask("ana:fan", "POST", "/api/rooms/r-no/join", { inviteCode });
    expect(nowhere.json).toEqual(forged.json);
    expect((await house.ask("ana:fan", "POST", path, { inviteCode })).status).toBe(200);
    for (const who of ["ana:fan", "olga:fan", "mo:moderator"]) {
      const fan = await house.enter(who);
      const { room } = await join(fan, `chat:room:${id}`);
      expect(room!.messages.map(({ text }) => text)).toEqual([MARKER]);
      const page = await house.ask(who, "GET", `/api/rooms/${id}/messages`);
      expect(page.headers.get("cache-control")).toBe("no-store");
      expect(page.text).toContain(MARKER);
    }
    expect((await house.ask("olga:fan", "GET", `/api/rooms/${id}`)).json.inviteCode)
      .toBe(inviteCode);
    expect((await house.ask("ana:fan", "GET", `/api/rooms/${id}`)).json.inviteCode)
      .toBeUndefined();
  });

  test("an operator's is everybody's", async () => {
    const made = await house.ask("op:operator", "POST", "/api/rooms", { name: "Plaza" });
    const { room, inviteCode } = made.json;
    expect(inviteCode).toBeNull();
    expect((await house.ask("", "GET", "/api/rooms")).json.rooms).toEqual([room]);
    expect((await house.ask("", "GET", `/api/rooms/${room.id}`)).json)
      .toMatchObject({ title: "Plaza", state: "open", isPrivate: false });
  });

  test.each(["", "  Plaza", "a\u202eb", "x".repeat(200)])("is not called %j", async (name) => {
    const { status, json } = await house.ask("ana:fan", "POST", "/api/rooms", { name });
    expect([status, json.code]).toEqual([400, "badRoomName"]);
  });
});

describe("a page of messages", () => {
  test("has tombstones, never what was removed, and another ETag then", async () => {
    const gone = await house.said(ROOM, "vic:fan", MARKER);
    const kept = await house.said(ROOM, "ana:fan", "hola");
    const path = `/api/rooms/${ROOM}/messages`;
    const before = await house.ask("", "GET", path);
    expect(before.text).toContain(MARKER);
    expect(before.headers.get("cache-control")).toBe("public, max-age=0, s-maxage=1");
    await remove(gone);
    const after = await house.ask("", "GET", path);
    expect(after.text).not.toContain(MARKER);
    expect(after.json.messages).toMatchObject([{ id: gone, gone: true }, { id: kept }]);
    expect(after.headers.get("etag")).not.toBe(before.headers.get("etag"));
    const again = await fetch(house.gateway.address + path, {
      headers: { "if-none-match": after.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
    const older = await house.ask("", "GET", `${path}?before=${kept}&limit=1`);
    expect(older.json.messages).toEqual([{ id: gone, gone: true }]);
    expect((await house.ask("", "GET", `${path}?limit=0`)).status).toBe(400);
    expect((await house.ask("", "GET", "/api/rooms/no%20room/messages")).status).toBe(404);
  });
});

describe("a fan's own channel", () => {
  test("is told of calls and of what moderators did, and is nobody else's", async () => {
    const bo = await house.enter("bo:fan");
    await join(bo, "user:bo");
    const other = await house.enter("ana:fan");
    other.send({ subscribe: { id: 1, channel: "user:bo" } });
    expect((await replyTo(other, 1)).code).toBe("forbidden");
    other.send({ chatSend: { id: 2, clientId: "c1", room: ROOM, text: "¿viste, @bo?" } });
    const { made: message } = await replyTo(other, 2);
    const notices = () => bo.all("publication").flatMap(({ notice }) => notice ?? []);
    await until(() => notices().length === 1, "a mention");
    expect(notices()[0]).toMatchObject({ kind: "mention", room: ROOM, message, by: "ana" });
    const until60 = house.rooms.clock.now() + 60_000;
    const mo = await house.enter("mo:moderator");
    const mute = { action: "mute", target: "bo", until: until60, reason: "shouting" };
    mo.send({ moderate: { id: 1, room: ROOM, ...mute } });
    await until(() => notices().length === 2, "a mute");
    expect(notices()[1]).toMatchObject({
      kind: "muted",
      until: until60,
      reason: "shouting",
      by: "",
    });
    // Whoever looks later is told the last ones.
    const later = await house.enter("bo:fan");
    const { publications } = await join(later, "user:bo");
    expect(publications.map(({ notice }) => notice?.kind)).toEqual(["mention", "muted"]);
  });

  test("says what became of a message that was held", async () => {
    const vic = await house.enter("vic:fan");
    await join(vic, "user:vic");
    const message = await house.said(ROOM, "vic:fan", "hola");
    const mo = await house.enter("mo:moderator");
    for (const [id, action] of ["hold", "reject"].entries()) {
      mo.send({ moderate: { id, room: ROOM, action, target: message } });
      expect((await replyTo(mo, id)).code).toBe("ok");
    }
    const notices = () => vic.all("publication").flatMap(({ notice }) => notice?.kind ?? []);
    await until(() => notices().length === 2, "notices");
    expect(notices()).toEqual(["held", "rejected"]);
  });
});

test("500 posts and a socket that drops five times: none lost, none twice, in order", async () => {
  const clock = new SimulatedClock();
  const slow = await ChatHouse.open({ clock, isBounded: false });
  await slow.rooms.open(ROOM, { matchId: "derby" });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const told: { id: string; text: string }[] = [];
  let at = { epoch: "", offset: 0 };
  let fan = await slow.enter("ana:fan");
  let taken = 0;
  /** As a client: in order, a position after each. */
  const read = () => {
    for (const frame of fan.frames.slice(taken)) {
      taken += 1;
      const { subscribed, publication, ping } = frame;
      if (ping !== undefined) fan.send({ pong: { nonce: ping.nonce } });
      if (subscribed !== undefined) at = { epoch: subscribed.epoch, offset: subscribed.offset };
      for (const one of subscribed?.publications ?? [publication]) {
        if (one?.chat !== undefined) told.push(one.chat);
        if (one !== undefined && one.offset > at.offset) at.offset = one.offset;
      }
    }
  };
  await join(fan);
  const posted: string[] = [];
  for (let window = 0; window < 250; window++) {
    for (const author of [2 * window, 2 * window + 1]) {
      posted.push(await slow.said(ROOM, `fan-${author % 100}:fan`, `gol ${author}`));
    }
    await clock.advance(500);
    for (let turns = 0; turns < 3; turns++) await turn();
    read();
    if (window % 50 === 20) {
      fan.socket.terminate();
      await until(() => fan.closedWith, "a close");
      read();
    } else if (window % 50 === 35) {
      // What was not read before the drop comes again, from the position on.
      fan = await slow.enter("ana:fan");
      taken = 0;
      const { recovered } = await join(fan, CHANNEL, at);
      expect(recovered).toBe(true);
    }
  }
  await clock.advance(1_000);
  await until(() => (read(), told.length >= posted.length), `all; came: ${told.length}`);
  expect(told.map(({ id }) => id)).toEqual(posted);
  let isClosed = false;
  const closing = slow[Symbol.asyncDispose]().finally(() => (isClosed = true));
  while (!isClosed) {
    await clock.advance(10);
    await turn();
  }
  await closing;
}, 20_000);

test("a second after a removal neither live, sampled nor resuming fans hold the body", async () => {
  const fans = await Promise.all(["a:fan", "b:fan", "c:fan"].map((who) => house.enter(who)));
  for (const fan of fans) await join(fan);
  const { epoch, offset } = fans[0]!.all("subscribed")[0]!;
  const gone = await house.said(ROOM, "vic:fan", MARKER);
  // Faster than anybody reads: a window is sampled.
  for (let post = 0; post < 60; post++) await house.said(ROOM, `w${post}:fan`, `gol ${post}`);
  await remove(gone);
  const removed = (fan: Fan) =>
    fan.all("publication").some(({ removal }) => removal?.message === gone);
  for (const fan of fans) await until(() => removed(fan), "the removal", 1_000);
  for (const fan of fans) {
    const frames = fan.all("publication");
    const last = frames.findLastIndex(({ chat }) => chat?.text === MARKER);
    expect(frames.findIndex(({ removal }) => removal?.message === gone)).toBeGreaterThan(last);
  }
  expect(fans.some((fan) => fan.all("publication").some(({ more }) => more !== undefined)))
    .toBe(true);
  const resuming = await house.enter("d:fan");
  const { recovered } = await join(resuming, CHANNEL, { epoch, offset });
  expect(recovered).toBe(true);
  const fresh = await house.enter("e:fan");
  await join(fresh);
  expect(JSON.stringify([resuming.frames, fresh.frames])).not.toContain(MARKER);
});
