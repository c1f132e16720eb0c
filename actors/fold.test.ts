import { afterEach, describe, expect, test } from "vitest";
import { foldEntries, FoldError, genesis, step } from "./fold.ts";
import { type Body, curse, wordDefinition } from "./loop_test_kit.ts";

const ledgerOf = (...bodies: (string | Body)[]) =>
  bodies.map((body, index) => ({
    seq: index + 1,
    recordedAt: 1_000,
    body: typeof body === "string" ? { word: body } : body,
  }));
const start = () => genesis(wordDefinition, "a");
const fold = (...bodies: (string | Body)[]) =>
  foldEntries(wordDefinition, start(), ledgerOf(...bodies));

afterEach(() => curse(null));

describe("foldEntries", () => {
  test("numbers durable changes from 1 and volatile ones not at all", () => {
    const { folded, changes } = fold("one", "~two", "three");
    expect(changes).toEqual([
      { offset: 1, update: "one" },
      { offset: null, update: "~two" },
      { offset: 2, update: "three" },
    ]);
    expect([folded.seq, folded.offset]).toEqual([3, 2]);
  });

  test("gives the same offsets wherever it begins", () => {
    const entries = ledgerOf("one", "~two", "three", "four");
    const whole = foldEntries(wordDefinition, start(), entries);
    for (let cut = 0; cut <= entries.length; cut++) {
      const head = foldEntries(wordDefinition, start(), entries.slice(0, cut));
      const tail = foldEntries(wordDefinition, head.folded, entries.slice(cut));
      expect([...head.changes, ...tail.changes]).toEqual(whole.changes);
      expect(tail.folded).toEqual(whole.folded);
    }
  });

  test("leaves what it folds from as it was", () => {
    const before = start();
    step(wordDefinition, before, ledgerOf("one")[0]!);
    expect(before).toEqual(start());
  });

  test("names the entry that cannot be folded, and why", () => {
    curse("two");
    const failing = () => fold("one", "two", "three");
    expect(failing).toThrow(FoldError);
    expect(failing).toThrow("Cannot fold the entry at seq 2: the word two is cursed");
  });

  test("an entry that a later one puts into quarantine changes nothing but the seq", () => {
    curse("two");
    const { folded, changes } = fold("one", "two", "three", { skipped: 2 });
    expect(changes.map(({ offset, update }) => `${offset} ${update}`)).toEqual([
      "1 one",
      "2 three",
    ]);
    expect(folded.snapshot.context.words).toEqual(["one", "three"]);
    expect([folded.seq, folded.offset]).toEqual([4, 2]);
  });
});
