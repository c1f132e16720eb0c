import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { closePayload, opcode, rawFrame, readFrame } from "./raw_frames.ts";

const server = { mask: null } as const;

describe("rawFrame", () => {
  // RFC 6455, 5.7.
  test.each([
    ["a text", { opcode: opcode.text, payload: "Hello", ...server }, "810548656c6c6f"],
    ["a masked text", { opcode: opcode.text, payload: "Hello" }, "818537fa213d7f9f4d5158"],
    ["a fragment", { opcode: opcode.text, fin: false, payload: "Hel", ...server }, "010348656c"],
    ["a masked pong", { opcode: opcode.pong, payload: "Hello" }, "8a8537fa213d7f9f4d5158"],
  ])("%s is as the RFC shows it", (_name, init, hex) => {
    expect(rawFrame(init).toString("hex")).toBe(hex);
  });

  test.each([[125, "827d"], [126, "827e007e"], [65_535, "827effff"], [
    65_536,
    "827f0000000000010000",
  ]])("%i bytes are announced by %s", (size, hex) => {
    const frame = rawFrame({ opcode: opcode.binary, payload: Buffer.alloc(size), ...server });
    expect(frame.subarray(0, hex.length / 2).toString("hex")).toBe(hex);
    expect(readFrame(frame)).toMatchObject({ length: frame.length });
    for (const cut of [1, 2, 5, frame.length - 1]) {
      expect(readFrame(frame.subarray(0, cut))).toBe(null);
    }
  });
});

describe("readFrame takes nothing that a server may not send", () => {
  test.each([
    ["a mask", { opcode: opcode.text, payload: "x" }],
    ["a reserved bit", { opcode: opcode.text, rsv: 2, ...server }],
    ["an unknown opcode", { opcode: 3, ...server }],
    ["a short length in 16 bits", { opcode: opcode.text, lengthBits: 16 as const, ...server }],
    ["a short length in 64 bits", { opcode: opcode.text, lengthBits: 64 as const, ...server }],
    ["a ping in fragments", { opcode: opcode.ping, fin: false, ...server }],
    ["a long ping", { opcode: opcode.ping, payload: Buffer.alloc(126), ...server }],
  ])("%s", (_name, init) => {
    expect(() => readFrame(rawFrame(init))).toThrow(/Cannot take the server's frame/);
  });

  test("a close says its code first", () => {
    expect(closePayload(4008, "slow").toString("latin1")).toBe("\x0f\xa8slow");
  });
});
