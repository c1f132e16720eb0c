/** A room's posts on their way: windows, samples, and what is removed meanwhile. */
import { beforeEach, expect, test } from "vitest";
import { SAMPLES } from "../actors/room/pace_rules.ts";
import { decodeServerFrame, type ServerFrame } from "../protocol/golazo_codec.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Membership, OpenChannel, type Subscriber } from "./audience.ts";
import { ChatWindows } from "./chat_windows.ts";
import { Hub } from "./hub.ts";
import { ALL_LANES, type LaneSet } from "./lanes.ts";
import { type ScriptedChannel, ScriptedSource } from "./testing/scripted_source.ts";
import { eventsInto } from "./testing/test_gateway.ts";

let clock: SimulatedClock;
let hub: Hub;
let room: ScriptedChannel;
let source: ScriptedSource;
beforeEach(() => {
  clock = new SimulatedClock();
  source = new ScriptedSource();
  room = source.match("arg-fra");
  hub = new Hub({ source, clock, random: seededRandom(3), events: eventsInto([]) });
});

class Ear implements Subscriber {
  readonly encoding = "protobuf";
  readonly sample: number;
  open: LaneSet = ALL_LANES;
  readsPosts = true;
  writes = 0;
  readonly frames: ServerFrame[] = [];

  constructor(sample = 0) {
    this.sample = sample;
  }

  openLanes(): LaneSet {
    return this.open;
  }

  takesPosts(): boolean {
    return this.readsPosts;
  }

  write(buffer: Buffer): void {
    this.writes += 1;
    for (let at = 0; at < buffer.length;) {
      const isLong = buffer[at + 1]! >= 126;
      const start = at + (isLong ? 4 : 2);
      at = start + (isLong ? buffer.readUInt16BE(at + 2) : buffer[at + 1]!);
      this.frames.push(decodeServerFrame(buffer.subarray(start, at)));
    }
  }

  writeSoon(frame: Buffer): void {
    this.write(frame);
  }

  get texts(): string[] {
    return this.frames.flatMap(({ publication }) => publication?.chat?.text ?? []);
  }

  get more(): number {
    return this.frames.reduce((sum, { publication }) => sum + (publication?.more?.more ?? 0), 0);
  }
}

async function join(ear: Ear): Promise<Membership> {
  const member = new Membership(ear, ALL_LANES, 9);
  await hub.enter("match:arg-fra", member);
  await hub.catchUp(member, null);
  ear.writes = 0;
  return member;
}

/** More than are told something in one slice, as many of each sample. */
async function largeRoom(): Promise<Ear[]> {
  const ears = Array.from({ length: limits.fanOutSliceWrites + SAMPLES }, (_, at) => {
    return new Ear(at % SAMPLES);
  });
  for (const ear of ears) await join(ear);
  return ears;
}

const PART_MS = limits.chatWindowMs / SAMPLES;
const nextTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
async function windowEnds(): Promise<void> {
  await clock.advance(limits.chatWindowMs);
  await nextTurn();
}

test("the first post of a quiet room is told at once, those that follow together", async () => {
  const ear = new Ear();
  await join(ear);
  room.post("ana", "one");
  await nextTurn();
  expect(ear.texts).toEqual(["one"]);
  room.post("bo", "two");
  room.post("cy", "three");
  await nextTurn();
  expect(ear.texts).toEqual(["one"]);
  await windowEnds();
  expect(ear.texts).toEqual(["one", "two", "three"]);
  expect(ear.writes).toBe(2);
  await windowEnds();
  room.post("ana", "four");
  await nextTurn();
  expect(ear.texts.at(-1)).toBe("four");
});

test("a fast room has eight samples, each readable, and tells how many more there were", async () => {
  const ears = Array.from({ length: 2 * SAMPLES }, (_, at) => new Ear(at % SAMPLES));
  for (const ear of ears) await join(ear);
  for (let post = 0; post < 400; post++) room.post(`fan${post % 37}`, `${post}`);
  await nextTurn();
  await windowEnds();
  const readable = limits.chatMessagesPerSecondMax * limits.chatWindowMs / 1_000;
  for (const [at, ear] of ears.entries()) {
    // The first one was told before the window began.
    expect(ear.texts.length - 1).toBe(Math.floor(readable));
    expect(ear.texts.length + ear.more).toBe(400);
    expect(ear.writes).toBe(2);
    expect(ear.texts).toEqual(ears[(at + SAMPLES) % ears.length]!.texts);
  }
  expect(new Set(ears.map(({ texts }) => texts.join())).size).toBe(SAMPLES);
});

