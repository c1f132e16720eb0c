import { describe, expect, test } from "vitest";
import { genesis, step } from "./fold.ts";
import { wordDefinition } from "./loop_test_kit.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot_codec.ts";

const entry = { seq: 1, recordedAt: 5, body: { word: "goal" } };
const folded = step(wordDefinition, genesis(wordDefinition, "a"), entry).folded;
const bytes = encodeSnapshot(wordDefinition, folded, 7);

function reasonOf(changed: Uint8Array, definition = wordDefinition): string {
  const decoded = decodeSnapshot(definition, changed);
  return decoded.outcome === "unusable" ? decoded.reason : "usable";
}

describe("decodeSnapshot", () => {
  test("gives back what was encoded: state, seq and offset", () => {
    const decoded = decodeSnapshot(wordDefinition, bytes);
    if (decoded.outcome !== "restored") throw new Error(decoded.reason);
    expect(decoded.folded.seq).toBe(1);
    expect(decoded.folded.offset).toBe(1);
    expect(decoded.folded.snapshot.context).toEqual({ words: ["goal"], wakeAt: null });
    expect(encodeSnapshot(wordDefinition, decoded.folded, 7)).toEqual(bytes);
  });

  test("a restored snapshot goes on like the one it was made of", () => {
    const decoded = decodeSnapshot(wordDefinition, bytes);
    if (decoded.outcome !== "restored") throw new Error(decoded.reason);
    const next = { seq: 2, recordedAt: 6, body: { word: "card" } };
    const [here, there] = [folded, decoded.folded].map((from) => step(wordDefinition, from, next));
    expect(there!.changes).toEqual(here!.changes);
    expect(encodeSnapshot(wordDefinition, there!.folded, 7))
      .toEqual(encodeSnapshot(wordDefinition, here!.folded, 7));
  });

  test("finds every flipped bit", () => {
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      expect(reasonOf(flipped)).toMatch(/checksum/);
    }
  });

  test("finds a cut tail at every length", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(reasonOf(bytes.slice(0, length))).toMatch(/checksum/);
    }
  });

  test("refuses another machine version, naming both", () => {
    const later = { ...wordDefinition, machineVersion: 2 };
    expect(reasonOf(bytes, later)).toBe("it is of machine version 1, this is 2");
  });

  test("refuses a state that its machine does not have", () => {
    const snapshot = { ...folded.snapshot, value: { elsewhere: {} } };
    const strange = { ...folded, snapshot } as unknown as typeof folded;
    expect(reasonOf(encodeSnapshot(wordDefinition, strange, 7))).toMatch(/no such state/);
  });
});
