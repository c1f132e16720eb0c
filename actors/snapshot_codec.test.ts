import { createHash } from "node:crypto";
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

  test("refuses the form of before, a part of SHA-256 and one JSON, so that it is folded anew", () => {
    const record = new TextEncoder().encode(`{"machineVersion":1,"seq":1,"state":{}}`);
    const hash = createHash("sha256").update(record).digest().subarray(0, 8);
    expect(reasonOf(Uint8Array.of(...hash, ...record))).toMatch(/checksum/);
  });
});

describe("encodeSnapshot of a list that grows", () => {
  const fact = (number: number, text = "Luka Modrić, \n 45+2 ⚽") => ({ number, text });
  /** Enough that its lines are kept. */
  const begun = [11, 12, 13, 14].map((number) => fact(number));
  const holding = (list: unknown[]) => {
    const context = { wakeAt: null, words: list, others: [{ number: 1 }] };
    return { ...folded, snapshot: { ...folded.snapshot, context } } as unknown as typeof folded;
  };
  const encode = (list: unknown[]) => encodeSnapshot(wordDefinition, holding(list), 7);
  /** Of objects that no snapshot has held. */
  const anew = (list: unknown[]) => encode(structuredClone(list));
  const listIn = (found: Uint8Array) => {
    const decoded = decodeSnapshot(wordDefinition, found);
    return decoded.outcome === "restored" ? decoded.folded.snapshot.context.words : decoded.reason;
  };

  test("is that of the list alone, whatever snapshots went before", () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((number) => fact(number));
    const behind = [[], [a], [a], [a, b, c], [a, c], [b, c], [a, c, d], [c, d], [d, c], [a, b]];
    const grown = [[], [a], [a, b], ...behind.map((later) => [...begun, ...later]), [b, ...begun]];
    for (const list of grown) {
      const found = encode(list);
      expect(found).toEqual(anew(list));
      expect(listIn(found)).toEqual(list);
    }
  });

  test("follows two lists that part", () => {
    const common = [...begun, fact(2)];
    encode(common);
    const [left, right] = [[...common, fact(3, "left")], [...common, fact(3, "right")]];
    for (const list of [left, right, [...left, fact(4)], [...right, fact(4)], common]) {
      expect(encode(list)).toEqual(anew(list));
    }
  });

  test("makes a fact's text once", () => {
    let asked = 0;
    const list = [1, 2, 3, 4, 5, 6, 7].map((n) => ({ toJSON: () => ++asked && fact(n) }));
    for (const length of [4, 4, 5, 7]) encode(list.slice(0, length));
    expect(asked).toBe(7);
  });

  test("of facts longer than the place for what is new", () => {
    const list = [...begun, fact(2, "ć".repeat(10_000)), fact(3)];
    expect(listIn(encode(list))).toEqual(list);
    expect(listIn(encode([...list, fact(4)]))).toEqual([...list, fact(4)]);
  });

  test("leaves bytes given out before as they were", () => {
    const first = encode(begun);
    const copy = first.slice();
    encode([...begun, fact(2)]);
    expect(first).toEqual(copy);
  });
});
