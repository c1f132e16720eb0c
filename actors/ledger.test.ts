import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ledger } from "./ledger.ts";
import { type LoopStage, loopStage } from "./loop_test_kit.ts";

const entriesFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    seq: first + index,
    recordedAt: 1_000 + first + index,
    body: { word: `word ${first + index} ⚽` },
  }));

describe("Ledger", () => {
  let stage: LoopStage;
  let ledger: Ledger<{ word: string }>;
  beforeEach(() => {
    stage = loopStage();
    ledger = new Ledger(stage.stream, "words", "b");
  });
  afterEach(() => stage.close());

  test("is a stream of its own for each entity", async () => {
    expect(ledger.name).toBe("ledger/words/b");
    expect(await ledger.position()).toBeNull();
    await ledger.append(1, 0, entriesFrom(1, 1));
    expect(await new Ledger(stage.stream, "words", "c").after(0)).toEqual([]);
  });

  test("reads back every entry after a seq, over several pages", async () => {
    const entries = entriesFrom(1, 2_345);
    await ledger.append(1, 0, entries);
    expect(await ledger.after(0)).toEqual(entries);
    expect(await ledger.after(999)).toEqual(entries.slice(999));
    expect(await ledger.after(2_345)).toEqual([]);
    expect(await ledger.position()).toMatchObject({ first: 1, top: 2_345 });
  });

  test("refuses a second writer, a repeated entry and a hole", async () => {
    await ledger.append(2, 0, entriesFrom(1, 2));
    expect(await ledger.append(1, 2, entriesFrom(3, 1))).toMatchObject({ outcome: "fenced" });
    expect(await ledger.append(2, 1, entriesFrom(2, 1))).toMatchObject({ outcome: "ahead" });
    expect(await ledger.append(2, 3, entriesFrom(4, 1))).toMatchObject({ outcome: "gap" });
    expect(await ledger.after(0)).toEqual(entriesFrom(1, 2));
  });
});
