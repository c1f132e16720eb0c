/**
 * What bad input gets, by socket and by HTTP, at the real door with the real
 * room behind it: a typed refusal, counted, and nothing published. Time stands
 * still but where a test lets it pass.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stampBefore } from "../actors/room/hybrid_clock.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { ChatHouse, replyTo } from "./testing/chat_house.ts";
import { until } from "./testing/until.ts";

const ROOM = "derby";

let clock: SimulatedClock;
let house: ChatHouse;
beforeEach(async () => {
  clock = new SimulatedClock();
  house = await ChatHouse.open({ clock });
  await house.rooms.open(ROOM, { matchId: "derby" });
});
afterEach(async () => {
  let isOver = false;
  const over = house[Symbol.asyncDispose]().finally(() => (isOver = true));
  // Who drains waits by the clock as well.
  while (!isOver) {
    await clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await over;
});

const published = async () =>
  (await house.rooms.channels.position(`channel/chat:room:${ROOM}`))!.top;

/** By socket and by HTTP; answers both codes. */
async function postBoth(who: string, text: string, more: { replyTo?: string } = {}) {
  const fan = await house.enter(who);
  const clientId = house.clientId();
  fan.send({ chatSend: { id: 1, clientId, room: ROOM, text, ...more } });
  const { code } = await replyTo(fan, 1);
  const messages = `/api/rooms/${ROOM}/messages`;
  const byHttp = await house.ask(who, "POST", messages, { clientId, text, ...more });
  return [code, byHttp.json.code ?? "ok"];
}

describe("a text that nobody may post", () => {
  test.each([
    ["textTooLong", "x".repeat(limits.chatGraphemesMax + 1)],
    ["textTooLong", "é".repeat(limits.chatTextBytesMax)],
    ["textEmpty", ""],
    ["textEmpty", " \u200b\u2060 "],
    ["textControl", "gol\u0007"],
    ["textBidi", "gol \u202elog"],
    ["textMarks", `a${"\u0301\u0302".repeat(20)}`],
  ])("%s", async (code, text) => {
    const before = await published();
    expect(await postBoth("ana:fan", text)).toEqual([code, code]);
    expect(house.refusals()).toEqual([
      `requestRefused socket ${code}`,
      `requestRefused http ${code}`,
    ]);
    expect(await published()).toBe(before);
    // The owner was never asked.
    expect(house.rooms.asked).toBe(0);
  });
});

describe("a sender who may not speak", () => {
  test("banned everywhere is refused at once, and told until when", async () => {
    const until = clock.now() + 60_000;
    house.bans.set("ana", { until, reason: "threats" });
    expect(await postBoth("ana:fan", "hola")).toEqual(["banned", "banned"]);
    expect(house.rooms.asked).toBe(0);
    const { status, json } = await house.ask("ana:fan", "POST", `/api/rooms/${ROOM}/messages`, {
      ...{ clientId: "c", text: "hola" },
    });
    expect(status).toBe(429);
    expect(json.retryAfterMs).toBeGreaterThan(55_000);
  });

  test.each([["ban", "banned"], ["mute", "muted"]])("%s in the room: %s", async (action, code) => {
    const mo = await house.enter("mo:moderator");
    const until = clock.now() + 60_000;
    mo.send({ moderate: { id: 1, room: ROOM, action, target: "ana", until, reason: "spam" } });
    expect(await replyTo(mo, 1)).toMatchObject({ code: "ok", made: "action 1" });
    const before = await published();
    expect(await postBoth("ana:fan", "hola")).toEqual([code, code]);
    expect(house.refusals()).toHaveLength(2);
    expect(await published()).toBe(before);
  });

  test("nobody in particular is asked to sign in", async () => {
    expect(await postBoth("", "hola")).toEqual(["signIn", "signIn"]);
    const anonymous = await house.enter("");
    anonymous.send({ react: { id: 2, room: ROOM, reaction: "clap" } });
    expect((await replyTo(anonymous, 2)).code).toBe("signIn");
    anonymous.send({ moderate: { id: 3, room: ROOM, action: "lock" } });
    expect((await replyTo(anonymous, 3)).code).toBe("signIn");
  });
});

