import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { ChannelHistory } from "./channel_history.ts";
import { ChannelPublisher } from "./channel_publisher.ts";
import { decodePublication, type Publication } from "./publication.ts";

const CHANNEL = "match:a";
const text = ({ offset, body }: Publication) => `${offset} ${new TextDecoder().decode(body)}`;

let file: SqliteFile;
let publisher: ChannelPublisher<string>;
let history: ChannelHistory;
let heard: Publication[];

beforeEach(async () => {
  file = new SqliteFile(":memory:", { synchronous: "off" });
  const broker = new MemoryBroker(silentEvents);
  const stream = new SqliteStream(file, broker, seededRandom(1));
  history = new ChannelHistory(stream, CHANNEL);
  heard = [];

  await broker.subscribe(CHANNEL, (payload) => void heard.push(decodePublication(payload)));
  publisher = new ChannelPublisher({
    ...{ stream, broker },
    channelOf: (id) => `match:${id}`,
    encode: (update) => {
      return { lane: "goal", key: "key", body: new TextEncoder().encode(update) };
    },
  });
});
afterEach(() => file.close());

const durable = (first: number, ...updates: string[]) =>
  updates.map((update, index) => ({ offset: first + index, update }));
const publish = (fence: number, ...changes: { offset: number | null; update: string }[]) =>
  publisher.publish("a", fence, changes);
async function kept(): Promise<string[]> {
  const { epoch, first } = (await history.position())!;
  const found = await history.after({ epoch, offset: first - 1 });
  return found === "gap" ? ["gap"] : found.map(text);
}

describe("ChannelPublisher", () => {
  test("writes durable changes at their offsets and brings them to whoever listens", async () => {
    expect(await publisher.claim("a", 1)).toBe(0);
    await publish(1, ...durable(1, "one", "two"));
    await publish(1, ...durable(3, "three"));
    expect(await kept()).toEqual(["1 one", "2 two", "3 three"]);
    expect(heard.map(text)).toEqual(["1 one", "2 two", "3 three"]);
    expect(await publisher.claim("a", 1)).toBe(3);
  });

  test("volatile changes go to listeners alone", async () => {
    await publish(1, { offset: null, update: "possession" }, ...durable(1, "one"));
    expect(await kept()).toEqual(["1 one"]);
    expect(heard.map(text)).toEqual(["1 one", "null possession"]);
    expect(heard[1]!.key).toBe("key");
  });

  test("when it came in is told to listeners and not kept: the bytes follow from the ledger", async () => {
    await publisher.publish("a", 1, [
      { offset: 1, update: "one", receivedAt: 1_671_375_600_000, trace: "00-trace" },
    ]);
    expect(heard[0]).toMatchObject({ receivedAt: 1_671_375_600_000, trace: "00-trace" });
    const { epoch } = (await history.position())!;
    expect(await history.after({ epoch, offset: 0 }))
      .toMatchObject([{ receivedAt: 0, trace: "" }]);
  });

  test("the same again is harmless and goes nowhere twice", async () => {
    await publish(1, ...durable(1, "one", "two"));
    expect(await publish(1, ...durable(1, "one", "two"))).toEqual({ outcome: "published" });
    expect(await kept()).toEqual(["1 one", "2 two"]);
    expect(heard).toHaveLength(2);
  });

  test("a gap names the history's top, and writes nothing", async () => {
    await publish(1, ...durable(1, "one"));
    expect(await publish(1, ...durable(4, "four"))).toEqual({ outcome: "gap", top: 1 });
    expect(await kept()).toEqual(["1 one"]);
    expect(heard).toHaveLength(1);
  });

  test("a stale owner is fenced, and its volatile changes with it", async () => {
    await publish(2, ...durable(1, "one"));
    const outcome = await publish(1, ...durable(2, "two"), { offset: null, update: "possession" });
    expect(outcome).toEqual({ outcome: "fenced" });
    expect(heard).toHaveLength(1);
  });

  test("keeps at least what a ring can hold and at most four times that", async () => {
    for (let offset = 1; offset <= 2_000; offset++) {
      await publish(1, ...durable(offset, `${offset}`));
      const { first, top } = (await history.position())!;
      expect(top).toBe(offset);
      expect(top - first + 1).toBeGreaterThanOrEqual(Math.min(offset, limits.channelRingMin));
      expect(top - first + 1).toBeLessThanOrEqual(4 * limits.channelRingMin);
    }
  });

  test("reset begins a new epoch after the offset and asks listeners to look again", async () => {
    await publish(1, ...durable(1, "one", "two", "three"));
    const before = (await history.position())!;
    await publisher.reset("a", 1, 2);
    const after = (await history.position())!;
    expect(after).toMatchObject({ first: 3, top: 2 });
    expect(after.epoch).not.toBe(before.epoch);
    expect(heard.at(-1)!.offset).toBe(0);
    await publish(1, ...durable(3, "another"));
    expect(await kept()).toEqual(["3 another"]);
  });

  test("a stale owner resets nothing", async () => {
    await publish(2, ...durable(1, "one"));
    await publisher.reset("a", 1, 0);
    expect(await kept()).toEqual(["1 one"]);
    expect(heard).toHaveLength(1);
  });
});

describe("ChannelHistory.after", () => {
  test("has a gap where the oldest, the epoch or too much is gone", async () => {
    for (let offset = 1; offset <= 700; offset++) await publish(1, ...durable(offset, `${offset}`));
    const { epoch } = (await history.position())!;
    expect(await history.after({ epoch, offset: 399 })).toBe("gap");
    expect(await history.after({ epoch, offset: 400 })).toHaveLength(limits.channelRingMin);
    expect(await history.after({ epoch, offset: 700 })).toEqual([]);
    expect(await history.after({ epoch: "another", offset: 650 })).toBe("gap");
    await publisher.reset("a", 1, 700);
    expect(await history.after({ epoch, offset: 700 })).toBe("gap");
  });
});
