import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { decodeServerFrame, encodeServerFrame, type ServerFrameInit } from "../protocol/mod.ts";
import { systemClock } from "../runtime/clock.ts";
import { Fans } from "./fans.ts";
import { LoadProcess } from "./load_process.ts";
import { hasCompiler } from "./native_program.ts";
import { CHANNELS, EPOCH, framed, NUMBERS, ScriptedServer } from "./scripted_server.ts";
import { missingAndTwice } from "./storm/stands.ts";

const isPossible = hasCompiler();
if (!isPossible) console.log("Skipped: the fans are written in C and there is no gcc here");

const GOAL = { kind: "scored", side: "home", home: 1, away: 0, minute: 23 } as const;
const [FIRST, SECOND] = NUMBERS;
/** Nobody follows it. */
const STRANGE = 8;

let fans: Fans;
let server: ScriptedServer | undefined;

afterEach(async () => {
  await fans?.stop();
  server?.stop();
  server = undefined;
});

describe.runIf(isPossible)("fans", () => {
  test("count what they parse, by channel and goal", async () => {
    await open(2);
    server!.tell(publication(FIRST, 1, { goal: GOAL }));
    server!.tell(publication(SECOND, 1, { goal: { ...GOAL, kind: "annulled", minute: 90 } }));
    server!.tell(publication(FIRST, 2, { item: { kind: "goal", text: "x".repeat(300) } }));
    expect(await fans.arrived(6, 2_000)).toMatchObject({ publications: 6 });
    expect(await fans.count()).toMatchObject({
      ...{ publications: 6, goals: 4, inside: 2, gone: 0, faults: 0, snapshots: 4 },
      byChannel: { "match:arg-fra": 4, "match:fra-cro": 2 },
    });
    const goals = await fans.goals();
    expect(goals.map(({ channel, kind, minute, fans }) => [channel, kind, minute, fans])).toEqual([
      [0, "scored", 23, 2],
      [1, "annulled", 90, 2],
    ]);
    expect(goals.map(({ parsedAt }) => parsedAt.length)).toEqual([2, 2]);
  });

  test("know of a room's messages how late each was, by what its client id says", async () => {
    await open(2);
    const { offsetMs } = await fans.readClock();
    const said = (agoMs: number) => {
      const us = Math.round((systemClock.monotonic() + offsetMs - agoMs) * 1_000);
      return { id: "m", user: "ana", text: "t_9", clientId: `t_${us}_1` };
    };
    server!.tell(publication(FIRST, 1, { chat: said(30_000) }));
    server!.tell(publication(FIRST, 2, { chat: said(50_000) }));
    server!.tell(publication(FIRST, 2, { more: { more: 7 } }));
    expect(await fans.arrived(6, 2_000)).toMatchObject({ publications: 6 });
    const heard = await fans.chat();
    expect(heard).toMatchObject({ messages: 4, leastMessages: 2, leastFrames: 2, leftOut: 14 });
    expect(Math.round(heard.p50Ms / 10_000)).toBe(3);
    expect(Math.round(heard.p99Ms / 10_000)).toBe(5);
    expect(await fans.chat()).toMatchObject({ messages: 0, leastMessages: 0 });
  });

  test("understand many frames in a message, and a message in many pieces", async () => {
    await open(1);
    const batch = Buffer.concat([
      encodeServerFrame(publication(FIRST, 1, { goal: GOAL })),
      encodeServerFrame(publication(FIRST, 2, { possession: { home: 40, away: 60 } })),
      encodeServerFrame(publication(SECOND, 1, { goal: GOAL })),
    ]);
    server!.write(framed(batch).subarray(0, 9));
    await server!.settle();
    for (const byte of framed(batch).subarray(9)) {
      server!.write(Buffer.of(byte));
      await server!.settle();
    }
    expect(await fans.arrived(3, 2_000)).toMatchObject({ publications: 3 });
    expect(await fans.count()).toMatchObject({ goals: 2, faults: 0 });
  });

  test("answer pings", async () => {
    await open(3);
    server!.tell({ ping: { nonce: 77_000 } });
    await server!.heard(({ pong }) => pong?.nonce === 77_000, 3);
    expect(await fans.count()).toMatchObject({ answered: 3 });
  });

  test("who is cut off comes back with its positions and counts what it missed", async () => {
    await open(4);
    server!.tell(publication(FIRST, 41, { goal: GOAL }));
    await fans.arrived(4, 2_000);
    server!.missed = [publication(FIRST, 42, { goal: { ...GOAL, minute: 24 } })];
    expect(await fans.reconnect(2, server!.port)).toMatchObject({ inside: 4 });
    const again = server!.greetings.slice(4);
    expect(again.map(({ hello, positions }) => ({ attempt: hello.attempt, positions }))).toEqual(
      Array.from({ length: 2 }, () => ({
        attempt: 2,
        positions: [{ epoch: EPOCH, offset: 41 }, { epoch: EPOCH, offset: 3 }],
      })),
    );
    expect(again.map(({ hello }) => hello.deviceId)).toEqual(["d-0", "d-2"]);
    expect((await fans.goals()).map(({ minute, fans }) => [minute, fans])).toEqual([[23, 4], [
      24,
      2,
    ]]);
  });

  test("read every golden frame as our codec does", async () => {
    await open(1);
    const vectors: { message: string; hex: string }[] = JSON.parse(
      readFileSync(new URL("../protocol/golden_vectors.json", import.meta.url), "utf8"),
    );
    const golden = vectors.filter(({ message }) => message === "ServerFrame")
      .map(({ hex }) => Buffer.from(hex, "hex"));
    const frames = golden.map(decodeServerFrame);
    const publications = frames.flatMap(({ publication }) => publication ?? []);
    const known = publications.filter(({ channel }) => channel === FIRST || channel === SECOND);
    const foreign = frames.filter(({ subscribed }) => subscribed !== undefined);
    expect(known.length).toBeGreaterThan(2);
    for (const bytes of golden) server!.write(framed(bytes));
    server!.tell({ ping: { nonce: 5 } });
    await server!.heard(({ pong }) => pong?.nonce === 5, 1);
    expect(await fans.count()).toMatchObject({
      publications: known.length,
      goals: known.filter(({ goal }) => goal !== undefined).length,
      goodbyes: frames.filter(({ goodbye }) => goodbye !== undefined).length,
      faults: publications.length - known.length + foreign.length,
      ...{ inside: 1, gone: 0 },
    });
  });

  test("a position that was skipped to is where who is cut off goes on", async () => {
    await open(1);
    server!.tell({ position: { channel: FIRST, offset: 500, skipped: 3 } });
    server!.tell(publication(SECOND, 9, { goal: GOAL }));
    await fans.arrived(1, 2_000);
    await fans.reconnect(1, server!.port);
    expect(server!.greetings[1]!.positions.map(({ offset }) => offset)).toEqual([500, 9]);
  });

  test("log what came twice and what never came", async () => {
    await open(3);
    const log = () => fans.log().then(({ missed, duplicated }) => ({ missed, duplicated }));
    for (const offset of [4, 5]) server!.tell(publication(FIRST, offset, { goal: GOAL }));
    server!.tell(publication(FIRST, 0, { possession: { home: 40, away: 60 } }));
    await fans.arrived(9, 2_000);
    expect(await log()).toEqual({ missed: 0, duplicated: 0 });
    server!.tell(publication(FIRST, 5, { goal: GOAL }));
    await fans.arrived(12, 2_000);
    expect(await log()).toEqual({ missed: 0, duplicated: 3 });
    server!.tell(publication(FIRST, 8, { goal: GOAL }));
    await fans.arrived(15, 2_000);
    expect(await fans.log()).toMatchObject({ missed: 6, duplicated: 3 });
    expect((await fans.log()).channels).toEqual([{ top: 8, sum: 24 }, { top: 3, sum: 9 }]);
    server!.tell({ position: { channel: SECOND, offset: 4, skipped: 1 } });
    server!.tell(publication(SECOND, 5, { goal: GOAL }));
    await fans.arrived(18, 2_000);
    expect(await log()).toEqual({ missed: 9, duplicated: 3 });
  });

  test("log what a return did not bring, brought twice, or to some alone", async () => {
    await open(2);
    server!.tell(publication(FIRST, 41, { goal: GOAL }));
    await fans.arrived(2, 2_000);
    const before = await fans.log();
    server!.missed = [publication(FIRST, 42, { goal: GOAL })];
    await fans.reconnect(2, server!.port);
    const one = await fans.log();
    expect(one.missed - before.missed).toBe(0);
    expect(missingAndTwice([one], 2)).toMatchObject({ behind: 1 });
    server!.missed = [41, 42].map((offset) => publication(FIRST, offset, { goal: GOAL }));
    await fans.reconnect(1, server!.port);
    const two = await fans.log();
    expect(two.duplicated).toBe(2 + 1);
    expect(missingAndTwice([two], 2)).toMatchObject({ behind: 0 });
    server!.tell(publication(FIRST, 43, { goal: GOAL }));
    await fans.arrived(9, 2_000);
    server!.missed = [];
    // The whole in the place of what was missed, by its offset.
    server!.isForgetful = true;
    await fans.reconnect(1, server!.port);
    expect((await fans.log()).missed).toBe(two.missed + 2 * (50 - 43 + 50 - 3));
  });

  test("come back over the time that they are given, until they are in", async () => {
    await open(4);
    server!.refusals = 1;
    const { ms, refused } = await fans.reconnect(1, server!.port, { overMs: 300, underWay: 4 });
    expect(ms).toBeGreaterThan(225);
    expect(refused).toBe(1);
    expect(await fans.count()).toMatchObject({ inside: 4, gone: 0 });
  });

  test("count what the writer writes to all", async () => {
    const writer = new LoadProcess("the writer", new URL("native/writer.c", import.meta.url));
    fans = new Fans();
    const port = await writer.ask<number>("listen");
    await fans.enter({ port, fans: 20, speech: "bytes", path: "/" });
    await writer.ask("write", { publications: 8, bytes: 64 });
    expect(await fans.arrived(160, 2_000)).toMatchObject({ publications: 160 });
    expect(await fans.count()).toMatchObject({ bytes: 160 * 66, inside: 20, faults: 0 });
    await writer.stop();
  });

  test("who is told to come back later does; a frame that cannot be read is a fault", async () => {
    server = await ScriptedServer.start();
    server!.refusals = 1;
    fans = new Fans();
    expect(await fans.follow(options(2))).toMatchObject({ inside: 2, refused: 1 });
    server!.write(framed(Buffer.of(0x0a, 0x7f, 1)));
    server!.write(framed(encodeServerFrame(publication(STRANGE, 1, { goal: GOAL }))));
    server!.tell(publication(FIRST, 1, { goal: GOAL }));
    await fans.arrived(2, 2_000);
    expect(await fans.count()).toMatchObject({ publications: 2, faults: 4 });
  });
});

async function open(count: number): Promise<void> {
  server = await ScriptedServer.start();
  fans = new Fans();
  expect(await fans.follow(options(count))).toMatchObject({ inside: count, refused: 0 });
}

function options(count: number) {
  return { port: server!.port, fans: count, channels: CHANNELS, device: "d", batch: true };
}

function publication(channel: number, offset: number, body: object): ServerFrameInit {
  return { publication: { channel, offset, ...body } };
}
