import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StreamStore } from "../actors/ports/stream.ts";
import { FoldedStream } from "./folded_stream.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";

const NAME = "words";

let stage: MatchStage;
let words: string[];
/** What a test holds the next page back with. */
let held: Promise<void> | null;
let pages: number;
let folded: FoldedStream<string>;
beforeEach(() => {
  stage = matchStage();
  words = [];
  held = null;
  pages = 0;
  const { stream } = stage;
  const slow = {
    position: (name: string) => stream.position(name),
    push: (name: string, entries: Uint8Array[]) => stream.push(name, entries),
    read: async (name: string, after: number, limit: number) => {
      pages += 1;
      const lines = await stream.read(name, after, limit);
      await held;
      return lines;
    },
  } as StreamStore;
  folded = new FoldedStream<string>(slow, NAME, {
    forget: () => words = [],
    fold: (word) => words.push(word),
  });
});
afterEach(() => stage.close());

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

describe("FoldedStream.look", () => {
  test("folds each line once, however many look", async () => {
    for (const word of ["a", "b"]) await folded.push(word);
    await Promise.all([folded.look(), folded.look()]);
    await folded.push("c");
    await Promise.all([folded.look(), folded.look()]);
    expect(words).toEqual(["a", "b", "c"]);
  });

  test("answers with all that was written before it was asked", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await folded.push("a");
    held = promise;
    const early = folded.look();
    await until(() => pages === 1);
    await folded.push("b");
    const late = folded.look();
    resolve();
    await late;
    expect(words).toEqual(["a", "b"]);
    await early;
  });

  test("takes nothing of the stream before into the one that follows", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const word of ["a", "b", "c"]) await folded.push(word);
    held = promise;
    const early = folded.look();
    await until(() => pages === 1);
    await stage.stream.reset(NAME, 1, 0);
    await folded.push("new");
    const late = folded.look();
    resolve();
    await Promise.all([early, late]);
    expect(words).toEqual(["new"]);
  });
});
