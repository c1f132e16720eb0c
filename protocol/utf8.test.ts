import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../runtime/any_text.testing.ts";
import { utf8Length, utf8Text, writeUtf8 } from "./utf8.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function expected(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

test("utf8Text gives back any text", () => {
  fc.assert(fc.property(anyText(), (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(utf8Text(bytes, 0, bytes.length)).toBe(text);
  }));
  const long = "Müller ⚽ und sehr viel mehr; ".repeat(1_000) + "x".repeat(10_000);
  const bytes = new TextEncoder().encode(long);
  expect(utf8Text(bytes, 0, bytes.length)).toBe(long);
});

function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text) + 2);
  writeUtf8(text, bytes, 1);
  // Neither before nor behind its place is anything written.
  if (bytes[0] !== 0 || bytes.at(-1) !== 0) throw new Error(`written past ${text}: ${bytes}`);
  return bytes.subarray(1, -1);
}

test("writeUtf8 answers as TextEncoder for every code point and any text", () => {
  const encoder = new TextEncoder();
  for (let code = 0; code <= 0x10_ffff; code += code < 0x1_0000 ? 1 : 61) {
    const text = String.fromCodePoint(code);
    const [mine, theirs] = [utf8Bytes(text), encoder.encode(text)];
    if (Buffer.compare(mine, theirs) !== 0) expect([code, mine]).toEqual([code, theirs]);
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((n) => String.fromCharCode(n)) }), (text) => {
      expect(utf8Bytes(text).join()).toBe(encoder.encode(text).join());
    }),
  );
  const england = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
  expect(utf8Bytes(england).join()).toBe(encoder.encode(england).join());
});

test("utf8Text answers as a strict TextDecoder for every two bytes and any others", () => {
  for (let pair = 0; pair < 0x1_0000; pair++) {
    const bytes = Uint8Array.of(pair >> 8, pair & 0xff, 0x80, 0x80);
    const [mine, theirs] = [utf8Text(bytes, 0, 4), expected(bytes)];
    if (mine !== theirs) expect([pair, mine]).toEqual([pair, theirs]);
  }
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x8f, 0x9f, 0xbf),
  );
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 8 }), (list) => {
      const bytes = Uint8Array.from(list);
      expect(utf8Text(bytes, 0, bytes.length)).toBe(expected(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("utf8Text reads only its part", () => {
  const bytes = new TextEncoder().encode("ab⚽");
  expect(utf8Text(bytes, 1, 2)).toBe("b");
  expect(utf8Text(bytes, 2, 4)).toBeNull();
});