describe("a steward", () => {
  test("is known from Hello on: nobody acts on one as on a fan", async () => {
    const rita = await house.enter("rita:moderator");
    const ends = clock.now() + 60_000;
    rita.send({ moderate: { id: 1, room: ROOM, action: "mute", target: "boss", until: ends } });
    // Nobody has ever seen the boss's token.
    expect((await replyTo(rita, 1)).code).toBe("ok");
    await house.enter("other-boss:operator");
    rita.send({
      moderate: { id: 2, room: ROOM, action: "mute", target: "other-boss", until: ends },
    });
    expect((await replyTo(rita, 2)).code).toBe("superior");
  });
});

describe("a message that is not theirs to touch", () => {
  test("an edit of somebody else's", async () => {
    const message = await house.said(ROOM, "vic:fan");
    const before = await published();
    const fan = await house.enter("ana:fan");
    fan.send({ chatSend: { id: 1, clientId: "c1", room: ROOM, text: "no", edits: message } });
    expect((await replyTo(fan, 1)).code).toBe("notAuthor");
    const path = `/api/rooms/${ROOM}/messages/${message}`;
    const byHttp = await house.ask("ana:fan", "PUT", path, { clientId: "c2", text: "no" });
    expect([byHttp.status, byHttp.json.code]).toEqual([403, "notAuthor"]);
    expect(house.refusals()).toHaveLength(2);
    expect(await published()).toBe(before);
  });

  test("an op that speaks of what is to come", async () => {
    const future = stampBefore(clock.now() + limits.chatSkewMsMax + 10_000);
    const before = await published();
    expect(await postBoth("ana:fan", "hola", { replyTo: future }))
      .toEqual(["fromFuture", "fromFuture"]);
    const fan = await house.enter("ana:fan");
    fan.send({ chatSend: { id: 1, clientId: "c1", room: ROOM, text: "no", edits: future } });
    expect((await replyTo(fan, 1)).code).toBe("fromFuture");
    expect(await published()).toBe(before);
  });

  test.each([
    ["delete", "forbidden"],
    ["purge", "forbidden"],
    ["lock", "forbidden"],
    ["overthrow", "malformed"],
  ])("a forged %s: %s", async (action, code) => {
    const message = await house.said(ROOM, "vic:fan");
    const before = await published();
    const target = action === "delete" ? message : "vic";
    const fan = await house.enter("ana:fan");
    fan.send({ moderate: { id: 1, room: ROOM, action, target, confirm: true } });
    expect((await replyTo(fan, 1)).code).toBe(code);
    const asked = { action, target, confirm: true, clientId: "c1" };
    const byHttp = await house.ask("ana:fan", "POST", `/api/rooms/${ROOM}/actions`, asked);
    expect(byHttp.json.code).toBe(code);
    expect(house.refusals()).toHaveLength(2);
    expect(await published()).toBe(before);
    expect(house.rooms.contextOf(ROOM).actions).toEqual([]);
  });

  test("a moderator who has shown a token is nobody's to ban but an operator's", async () => {
    const [mo, max, op] = [
      await house.enter("mo:moderator"),
      await house.enter("max:moderator"),
      await house.enter("op:operator"),
    ];
    max.send({ moderate: { id: 1, room: ROOM, action: "lock" } });
    expect((await replyTo(max, 1)).code).toBe("ok");
    const ban = { room: ROOM, action: "ban", target: "max", reason: "why not" };
    mo.send({ moderate: { id: 2, ...ban } });
    expect((await replyTo(mo, 2)).code).toBe("superior");
    op.send({ moderate: { id: 3, ...ban } });
    expect((await replyTo(op, 3)).code).toBe("ok");
  });
});