test("in a large room the windows of samples end one after another, each as long", async () => {
  const ears = await largeRoom();
  const served: number[][] = [];
  for (let tick = 0; tick <= 3 * SAMPLES; tick++) {
    for (let post = 0; post < 40; post++) room.post(`fan${post}`, `${tick} ${post}`);
    await nextTurn();
    const before = ears.map(({ writes }) => writes);
    await clock.advance(PART_MS);
    await nextTurn();
    served.push([
      ...new Set(ears.flatMap(({ sample, writes }, at) => {
        return writes > before[at]! ? [sample] : [];
      })),
    ]);
  }
  // The first post was told at once, and its walk was over with the first part.
  expect(served.slice(1)).toEqual(Array.from({ length: 3 * SAMPLES }, (_, at) => {
    return [(at + 1) % SAMPLES];
  }));
  for (let tick = 0; tick < SAMPLES; tick++) {
    await clock.advance(PART_MS);
    await nextTurn();
  }
  const all = (3 * SAMPLES + 1) * 40;
  for (const ear of ears) expect(ear.texts.length + ear.more).toBe(all);
  const { backlog } = hub.channels()[0]!;
  expect([backlog.length, backlog.firstHeld]).toEqual([0, null]);
  // A quiet window later the next post is told at once, to all.
  await clock.advance(2 * limits.chatWindowMs);
  const before = ears.map(({ writes }) => writes);
  room.post("ana", "at once");
  await nextTurn();
  await nextTurn();
  expect(ears.every(({ writes }, at) => writes === before[at]! + 1)).toBe(true);
});

test("a window of a large room that ends during a walk is served after it", async () => {
  const ears = await largeRoom();
  room.post("ana", "one");
  await nextTurn();
  await nextTurn();
  room.post("bo", "two");
  await clock.advance(2 * PART_MS);
  for (let turn = 0; turn < 4; turn++) await nextTurn();
  const having = ears.filter(({ texts }) => texts.includes("two"));
  expect(new Set(having.map(({ sample }) => sample))).toEqual(new Set([0, 1]));
  expect(having.length).toBe(2 * ears.length / SAMPLES);
});

test("a large room in which little is said is not told each word at once", async () => {
  const ears = await largeRoom();
  room.post("ana", "one");
  await nextTurn();
  await nextTurn();
  await clock.advance(2 * PART_MS);
  await nextTurn();
  room.post("bo", "two");
  await nextTurn();
  await nextTurn();
  expect(ears.filter(({ texts }) => texts.includes("two")).length).toBe(0);
  for (let part = 0; part < SAMPLES; part++) {
    await clock.advance(PART_MS);
    await nextTurn();
  }
  expect(ears.every(({ texts }) => texts.join() === "one,two")).toBe(true);
});

test("what is removed before its window ends goes to nobody", async () => {
  const ear = new Ear();
  await join(ear);
  room.post("ana", "one");
  room.post("bo", "gone");
  room.post("cy", "three");
  room.removal("m2");
  await nextTurn();
  expect(ear.texts).not.toContain("gone");
  expect(ear.frames.some(({ publication }) => publication?.removal?.message === "m2")).toBe(true);
});

test("who comes during a window has its posts once, and a position before them is told", async () => {
  room.post("ana", "one");
  room.post("bo", "two");
  const early = new Ear();
  const member = await join(early);
  room.post("ana", "three");
  room.post("bo", "four");
  const late = new Ear();
  await join(late);
  member.skipped = 1;
  hub.tellPosition(member);
  expect(early.frames.at(-1)?.position?.offset).toBe(3);
  await windowEnds();
  expect(early.texts).toEqual(["three", "four"]);
  expect(late.texts).toEqual([]);
  expect(late.frames[0]?.subscribed?.offset).toBe(4);
});

test("who has not read what it was sent gets removals, and the posts of a slow room later", async () => {
  const ear = new Ear();
  ear.readsPosts = false;
  const member = await join(ear);
  room.post("ana", "one");
  room.removal("m9");
  await nextTurn();
  expect(ear.texts).toEqual([]);
  expect(ear.frames.at(-1)?.publication?.removal?.message).toBe("m9");
  ear.readsPosts = true;
  await hub.mend(member);
  const mended = ear.frames.at(-1)!.subscribed!.publications;
  expect(mended.map(({ chat }) => chat?.text)).toEqual(["one"]);
});

test("a window that ends late does not put off those after it, and a long wait makes none double", async () => {
  const late = (ms: number) => ({
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs: number, task: () => void) => clock.after(delayMs + ms, task),
  });
  const endsIn = async (windows: number, lateMs: number) => {
    const ends: number[] = [];
    const told = new ChatWindows(late(lateMs), () => ends.push(clock.monotonic()));
    const channel = new OpenChannel("chat:room:one", 1);
    told.holds(channel);
    const { lane, key, body } = { lane: "chat" as const, key: "", body: new Uint8Array() };
    channel.backlog.hold({ lane, key, body, offset: 1, receivedAt: 0, trace: "" });
    await clock.advance(windows * limits.chatWindowMs);
    told.close();
    return ends;
  };
  expect(await endsIn(25, 40)).toHaveLength(24);
  const ends = await endsIn(25, 3 * limits.chatWindowMs);
  const gaps = ends.slice(1).map((at, index) => at - ends[index]!);
  expect(Math.min(...gaps)).toBeGreaterThan(limits.chatWindowMs / 2);
});
