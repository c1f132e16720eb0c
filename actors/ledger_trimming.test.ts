import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { historyName } from "../channels/channel_history.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { snapshotKey } from "./actor_restore.ts";
import { ID, type LoopStage, loopStage, settled, wordDefinition } from "./loop_test_kit.ts";

const KEPT = 4;
const definition = {
  ...wordDefinition,
  ledgerKept: KEPT,
  snapshotPace: { entriesMax: 2, ageMsMax: 1_000 },
};
const KEY = snapshotKey("words", ID);

let stage: LoopStage;
beforeEach(() => (stage = loopStage()));
afterEach(() => stage.close());

async function say(from: number, to: number, change: Parameters<LoopStage["start"]>[0] = {}) {
  const loop = await stage.start({ definition, ...change });
  for (let at = from; at < to; at++) {
    loop.offer({ word: `w${at}` });
    await settled();
  }
  return loop;
}

const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`);
const heldEntries = async () => (await stage.ledger.after(0)).map(({ seq }) => seq);
const first = async () => (await stage.ledger.position())!.first;

async function comeBack(change: Parameters<LoopStage["start"]>[0] = {}) {
  const loop = await stage.start({ definition, fence: 2, ...change });
  const { snapshot, seq, offset } = loop.folded;
  await settled();
  await loop.stop();
  return { words: snapshot.context.words, seq, offset };
}

describe("LedgerTrimming", () => {
  test("keeps a bounded number of entries, however many there were, and loses none", async () => {
    const loop = await say(0, 1);
    let most = 0;
    for (let at = 1; at < 100; at++) {
      loop.offer({ word: `w${at}` });
      await settled();
      most = Math.max(most, (await heldEntries()).length);
    }
    await loop.stop();
    // Twice what stays, and what one snapshot's pace adds.
    expect(most).toBeLessThanOrEqual(2 * KEPT + definition.snapshotPace.entriesMax);
    expect((await stage.ledger.position())!.top).toBe(100);
    expect(await comeBack()).toEqual({ words: words(100), seq: 100, offset: 100 });
  });

  test("a kind that does not say so keeps every entry", async () => {
    const { ledgerKept: _, ...whole } = definition;
    await (await say(0, 50, { definition: whole })).stop();
    expect((await heldEntries()).length).toBe(50);
  });

  test("forgets nothing that SQL does not have, and catches up once SQL has it", async () => {
    const top = stage.history.top.bind(stage.history);
    let isAway = false;
    let recorded = 7;
    stage.history.top = () =>
      isAway
        ? Promise.reject(new Failure("storeUnavailable", "away", { retryable: true }))
        : Promise.resolve(Math.min(recorded, stage.history.entries.length));
    const loop = await say(0, 1);
    isAway = true;
    const more = async (from: number, to: number) => {
      for (let at = from; at < to; at++) {
        loop.offer({ word: `w${at}` });
        await settled();
      }
    };
    await more(1, 30);
    expect(await first()).toBe(1);
    isAway = false;
    await more(30, 32);
    expect(await first()).toBe(7 - KEPT + 1);
    recorded = Infinity;
    await more(32, 40);
    expect(await first()).toBeGreaterThan(30);
    stage.history.top = top;
    await loop.stop();
    expect((await comeBack()).words).toEqual(words(40));
  });

  test("forgets nothing that the stored snapshot does not hold", async () => {
    const put = stage.cells.put.bind(stage.cells);
    stage.cells.put = () => Promise.resolve("fenced");
    await (await say(0, 30)).stop();
    stage.cells.put = put;
    expect(await first()).toBe(1);
  });
});

describe("restore: a trimmed ledger", () => {
  test("without its snapshot is folded from what SQL has", async () => {
    await (await say(0, 50)).stop();
    await stage.cells.put(KEY, new Uint8Array());
    expect(await comeBack()).toEqual({ words: words(50), seq: 50, offset: 50 });
  });

  test("waits for SQL where the snapshot is gone: nothing is made up", async () => {
    await (await say(0, 50)).stop();
    await stage.cells.put(KEY, new Uint8Array());
    const away = () => Promise.reject(new Failure("storeUnavailable", "away", { retryable: true }));
    Object.assign(stage.history, { top: away, after: away });
    await expect(stage.start({ definition, fence: 2 })).rejects.toMatchObject({
      retryable: true,
    });
    expect((await stage.ledger.position())!.top).toBe(50);
  });

  test("comes back without SQL where the snapshot is there", async () => {
    await (await say(0, 50)).stop();
    const { after, top } = stage.history;
    const away = () => Promise.reject(new Failure("storeUnavailable", "away", { retryable: true }));
    Object.assign(stage.history, { top: away, after: away });
    expect((await comeBack()).words).toEqual(words(50));
    Object.assign(stage.history, { after, top });
    expect(stage.history.entries.length).toBe(50);
  });

  test("that its store lost is filled with the last entries alone, and the state is whole", async () => {
    await (await say(0, 50)).stop();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    await stage.cells.put(KEY, new Uint8Array());
    expect((await comeBack()).words).toEqual(words(50));
    expect(await heldEntries()).toEqual([47, 48, 49, 50]);
    // And goes on.
    await (await say(50, 60, { fence: 3 })).stop();
    expect((await comeBack({ fence: 4 })).words).toEqual(words(60));
  });

  test("that lost its tail is filled from SQL again", async () => {
    await (await say(0, 50)).stop();
    await stage.stream.reset(stage.ledger.name, 1, 40);
    expect(await comeBack()).toEqual({ words: words(50), seq: 50, offset: 50 });
    expect((await heldEntries()).at(-1)).toBe(50);
  });

  test("beyond what SQL has is not gone on with, and neither is thrown away", async () => {
    await (await say(0, 50)).stop();
    stage.history.entries.length = 3;
    await expect(stage.start({ definition, fence: 2 })).rejects.toMatchObject({
      code: "ledgerGap",
      retryable: false,
    });
    expect(stage.history.entries.length).toBe(3);
    expect((await heldEntries()).length).toBeGreaterThan(0);
    stage.history.entries.length = 0;
    await expect(stage.start({ definition, fence: 3 })).rejects.toMatchObject({
      code: "ledgerGap",
    });
  });

  test("where SQL had an answer from before the trimming is compared anew", async () => {
    await (await say(0, 50)).stop();
    let asked = 0;
    const top = stage.history.top.bind(stage.history);
    stage.history.top = () => asked++ === 0 ? Promise.resolve(5) : top();
    expect((await comeBack()).words).toEqual(words(50));
    expect(await heldEntries()).not.toContain(5);
  });

  test("by an owner that was replaced while it is read has no hole", async () => {
    const { ledgerKept: _, ...whole } = definition;
    await (await say(0, 30, { definition: whole })).stop();
    await stage.cells.put(KEY, new Uint8Array());
    let isTrimmed = false;
    const read = stage.stream.read.bind(stage.stream);
    stage.stream.read = async (name: string, after: number, limit: number) => {
      if (after === 0 && !isTrimmed) {
        isTrimmed = true;
        await stage.stream.trim(name, 20);
      }
      return await read(name, after, limit);
    };
    expect((await comeBack()).words).toEqual(words(30));
    expect(isTrimmed).toBe(true);
  });

  test("whose channel is gone begins a new epoch there rather than saying all of it again", async () => {
    const many = 2 * limits.channelRingMin + 1;
    const entries = Array.from({ length: many }, (_, at) => ({
      ...{ seq: at + 1, recordedAt: 1_000 },
      body: { word: `w${at}` },
    }));
    await stage.history.write(ID, 1, entries);
    const { offset } = await comeBack();
    expect(offset).toBe(many);
    const history = historyName(ID);
    expect(await stage.channels.position(history)).toMatchObject({ first: many + 1, top: many });
    await (await say(many, many + 1, { fence: 3 })).stop();
    expect((await stage.channels.position(history))!.top).toBe(many + 1);
  });
});
