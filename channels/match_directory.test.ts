import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StreamStore } from "../actors/ports/stream.ts";
import { MatchDirectory } from "./match_directory.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";

let stage: MatchStage;
let directory: MatchDirectory;
beforeEach(() => {
  stage = matchStage();
  directory = new MatchDirectory(stage.stream);
});
afterEach(() => stage.close());

describe("MatchDirectory", () => {
  test("is empty where nobody ever wrote", async () => {
    expect(await directory.ids()).toEqual([]);
  });

  test("lists matches in the order in which they came, for every reader", async () => {
    for (const id of ["c", "a", "b"]) await directory.add(id);
    expect(await directory.ids()).toEqual(["c", "a", "b"]);
    expect(await new MatchDirectory(stage.stream).ids()).toEqual(["c", "a", "b"]);
  });

  test("twice is harmless, by one owner or by two", async () => {
    const other = new MatchDirectory(stage.stream);
    await directory.ids();
    await Promise.all([directory.add("a"), other.add("a")]);
    await directory.add("a");
    expect(await directory.ids()).toEqual(["a"]);
    expect((await stage.stream.position("matches"))!.top).toBeLessThanOrEqual(2);
  });

  test("folds what is new at each look", async () => {
    const other = new MatchDirectory(stage.stream);
    await directory.add("a");
    expect(await other.ids()).toEqual(["a"]);
    await directory.add("b");
    await directory.remove("a");
    expect(await other.ids()).toEqual(["b"]);
  });

  test("a match that left the list does not come back by itself", async () => {
    await directory.add("a");
    await directory.remove("a");
    await directory.remove("a");
    await directory.add("a");
    expect(await directory.ids()).toEqual([]);
    expect(await new MatchDirectory(stage.stream).ids()).toEqual([]);
  });

  test("reads past a page, and anew where the stream is another", async () => {
    for (let id = 0; id < 1_100; id++) {
      await stage.stream.push("matches", [
        new TextEncoder().encode(JSON.stringify({ id: `m${id}`, listed: true })),
      ]);
    }
    expect(await directory.ids()).toHaveLength(1_100);
    await stage.stream.reset("matches", 1, 0);
    await directory.add("new");
    expect(await directory.ids()).toEqual(["new"]);
  });

  test("what a store forgot altogether can be listed again", async () => {
    const empty = matchStage();
    let { stream } = stage;
    const switched = {
      position: (name: string) => stream.position(name),
      read: (name: string, after: number, limit: number) => stream.read(name, after, limit),
      push: (name: string, entries: Uint8Array[]) => stream.push(name, entries),
    } as StreamStore;
    directory = new MatchDirectory(switched);
    await directory.add("a");
    stream = empty.stream;
    expect(await directory.ids()).toEqual([]);
    await directory.add("a");
    expect(await directory.ids()).toEqual(["a"]);
    empty.close();
  });
});
