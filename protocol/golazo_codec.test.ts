import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  decodeClientFrame,
  decodeGoal,
  decodeMatchState,
  decodeServerFrame,
  encodeClientFrame,
  encodeGoal,
  encodeMatchState,
  encodeServerFrame,
  encodeTrack,
  type MatchState,
} from "./golazo_codec.ts";
import { ProtocolError } from "./protocol_error.ts";

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

function refusal(act: () => unknown): ProtocolError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return thrown;
    throw thrown;
  }
  throw new Error("Expected a ProtocolError, found an answer");
}

/** A message within a message, and so on, as deep as 16 KiB allow. */
function nested(tag: number): Uint8Array {
  const levels: number[][] = [];
  for (let length = 0; length < 16_000;) {
    const level = length < 128 ? [tag, length] : [tag, (length & 127) | 128, length >> 7];
    levels.unshift(level);
    length += level.length;
  }
  return Uint8Array.from(levels.flat());
}

const kickOff: MatchState = {
  phase: "firstHalf",
  phaseStartedAt: 1_784_500_000_000,
  running: true,
  stoppageAnnounced: 0,
  score: { home: 0, away: 0 },
  winner: "undecided",
  feedSilentSince: 0,
  kickoffAt: 1_784_499_600_000,
  note: "Müller ⚽",
  stale: false,
};

