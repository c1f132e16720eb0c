import { expect, test } from "vitest";
import { nextTurn } from "../runtime/turn.ts";
import { StreamChannel } from "./stream_channel.ts";
import type { Publication } from "./publication.ts";
import { type Later, ScriptedHistory } from "./scripted_history.ts";

/** A channel whose broker says when it is in doubt. */
async function opened(history: ScriptedHistory) {
  const heard: (number | null)[] = [];
  let resets = 0;
  let doubt: () => Promise<unknown> = () => Promise.reject(new Error("nobody to ask"));
  const channel = await StreamChannel.open({
    name: "match:a",
    stream: history.stream,
    broker: {
      ...history.broker,
      subscribe(channel, listener, onDoubt) {
        doubt = onDoubt!;
        return history.broker.subscribe(channel, listener);
      },
    },
    snapshot: history.snapshot,
    listener: ({ offset }: Publication) => void heard.push(offset),
    onReset: () => void resets++,
  });
  return { channel: channel!, heard, doubt: () => doubt(), resets: () => resets };
}

const atOnce: Later = () => Promise.resolve();
const LOST = true;

test("StreamChannel in doubt reads what the broker lost", async () => {
  const history = new ScriptedHistory(atOnce);
  await history.publish();
  const { channel, heard, doubt, resets } = await opened(history);
  await history.publish(LOST);
  await history.publish(LOST);
  expect(heard).toEqual([]);
  await doubt();
  expect(heard).toEqual([2, 3]);
  expect(channel.position).toEqual({ epoch: "e1", offset: 3 });
  await doubt();
  expect(heard).toEqual([2, 3]);
  expect(resets()).toBe(0);
});

test("StreamChannel in doubt that cannot read says so, and reads when asked again", async () => {
  const history = new ScriptedHistory(atOnce);
  await history.publish();
  const { heard, doubt } = await opened(history);
  await history.publish(LOST);
  history.failures = 1;
  await expect(doubt()).rejects.toThrow("away");
  await doubt();
  expect(heard).toEqual([2]);
});

test("StreamChannel reads once more for a doubt that came while it was reading", async () => {
  let answers = 0;
  let atLastAnswer = () => Promise.resolve();
  const history = new ScriptedHistory((what) => {
    // Position, to see whether anything is lacking; position, entries, and whether the epoch is
    // still the same.
    return what === "answer" && ++answers === 4 ? atLastAnswer() : Promise.resolve();
  });
  await history.publish();
  const { heard, doubt } = await opened(history);
  await history.publish(LOST);
  const asked: Promise<unknown>[] = [];
  answers = 0;
  atLastAnswer = async () => {
    await history.publish(LOST);
    asked.push(doubt());
  };
  asked.push(doubt());
  await expect.poll(() => asked.length).toBe(2);
  await Promise.all(asked);
  expect(heard).toEqual([2, 3]);
});

test("StreamChannel in doubt reads nothing of what is still coming in", async () => {
  let asks = 0;
  let onItsWay: Promise<unknown> = Promise.resolve();
  const history = new ScriptedHistory((what) => {
    if (what === "ask") asks += 1;
    return what === "bring" ? onItsWay : Promise.resolve();
  });
  await history.publish();
  const { heard, doubt } = await opened(history);
  onItsWay = nextTurn().then(nextTurn);
  const published = history.publish();
  asks = 0;
  await doubt();
  await published;
  expect(heard).toEqual([2]);
  // The position alone.
  expect(asks).toBe(1);
});

test("StreamChannel begins its members anew where the history lost what they were shown", async () => {
  const history = new ScriptedHistory(atOnce);
  for (let offset = 1; offset <= 5; offset++) await history.publish();
  const { channel, heard, doubt, resets } = await opened(history);
  history.loseTail(2);
  await doubt();
  expect(resets()).toBe(1);
  expect(channel.position).toEqual({ epoch: "e1", offset: 3 });
  await history.publish();
  expect(heard).toEqual([4]);
  expect(channel.position.offset).toBe(4);
});