describe("what is carried out", () => {
  test("a post is named, and the same one again is the same", async () => {
    const fan = await house.enter("ana:fan");
    const post = { clientId: "c1", room: ROOM, text: "gol @bo" };
    fan.send({ chatSend: { id: 1, ...post } });
    const { code, made } = await replyTo(fan, 1);
    expect(code).toBe("ok");
    const before = await published();
    fan.send({ chatSend: { id: 2, ...post } });
    expect(await replyTo(fan, 2)).toMatchObject({ code: "ok", made });
    const byHttp = await house.ask("ana:fan", "POST", `/api/rooms/${ROOM}/messages`, post);
    expect([byHttp.status, byHttp.json]).toEqual([201, { made, held: false }]);
    expect(await published()).toBe(before);
  });

  test("a purge is asked for once more", async () => {
    await house.said(ROOM, "vic:fan");
    const mo = await house.enter("mo:moderator");
    const purge = { room: ROOM, action: "purge", target: "vic" };
    mo.send({ moderate: { id: 1, ...purge } });
    const asked = await replyTo(mo, 1);
    expect(asked.code).toBe("confirm");
    expect(asked.reason).toContain("every message and reaction of vic");
    expect(house.rooms.contextOf(ROOM).actions).toEqual([]);
    mo.send({ moderate: { id: 2, ...purge, confirm: true } });
    expect(await replyTo(mo, 2)).toMatchObject({ code: "ok", made: "action 1" });
  });

  test("taps for the room itself are told to its owner as sums", async () => {
    const fan = await house.enter("ana:fan");
    for (const id of [1, 2, 3]) fan.send({ react: { id, room: ROOM, reaction: "clap" } });
    expect((await replyTo(fan, 3)).code).toBe("ok");
    await clock.advance(limits.cheerMs);
    await until(() => house.rooms.cheers.length > 0, "cheers");
    expect(house.rooms.cheers).toEqual([{ room: ROOM, counts: [{ reaction: "clap", count: 3 }] }]);
  });

  test.each([
    [{ action: "mute", target: "ana" }, "muted"],
    [{ action: "ban", target: "ana" }, "banned"],
    [{ action: "lock" }, "roomLocked"],
    [{ action: "archive" }, "roomArchived"],
  ])("are not taken from who may not react: %j", async (action, code) => {
    const fan = await house.enter("ana:fan");
    fan.send({ react: { id: 1, room: ROOM, reaction: "clap" } });
    expect((await replyTo(fan, 1)).code).toBe("ok");
    await clock.advance(limits.cheerMs);
    await until(() => house.rooms.cheers.length > 0, "cheers");
    const mo = await house.enter("mo:moderator");
    const ends = clock.now() + 60_000;
    mo.send({ moderate: { id: 1, room: ROOM, until: ends, confirm: true, ...action } });
    expect((await replyTo(mo, 1)).code).toBe("ok");
    // What a gateway was told of the room is half a second old at most.
    await clock.advance(limits.roomOrderMs);
    fan.send({ react: { id: 2, room: ROOM, reaction: "clap" } });
    expect((await replyTo(fan, 2)).code).toBe(code);
    expect(house.refusals()).toContain(`requestRefused socket ${code}`);
    await clock.advance(2 * limits.cheerMs);
    expect(house.rooms.cheers).toHaveLength(1);
  });

  test("an owner who is away is no refusal: to be sent again", async () => {
    house.rooms.isAway = true;
    expect(await postBoth("ana:fan", "hola")).toEqual(["ownerUnavailable", "ownerUnavailable"]);
    const fan = await house.enter("ana:fan");
    fan.send({ react: { id: 1, room: ROOM, reaction: "clap" } });
    expect((await replyTo(fan, 1)).code).toBe("ownerUnavailable");
    house.rooms.isAway = false;
    fan.send({ react: { id: 2, room: ROOM, reaction: "clap" } });
    expect((await replyTo(fan, 2)).code).toBe("ok");
  });
});

describe("a socket that is too fast", () => {
  test("is told for how long to wait, and is right to believe it", async () => {
    const fan = await house.enter("ana:fan");
    const burst = limits.chatFramesBurstMax + 1;
    for (let id = 1; id <= burst; id++) {
      fan.send({ react: { id, room: ROOM, reaction: "clap" } });
    }
    const { code, retryAfterMs } = await replyTo(fan, burst);
    expect(code).toBe("tooMany");
    await clock.advance(retryAfterMs);
    fan.send({ react: { id: 99, room: ROOM, reaction: "clap" } });
    expect((await replyTo(fan, 99)).code).toBe("ok");
  });
});