describe("codec", () => {
  // The generator formats with deno fmt, so it runs on Deno alone.
  const isDeno = process.versions.deno !== undefined;
  test.skipIf(!isDeno)("golazo_codec.ts is what the generator makes of golazo.proto", () => {
    const root = fileURLToPath(new URL("../", import.meta.url));
    const check = ["run", "-A", "ops/commands/generate_codec.ts", "--check"];
    const { status, stderr } = spawnSync(process.execPath, check, { cwd: root, encoding: "utf8" });
    expect(status, stderr).toBe(0);
  });

  test("a decoded message has every scalar, its absent messages are not there", () => {
    expect(decodeMatchState(encodeMatchState(kickOff))).toStrictEqual(kickOff);
    expect(decodeGoal(new Uint8Array())).toStrictEqual({
      kind: "scored",
      side: "unknownSide",
      home: 0,
      away: 0,
      minute: 0,
      stoppage: 0,
    });
    expect(decodeServerFrame(new Uint8Array())).toStrictEqual({});
  });

  test("encode owns exactly its bytes, defaults are not among them", () => {
    const encoded = encodeGoal({ side: "away", home: 0, kind: "scored" });
    expect([...encoded]).toEqual([0x10, 2]);
    expect(encoded.buffer.byteLength).toBe(2);
    expect(encodeTrack({ matches: ["", "a"] })).toEqual(bytes("1200 1201 61"));
  });

  test("decode reads a view into a larger buffer and nothing around it", () => {
    const around = bytes("ff 1001 1801 ff");
    expect(decodeGoal(around.subarray(1, 5))).toMatchObject({ side: "home", home: 1, minute: 0 });
    expect(refusal(() => decodeGoal(around.subarray(1, 4))).code).toBe("badBytes");
  });

  test("an enum's unknown number is its zero value, unknown fields are skipped", () => {
    expect(decodeGoal(bytes("1063 1802")).side).toBe("unknownSide");
    expect(decodeGoal(bytes("10 ffffffffffffffffff01")).side).toBe("unknownSide");
    const unknown = "f80105 fa0103616263 f90101020304050607 08 fd0101020304";
    expect(decodeGoal(bytes(`${unknown} 1802`)).home).toBe(2);
  });

  test("a oneof's last member wins, two members are not encoded", () => {
    const both = bytes("2a020801 22020801");
    expect(decodeServerFrame(both)).toMatchObject({ reply: { id: 1 } });
    expect(decodeServerFrame(both)).not.toHaveProperty("ping");
    const error = refusal(() => encodeServerFrame({ ping: {}, reply: {} }));
    expect(error).toMatchObject({ code: "badValue" });
    expect(error.message).toContain("reply, ping");
  });

  test.each([
    ["a tag without its value", "18", "at byte 1: needed a number of at most 10 bytes, found 0"],
    ["a tag that does not end", "80", "at byte 0: needed a number of at most 10 bytes, found 1"],
    ["field number 0", "0001", "needed a field's tag, found the number 0"],
    ["a tag past 2^32", "8880808080 01", "needed a field's tag, found the number"],
    ["a number without its end", "18ff", "at byte 1: needed a number of at most 10 bytes, found 1"],
    [
      "a number of 11 bytes",
      "18 ffffffffffffffffffff01",
      "at byte 1: needed a number of at most 10 bytes",
    ],
    ["a uint32 past 2^32", "18 8080808010", "needed a number below 2^32, found 4294967296"],
    ["text where a number belongs", "0a00", "needed wire type 0, found wire type 2"],
    ["an unknown group", "fb01fc01", "needed a wire type of proto3, found wire type 3"],
    ["the start of a group", "1b1c", "needed wire type 0, found wire type 3"],
    ["a short unknown number of 8 bytes", "f901 01020304", "needed 8 more bytes, found 4"],
    ["a short unknown number of 4 bytes", "fd01 010203", "needed 4 more bytes, found 3"],
    ["an unknown value past the end", "fa01 04 616263", "needed 4 more bytes, found 3"],
  ])("%s is refused", (_, hex, message) => {
    const error = refusal(() => decodeGoal(bytes(hex)));
    expect(error.code).toBe("badBytes");
    expect(error.message).toContain(message);
  });

  test.each([
    ["text past the end", "0a04 0a036162", "needed 3 more bytes, found 2"],
    ["text past its message's end", "0a03 0a0461626364", "needed 4 more bytes, found 1"],
    ["text of 2^63 bytes", "0a0b 0a ffffffffffffffff7f 61", "more bytes, found 1"],
    ["a message past the end", "0a05 2001", "needed 5 more bytes, found 2"],
    [
      "a number past its message's end",
      "0a02 20ff 01",
      "at byte 3: needed a number of at most 10 bytes, found 1",
    ],
    ["text that is a number", "0a02 0801", "needed wire type 2, found wire type 0"],
    ["text that is not UTF-8", "0a04 0a02c328", "at byte 4: needed UTF-8"],
    ["a message that is a number", "0801", "needed wire type 2, found wire type 0"],
  ])("%s is refused", (_, hex, message) => {
    const error = refusal(() => decodeClientFrame(bytes(hex)));
    expect(error.code).toBe("badBytes");
    expect(error.message).toContain(message);
  });

  test("a uint64 past 2^53 is refused rather than rounded", () => {
    expect(decodeMatchState(bytes("10 ffffffffffffff0f")).phaseStartedAt).toBe(2 ** 53 - 1);
    expect(refusal(() => decodeMatchState(bytes("10 8080808080808010"))).code).toBe("badBytes");
  });

  test("nested lengths cannot drive the decoder deep", () => {
    const known = nested(0x0a);
    expect(refusal(() => decodeClientFrame(known)).code).toBe("badBytes");
    expect(refusal(() => decodeServerFrame(known)).code).toBe("badBytes");
    expect(decodeClientFrame(nested(0x7a))).toStrictEqual({});
  });

  test.each([
    ["a negative number", { home: -1 }],
    ["a fraction", { home: 1.5 }],
    ["a number past 2^32", { home: 2 ** 32 }],
    ["no number", { home: NaN }],
    ["an unknown name", { side: "left" as "home" }],
  ])("%s is not encoded", (_, init) => {
    const error = refusal(() => encodeGoal(init));
    expect(error.code).toBe("badValue");
    expect(error.message).toContain(String(Object.values(init)[0]));
  });

  test("text of any length keeps its leading U+FEFF", () => {
    const text = "\ufeffGoooooooooooooool";
    const frame = encodeClientFrame({ chatSend: { text } });
    expect(decodeClientFrame(frame).chatSend!.text).toBe(text);
  });
});
