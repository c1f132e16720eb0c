/**
 * What every StreamStore keeps of `append`: fences, tops, positions, publication.
 *
 * The half of the stream contract that a single writer rests on; the rest is in
 * stream.contract.ts, which runs both.
 */
import { describe, expect, test } from "vitest";
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

/** Appends and reads in words. */
export function speak(store: () => StreamStore) {
  return {
    append: (stream: string, fence: number, expectedTop: number, ...texts: string[]) =>
      store().append(stream, { fence, expectedTop, entries: texts.map(payload) }),
    texts: async (stream: string, after = 0, limit = 100) =>
      (await store().read(stream, after, limit)).map(({ position, bytes }) =>
        `${position}:${textOf(bytes)}`
      ),
  };
}

export function describeAppend(opened: () => OpenStream): void {
  const { append, texts } = speak(() => opened().store);

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
      await opened().store.trim("ledger/a", 3);
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
      const positions = (await opened().store.read("ledger/a", 0, 100)).map(({ position }) =>
        position
      );
      expect(positions).toEqual(positions.map((_, index) => index + 1));
      expect(positions.length).toBeGreaterThanOrEqual(19);
    });

    test("keeps every byte as it came", async () => {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const large = new Uint8Array(100_000).fill(0xa5);
      await opened().store.append("ledger/a", {
        fence: 1,
        expectedTop: 0,
        entries: [all, new Uint8Array(), large],
      });
      const held = await opened().store.read("ledger/a", 0, 10);
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
        await opened().store.append("ledger/a", { fence: 1, expectedTop: top, entries });
      }
      expect((await opened().store.position("ledger/a"))?.top).toBe(10_004);
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
      await opened().broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)));
      for (const top of [0, 1, 2]) {
        await opened().store.append("channel/a", {
          fence: 1,
          expectedTop: top,
          entries: [payload(`${top}`)],
          publish: { channel: "match:a", payloads: [payload(`${top}.x`), payload(`${top}.y`)] },
        });
      }
      await expect.poll(() => heard).toEqual(["0.x", "0.y", "1.x", "1.y", "2.x", "2.y"]);
    });

    test("is in the stream when it is heard, as who missed one reads on at once", async () => {
      const found: Promise<string[]>[] = [];
      await opened().broker.subscribe("match:a", () => void found.push(texts("channel/a")));
      const publish = { channel: "match:a", payloads: [payload("goal"), payload("line")] };
      const entries = [payload("goal"), payload("line")];
      await opened().store.append("channel/a", { fence: 1, expectedTop: 0, entries, publish });
      await expect.poll(() => found.length).toBe(2);
      for (const read of found) expect(await read).toEqual(["1:goal", "2:line"]);
    });

    test("happens only where something was appended", async () => {
      const heard: string[] = [];
      await opened().broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)));
      const say = (fence: number, expectedTop: number, text: string) =>
        opened().store.append("channel/a", {
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
      await opened().broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)));
      const publish = { channel: "match:a", payloads: [payload("volatile")] };
      await opened().store.append("channel/a", { fence: 2, expectedTop: 0, entries: [], publish });
      await opened().store.append("channel/a", { fence: 1, expectedTop: 0, entries: [], publish });
      await expect.poll(() => heard).toEqual(["volatile"]);
    });
  });
}
