/**
 * What every StreamStore keeps, sentence by sentence of its port.
 *
 * Run by each implementation's own test on the real thing. `reopen`, where an
 * implementation outlives its process, closes the store and opens the same
 * streams again.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StreamStore } from "../../actors/ports/stream.ts";
import { payload } from "./payload.ts";
import { describeAppend, type OpenStream, speak } from "./stream_append.contract.ts";

export function describeStreamContract(name: string, open: () => Promise<OpenStream>): void {
  describe(`${name} keeps the stream contract`, () => {
    let opened: OpenStream;
    let store: StreamStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const { append, texts } = speak(() => store);

    describeAppend(() => opened);

    describe("push", () => {
      test("answers the positions given, whoever writes", async () => {
        expect(await store.push("intake/a", ["x", "y"].map(payload))).toEqual([1, 2]);
        expect(await store.push("intake/a", [payload("z")])).toEqual([3]);
        expect(await store.push("intake/a", [])).toEqual([]);
        expect(await texts("intake/a")).toEqual(["1:x", "2:y", "3:z"]);
      });

      test("of many writers at once gives every entry a place of its own", async () => {
        const given = await Promise.all(
          Array.from({ length: 20 }, (_, index) => store.push("intake/a", [payload(`${index}`)])),
        );
        expect(given.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: 20 }, (_, index) => index + 1),
        );
      });

      test("never uses a removed position again", async () => {
        await store.push("intake/a", ["x", "y"].map(payload));
        await store.remove("intake/a", [1, 2]);
        expect(await store.push("intake/a", [payload("z")])).toEqual([3]);
      });
    });

    describe("read", () => {
      test("answers entries after a position, oldest first, at most the limit", async () => {
        await append("ledger/a", 1, 0, "one", "two", "three", "four");
        expect(await texts("ledger/a", 1, 2)).toEqual(["2:two", "3:three"]);
        expect(await texts("ledger/a", 4, 2)).toEqual([]);
        expect(await texts("ledger/a", 0, 0)).toEqual([]);
        expect(await texts("ledger/none")).toEqual([]);
      });
    });

    describe("position", () => {
      test("is null where the stream is unknown", async () => {
        expect(await store.position("ledger/none")).toBeNull();
      });

      test("tells the oldest held, top + 1 when nothing is", async () => {
        await append("ledger/a", 1, 0, "one", "two", "three");
        expect(await store.position("ledger/a")).toMatchObject({ first: 1, top: 3 });
        await store.remove("ledger/a", [2]);
        expect(await store.position("ledger/a")).toMatchObject({ first: 1, top: 3 });
        await store.trim("ledger/a", 2);
        expect(await store.position("ledger/a")).toMatchObject({ first: 3, top: 3 });
        await store.trim("ledger/a", 3);
        expect(await store.position("ledger/a")).toMatchObject({ first: 4, top: 3 });
      });

      test("keeps one epoch while nothing is lost, and no two streams share one", async () => {
        const first = await append("ledger/a", 1, 0, "one");
        const second = await append("ledger/a", 2, 1, "two");
        const position = await store.position("ledger/a");
        expect(first).toMatchObject({ epoch: position!.epoch });
        expect(second).toMatchObject({ epoch: position!.epoch });
        expect(position!.epoch).not.toBe("");
        await append("ledger/b", 1, 0, "one");
        expect((await store.position("ledger/b"))!.epoch).not.toBe(position!.epoch);
      });
    });

    describe("remove and trim", () => {
      test("remove takes single entries out and nothing else", async () => {
        await append("ledger/a", 1, 0, "one", "two", "three");
        await append("ledger/b", 1, 0, "other");
        await store.remove("ledger/a", [1, 3, 99]);
        await store.remove("ledger/none", [1]);
        expect(await texts("ledger/a")).toEqual(["2:two"]);
        expect(await texts("ledger/b")).toEqual(["1:other"]);
      });

      test("trim forgets up to and including a position; the top stays", async () => {
        await append("ledger/a", 1, 0, "one", "two", "three");
        await append("ledger/b", 1, 0, "other");
        await store.trim("ledger/a", 2);
        await store.trim("ledger/none", 2);
        expect(await texts("ledger/a")).toEqual(["3:three"]);
        await store.trim("ledger/a", 50);
        expect(await append("ledger/a", 1, 3, "four")).toMatchObject({ top: 4 });
        expect(await texts("ledger/a")).toEqual(["4:four"]);
        expect(await texts("ledger/b")).toEqual(["1:other"]);
      });
    });

    describe("reset", () => {
      test("forgets the stream and begins a new epoch at startAt + 1", async () => {
        await append("channel/a", 1, 0, "one", "two");
        const before = await store.position("channel/a");
        const after = await store.reset("channel/a", 1, 40);
        expect(after).toMatchObject({ first: 41, top: 40 });
        expect(after!.epoch).not.toBe(before!.epoch);
        expect(await store.position("channel/a")).toEqual(after);
        expect(await append("channel/a", 1, 40, "new")).toMatchObject({
          outcome: "appended",
          top: 41,
          epoch: after!.epoch,
        });
        expect(await texts("channel/a")).toEqual(["41:new"]);
      });

      test("makes an unknown stream", async () => {
        const made = await store.reset("channel/a", 3, 7);
        expect(await store.position("channel/a")).toEqual(made);
        expect(await append("channel/a", 2, 7, "stale")).toEqual({ outcome: "fenced", fence: 3 });
      });

      test("answers null to a stale owner, and shuts an older one out", async () => {
        await append("channel/a", 5, 0, "one");
        expect(await store.reset("channel/a", 4, 0)).toBeNull();
        expect(await texts("channel/a")).toEqual(["1:one"]);
        await store.reset("channel/a", 6, 0);
        expect(await append("channel/a", 5, 0, "stale")).toEqual({ outcome: "fenced", fence: 6 });
      });
    });

    describe("renew", () => {
      test("changes nothing while the store runs on, whoever asks", async () => {
        expect(await store.renew("channel/a", 1)).toBe(false);
        expect(await store.position("channel/a")).toBeNull();
        await append("channel/a", 1, 0, "one", "two");
        const before = await store.position("channel/a");
        for (const fence of [1, 2, 1]) expect(await store.renew("channel/a", fence)).toBe(false);
        expect(await store.position("channel/a")).toEqual(before);
        expect(await texts("channel/a")).toEqual(["1:one", "2:two"]);
      });
    });

    describe("names", () => {
      test("answers the streams that begin with the prefix, sorted", async () => {
        for (const stream of ["intake/b", "intake/a", "intake/a%", "intakes", "ledger/a"]) {
          await store.push(stream, [payload("x")]);
        }
        expect(await store.names("intake/")).toEqual(["intake/a", "intake/a%", "intake/b"]);
        expect(await store.names("intake/a%")).toEqual(["intake/a%"]);
        expect(await store.names("nothing")).toEqual([]);
        expect(await store.names("")).toHaveLength(5);
      });
    });

    test("everything is there after closing and opening again", async (context) => {
      if (opened.reopen === undefined) return context.skip();
      await append("ledger/a", 4, 0, "one", "two", "three");
      await store.trim("ledger/a", 1);
      const position = await store.position("ledger/a");
      store = await opened.reopen();
      expect(await store.position("ledger/a")).toEqual(position);
      expect(await texts("ledger/a")).toEqual(["2:two", "3:three"]);
      expect(await append("ledger/a", 3, 3, "stale")).toEqual({ outcome: "fenced", fence: 4 });
      expect(await append("ledger/a", 4, 3, "four")).toMatchObject({ outcome: "appended", top: 4 });
    });
  });
}
