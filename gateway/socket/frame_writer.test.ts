import { Writable } from "node:stream";
import * as ws from "ws";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { ALL_LANES, FIRST_LANES, laneBit, NO_LANES } from "../lanes.ts";
import { FrameWriter } from "./frame_writer.ts";
import { frameBinary, frameText } from "./ready_frame.ts";

/** `ws` exports it and has no types for it. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable;
};

/** What `ws` itself makes of our frames. */
function readByWs(frame: Buffer): { message: Buffer; isBinary: boolean } {
  const receiver = new Receiver({ isServer: false });
  let read: { message: Buffer; isBinary: boolean } | undefined;
  receiver.on("message", (message: Buffer, isBinary: boolean) => (read = { message, isBinary }));
  receiver.write(frame);
  return read!;
}

/** A stream that takes bytes and lets them go only when told. */
function stuckStream() {
  const waiting: (() => void)[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
  return { stream: stream as never, release: () => waiting.shift()?.() };
}

function openWriter(stream: never, socket = { readyState: 1 }, said: string[] = []): FrameWriter {
  return new FrameWriter(socket, stream, "protobuf", {
    lags: () => void said.push("lags"),
    overflows: () => void said.push("overflows"),
    runsAhead: () => void said.push("runs ahead"),
  });
}

describe("frames", () => {
  test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])("of %i bytes are read by ws", (length) => {
    const payload = Buffer.alloc(length, 7);
    expect(readByWs(frameBinary(payload))).toEqual({ message: payload, isBinary: true });
  });

  test("a text counts bytes, not characters", () => {
    const { message, isBinary } = readByWs(frameText("Mbappé ⚽".repeat(20)));
    expect([message.toString(), isBinary]).toEqual(["Mbappé ⚽".repeat(20), false]);
  });

  test("22 bytes cost 24", () => {
    expect(frameBinary(new Uint8Array(22)).length).toBe(24);
  });
});

describe("FrameWriter", () => {
  test("says what waits, and that nothing may follow a close frame", () => {
    const socket = { readyState: 1 };
    const { stream, release } = stuckStream();
    const writer = openWriter(stream, socket);
    expect(writer.waitingBytes).toBe(0);
    writer.write(Buffer.alloc(100));
    writer.write(Buffer.alloc(20));
    expect(writer.waitingBytes).toBe(120);
    release();
    expect(writer.waitingBytes).toBe(20);
    socket.readyState = 2;
    expect(writer.waitingBytes).toBe(-1);
    writer.writeLast(Buffer.alloc(1));
    expect((stream as Writable).writableLength).toBe(20);
  });

  test("closes lanes as its queue grows, and says so, and that it has to go", () => {
    const said: string[] = [];
    const { stream } = stuckStream();
    const writer = openWriter(stream, { readyState: 1 }, said);
    expect(writer.openLanes()).toBe(ALL_LANES);
    writer.isInBackground = true;
    expect(writer.openLanes()).toBe(FIRST_LANES);
    writer.isInBackground = false;
    writer.write(Buffer.alloc(limits.queueSoftBytes));
    expect([writer.openLanes(), said]).toEqual([ALL_LANES, []]);
    writer.write(Buffer.alloc(1));
    expect(writer.openLanes()).toBe(ALL_LANES & ~laneBit("stats"));
    expect([writer.isBehind, said]).toEqual([true, ["lags"]]);
    writer.write(Buffer.alloc(limits.queueHardBytes - limits.queueSoftBytes - 1));
    expect(writer.openLanes()).toBe(FIRST_LANES);
    writer.write(Buffer.alloc(1));
    expect([writer.openLanes(), said.at(-1)]).toEqual([NO_LANES, "overflows"]);
  });

  test("what is written soon goes in one write, in order, before what comes after", async () => {
    const { stream, release } = stuckStream();
    const writes: string[] = [];
    const write = (stream as Writable).write.bind(stream);
    (stream as Writable).write = ((chunk: Buffer) => {
      writes.push(chunk.toString());
      return write(chunk);
    }) as Writable["write"];
    const writer = openWriter(stream);
    writer.writeSoon(Buffer.from("a"));
    writer.writeSoon(Buffer.from("b"));
    expect([writes, writer.waitingBytes]).toEqual([[], 2]);
    writer.write(Buffer.from("goal"));
    expect(writes).toEqual(["abgoal"]);
    writer.writeSoon(Buffer.from("c"));
    writer.writeSoon(Buffer.from("d"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes).toEqual(["abgoal", "cd"]);
    release();
  });

  test("is stalled only while nothing leaves", () => {
    const { stream, release } = stuckStream();
    const writer = openWriter(stream);
    for (let frame = 0; frame < 3; frame++) writer.write(Buffer.alloc(60_000));
    expect(writer.stalledMs(1_000)).toBe(0);
    expect(writer.stalledMs(4_000)).toBe(3_000);
    release();
    expect(writer.stalledMs(5_000)).toBe(0);
    expect(writer.stalledMs(7_000)).toBe(2_000);
  });
});
