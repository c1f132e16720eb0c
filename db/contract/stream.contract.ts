/**
 * What every StreamStore keeps, sentence by sentence of its port.
 *
 * Run by each implementation's own test on the real thing. `reopen`, where an
 * implementation outlives its process, closes the store and opens the same
 * streams again.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Broker } from "../../actors/ports/broker.ts";
import type { StreamStore } from "../../actors/ports/stream.ts";
import { payload, textOf } from "./payload.ts";

export interface OpenStream {
  store: StreamStore;
  /** The broker that the store publishes to. */
  broker: Broker;
  close(): Promise<void>;
  reopen?(): Promise<StreamStore>;
}

export function describeStreamContract(name: string, open: () => Promise<OpenStream>): void {
  describe(`${name} keeps the stream contract`, () => {
    let opened: OpenStream;
    let store: StreamStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const append = (stream: string, fence: number, expectedTop: number, ...texts: string[]) =>
      store.append(stream, { fence, expectedTop, entries: texts.map(payload) });
    const texts = async (stream: string, after = 0, limit = 100) =>
      (await store.read(stream, after, limit)).map(({ position, bytes }) =>
        `${position}:${textOf(bytes)}`
      );

    describe("append", () => {
      test("positions start at 1 and have no gap", async () => {
        expect(await append("ledger/a", 1, 0, "one", "two")).toMatchObject({
          outcome: "appended",
          top: 2,
        });
        expect(await append("ledger/a", 1, 2, "three")).toMatchObject({ top: 3 });
        expect(await texts("ledger/a")).toEqual(["1:one", "2:two", "3:three"]);
      });

      test("answers ahead where the stream holds all of it, and writes nothing", async () => {
        await append("ledger/a", 1, 0, "one", "two", "three");
        expect(await append("ledger/a", 1, 1, "two")).toMatchObject({ outcome: "ahead", top: 3 });
        expect(await append("ledger/a", 1, 0, "one", "two", "three")).toMatchObject({
          outcome: "ahead",
          top: 3,
        });
        expect(await texts("ledger/a")).toEqual(["1:one", "2:two", "3:three"]);
      });

      test("appends the missing tail where the stream holds a part", async () => {
        await append("ledger/a", 1, 0, "one", "two");
        expect(await append("ledger/a", 1, 1, "two", "three", "four")).toMatchObject({
          outcome: "appended",
          top: 4,
        });
        expect(await texts("ledger/a")).toEqual(["1:one", "2:two", "3:three", "4:four"]);
      });

      test("counts trimmed and removed positions as held", async () => {
        await append("ledger/a", 1, 0, "one", "two", "three");
        await store.trim("ledger/a", 3);
        expect(await append("ledger/a", 1, 1, "two", "three")).toMatchObject({ outcome: "ahead" });
        expect(await texts("ledger/a")).toEqual([]);
      });

      test("answers gap where the top is below the expected, and writes nothing", async () => {
        await append("ledger/a", 1, 0, "one");
        expect(await append("ledger/a", 1, 2, "three")).toMatchObject({ outcome: "gap", top: 1 });
        expect(await append("ledger/new", 1, 5, "six")).toMatchObject({ outcome: "gap", top: 0 });
        expect(await texts("ledger/a")).toEqual(["1:one"]);
        expect(await texts("ledger/new")).toEqual([]);
      });

      test("of nothing at the top is an append of nothing", async () => {
        expect(await append("ledger/a", 1, 0)).toMatchObject({ outcome: "appended", top: 0 });
        await append("ledger/a", 1, 0, "one");
        expect(await append("ledger/a", 1, 1)).toMatchObject({ outcome: "appended", top: 1 });
        expect(await append("ledger/a", 1, 0)).toMatchObject({ outcome: "ahead", top: 1 });
      });

      test("refuses a fence lower than it has seen for this stream", async () => {
        await append("ledger/a", 7, 0, "one");
        expect(await append("ledger/a", 6, 1, "stale")).toEqual({ outcome: "fenced", fence: 7 });
        expect(await append("ledger/a", 7, 1, "two")).toMatchObject({ outcome: "appended" });
        expect(await append("ledger/b", 1, 0, "other")).toMatchObject({ outcome: "appended" });
      });

      test("a new owner shuts the old one out even by an append that wrote nothing", async () => {
        await append("ledger/a", 1, 0, "one");
        await append("ledger/a", 2, 0, "one");
        expect(await append("ledger/a", 1, 1, "two")).toEqual({ outcome: "fenced", fence: 2 });
        await append("ledger/a", 3, 9, "far");
        expect(await append("ledger/a", 2, 1, "two")).toEqual({ outcome: "fenced", fence: 3 });
      });

      test("of two writers at once only the one with the higher fence goes on", async () => {
        const writers = [1, 2].map(async (fence) => {
          let top = 0;
          for (let turn = 0; turn < 20; turn++) {
            const answer = await append("ledger/a", fence, top, `${fence}.${turn}`);
            if (answer.outcome === "fenced") return "fenced";
            top = answer.top;
          }
          return "done";
        });
        expect(await Promise.all(writers)).toEqual(["fenced", "done"]);
        const positions = (await store.read("ledger/a", 0, 100)).map(({ position }) => position);
        expect(positions).toEqual(positions.map((_, index) => index + 1));
        expect(positions.length).toBeGreaterThanOrEqual(19);
      });

      test("keeps every byte as it came", async () => {
        const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
        const large = new Uint8Array(100_000).fill(0xa5);
        await store.append("ledger/a", {
          fence: 1,
          expectedTop: 0,
          entries: [all, new Uint8Array(), large],
        });
        const held = await store.read("ledger/a", 0, 10);
        expect(held.map(({ bytes }) => [...bytes.subarray(0, 256)])).toEqual([
          [...all],
          [],
          [...large.subarray(0, 256)],
        ]);
        expect(held[2]!.bytes.length).toBe(100_000);
      });

      test("goes past position 10,000 in order", async () => {
        const entries = Array.from({ length: 2_501 }, (_, index) => payload(`${index}`));
        for (let top = 0; top < 10_004; top += entries.length) {
          await store.append("ledger/a", { fence: 1, expectedTop: top, entries });
        }
        expect((await store.position("ledger/a"))?.top).toBe(10_004);
        expect(await texts("ledger/a", 9_998, 4)).toEqual([
          "9999:2495",
          "10000:2496",
          "10001:2497",
          "10002:2498",
        ]);
      });
    });

    describe("publish", () => {
      test("reaches listeners after the append, in order", async () => {
        const heard: string[] = [];
        await opened.broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)));
        for (const top of [0, 1, 2]) {
          await store.append("channel/a", {
            fence: 1,
            expectedTop: top,
            entries: [payload(`${top}`)],
            publish: { channel: "match:a", payloads: [payload(`${top}.x`), payload(`${top}.y`)] },
          });
        }
        await expect.poll(() => heard).toEqual(["0.x", "0.y", "1.x", "1.y", "2.x", "2.y"]);
      });

      test("happens only where something was appended", async () => {
        const heard: string[] = [];
        await opened.broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)));
        const say = (fence: number, expectedTop: number, text: string) =>
          store.append("channel/a", {
            fence,
            expectedTop,
            entries: [payload(text)],
            publish: { channel: "match:a", payloads: [payload(text)] },
          });
        await say(2, 0, "first");
        await say(2, 0, "ahead");
        await say(2, 5, "gap");
        await say(1, 1, "fenced");
        await say(2, 1, "second");
        await expect.poll(() => heard).toEqual(["first", "second"]);
      });

      test("goes without entries too, under the fence", async () => {
        const heard: string[] = [];
        await opened.broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)));
        const publish = { channel: "match:a", payloads: [payload("volatile")] };
        await store.append("channel/a", { fence: 2, expectedTop: 0, entries: [], publish });
        await store.append("channel/a", { fence: 1, expectedTop: 0, entries: [], publish });
        await expect.poll(() => heard).toEqual(["volatile"]);
      });
    });

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
