import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Committed } from "./actor_definition.ts";
import { snapshotKey } from "./actor_restore.ts";
import {
  type Body,
  curse,
  ID,
  type LoopStage,
  loopStage,
  settled,
  wordDefinition,
} from "./loop_test_kit.ts";
import type { Append } from "./ports/stream.ts";
import { decodeSnapshot } from "./snapshot_codec.ts";

const KEY = snapshotKey("words", ID);
const WORDS = ["one", "two", "~three", "four"];

let stage: LoopStage;
beforeEach(() => (stage = loopStage()));
afterEach(() => {
  curse(null);
  stage.close();
});

/** A first life: these words are committed, published, recorded and in the snapshot. */
async function live(words = WORDS): Promise<void> {
  const loop = await stage.start();
  for (const word of words) loop.offer({ word });
  await settled();
  await loop.stop();
  stage.heard.length = 0;
}

/** Comes back and says what it knows. */
async function comeBack(change: Parameters<LoopStage["start"]>[0] = {}) {
  const loop = await stage.start(change);
  const { snapshot, seq, offset } = loop.folded;
  return { words: snapshot.context.words, seq, offset, loop };
}

const entry = (seq: number, word: string): Committed<Body> => ({
  seq,
  recordedAt: 1_000,
  body: { word },
});

describe("restore: the snapshot", () => {
  test("saves reading what it holds", async () => {
    await live();
    const reads: number[] = [];
    const stream = Object.assign(Object.create(stage.stream), {
      position: (name: string) => stage.stream.position(name),
      append: (name: string, append: Append) => stage.stream.append(name, append),
      read(name: string, after: number, limit: number) {
        reads.push(after);
        return stage.stream.read(name, after, limit);
      },
    });
    const { words, seq, offset, loop } = await comeBack({ stream });
    expect([words, seq, offset]).toEqual([WORDS, 4, 3]);
    // The last entry, to compare with SQL's, and what follows the snapshot.
    expect(reads).toEqual([3, 4]);
    await loop.stop();
  });

  for (
    const [how, spoil] of [
      ["a flipped bit", (bytes: Uint8Array) => (bytes[40]! ^= 1, bytes)],
      ["a cut tail", (bytes: Uint8Array) => bytes.slice(0, -3)],
      ["nothing in it", () => new Uint8Array()],
    ] as const
  ) {
    test(`with ${how} is not believed: folded again, and said so`, async () => {
      await live();
      const { bytes } = (await stage.cells.get(KEY))!;
      await stage.cells.put(KEY, spoil(Uint8Array.from(bytes)));
      const { words, offset, loop } = await comeBack();
      expect([words, offset]).toEqual([WORDS, 3]);
      expect(stage.heard).toEqual([expect.stringContaining(`rebuilt ${KEY}: its checksum`)]);
      await loop.stop();
    });
  }

  test("of another machine version is not believed", async () => {
    await live();
    const definition = { ...wordDefinition, machineVersion: 2 };
    const { words, loop } = await comeBack({ definition });
    expect(words).toEqual(WORDS);
    expect(stage.heard[0]).toContain("machine version 1, this is 2");
    await loop.stop();
  });

  test("ahead of the ledger is of what was taken back: folded again", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    stage.history.entries.splice(2);
    const { words, loop } = await comeBack();
    expect(words).toEqual(["one", "two"]);
    expect(stage.heard).toContain(
      "rebuilt ledger/words/a: its snapshot is at seq 4, the ledger at 2",
    );
    await loop.stop();
  });
});

describe("restore: ledger and SQL hold the same", () => {
  test("SQL ahead: the ledger is refilled", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    await stage.ledger.append(1, 0, stage.history.entries.slice(0, 1));
    const { words, loop } = await comeBack();
    expect(words).toEqual(WORDS);
    expect(await stage.ledger.after(0)).toEqual(stage.history.entries);
    expect(stage.heard).toEqual([
      "rebuilt ledger/words/a: 3 entries after seq 1 came from SQL or its writer",
    ]);
    await loop.stop();
  });

  test("ledger ahead: SQL is refilled before the first delivery", async () => {
    await live();
    stage.history.entries.splice(1);
    const { words, loop } = await comeBack();
    expect(words).toEqual(WORDS);
    expect(stage.history.entries).toEqual(await stage.ledger.after(0));
    await loop.stop();
  });

  test("both behind what the writer holds: the ledger is refilled from there", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    stage.history.waiting = stage.history.entries.splice(2);
    const { words, loop } = await comeBack();
    expect(words).toEqual(WORDS);
    expect(stage.heard).toEqual([
      "rebuilt ledger/words/a: 4 entries after seq 0 came from SQL or its writer",
    ]);
    expect(stage.history.entries).toEqual(await stage.ledger.after(0));
    await loop.stop();
  });

  for (
    const [how, top] of [
      ["says nothing", () => new Promise<number>(() => {})],
      ["is away", () => Promise.reject(new Failure("storeUnavailable", "", { retryable: true }))],
    ] as const
  ) {
    test(`SQL ${how}: nobody waits for it, and nothing is answered before it is back`, async () => {
      await live();
      stage.history.entries.splice(1);
      stage.history.hold();
      const history = Object.assign(stage.history, { top });
      const back = comeBack({ history });
      await settled();
      await stage.clock.advance(limits.takeoverSqlMsMax);
      const { words, loop } = await back;
      expect(words).toEqual(WORDS);
      stage.takeAnswers();
      loop.offer({ word: "two" });
      loop.offer({ word: "five" });
      await settled();
      expect(await stage.words()).toEqual([...WORDS, "five"]);
      expect(stage.takeAnswers()).toEqual([]);
      stage.history.release();
      await settled();
      expect(stage.takeAnswers()).toEqual(["two duplicate", "five accepted"]);
      expect(stage.history.entries).toEqual(await stage.ledger.after(0));
      await loop.stop();
    });
  }

  test("they went apart: SQL's is the ledger, in a new epoch, and what was shown is not", async () => {
    await live();
    const { epoch } = (await stage.channels.position(`channel/${ID}`))!;
    await stage.stream.reset(stage.ledger.name, 1, 0);
    const [one, two] = stage.history.entries;
    // An owner went on from the second without SQL, as far as the fifth, and died.
    await stage.ledger.append(2, 0, [
      one!,
      two!,
      entry(3, "other"),
      entry(4, "four"),
      entry(5, "x"),
    ]);
    const { words, seq, offset, loop } = await comeBack({ fence: 3 });
    expect([words, seq, offset]).toEqual([WORDS, 4, 3]);
    expect(await stage.ledger.after(0)).toEqual(stage.history.entries);
    expect(await stage.published()).toEqual(["1 one", "2 two", "3 four"]);
    expect((await stage.channels.position(`channel/${ID}`))!.epoch).not.toBe(epoch);
    expect(stage.heard[0]).toBe(
      "rebuilt ledger/words/a: SQL holds others: its 4 entries are taken",
    );
    const { bytes } = (await stage.cells.get(KEY))!;
    expect(decodeSnapshot(wordDefinition, bytes)).not.toMatchObject({ folded: { seq: 5 } });
    await loop.stop();
  });

  test("they went apart and SQL is slow: whoever was refused by it waits for it", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    await stage.ledger.append(2, 0, [entry(1, "other")]);
    const asked = Promise.withResolvers<void>();
    const { top } = stage.history;
    const slow = async () => (await asked.promise, await top.call(stage.history));
    const history = Object.assign(stage.history, { top: slow });
    const back = comeBack({ fence: 3, history, isContested: true });
    await settled();
    await stage.clock.advance(2 * limits.takeoverSqlMsMax);
    asked.resolve();
    const { words, loop } = await back;
    expect(words).toEqual(WORDS);
    await loop.stop();
  });

  test("SQL away and the ledger empty: there is nothing to go on from", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    const top = () => Promise.reject(new Failure("storeUnavailable", "", { retryable: true }));
    const history = Object.assign(stage.history, { top });
    await expect(stage.start({ history })).rejects.toMatchObject({ code: "storeUnavailable" });
  });

  test("a stale owner refills nothing", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 5, 0);
    await expect(stage.start()).rejects.toMatchObject({ code: "fenced", retryable: false });
    expect(await stage.words()).toEqual([]);
  });
});

describe("restore: the channel", () => {
  test("behind: what is missing is published at the same offsets", async () => {
    await live();
    const before = await stage.published();
    const { epoch } = (await stage.channels.position(`channel/${ID}`))!;
    await stage.channels.reset(`channel/${ID}`, 1, 0);
    const { loop } = await comeBack();
    expect(await stage.published()).toEqual(before);
    expect((await stage.channels.position(`channel/${ID}`))!.epoch).not.toBe(epoch);
    await loop.stop();
  });

  test("behind by a part: only the rest is published, in the same epoch", async () => {
    const { publisher } = stage;
    const first = await stage.start({
      publisher: Object.assign(Object.create(publisher), {
        claim: () => Promise.resolve(0),
        publish: (...[id, fence, changes]: Parameters<typeof publisher.publish>) =>
          changes.some(({ update }) => update === "four")
            ? Promise.reject(new Error("the process died here"))
            : publisher.publish(id, fence, changes),
      }),
    });
    for (const word of WORDS) {
      first.offer({ word });
      await settled();
    }
    await first.exited;
    expect(await stage.published()).toEqual(["1 one", "2 two"]);
    const { epoch } = (await stage.channels.position(`channel/${ID}`))!;
    const { loop } = await comeBack();
    expect(await stage.published()).toEqual(["1 one", "2 two", "3 four"]);
    expect((await stage.channels.position(`channel/${ID}`))!.epoch).toBe(epoch);
    await loop.stop();
  });

  test("ahead: a new epoch goes on after the ledger's offset", async () => {
    await live();
    const { epoch } = (await stage.channels.position(`channel/${ID}`))!;
    await stage.stream.reset(stage.ledger.name, 1, 0);
    stage.history.entries.splice(2);
    const { loop } = await comeBack();
    const after = (await stage.channels.position(`channel/${ID}`))!;
    expect(after).toMatchObject({ top: 2, first: 3 });
    expect(after.epoch).not.toBe(epoch);
    expect(stage.heard).toContain("rebuilt channel of a: it was at 3, the ledger at 2");
    loop.offer({ word: "five" });
    await settled();
    expect(await stage.published()).toEqual(["3 five"]);
    await loop.stop();
  });
});

describe("restore: an entry that cannot be folded", () => {
  test("is put into quarantine, in ledger and SQL, and skipped from then on", async () => {
    await live();
    await stage.cells.remove(KEY);
    curse("two");
    const { words, seq, loop } = await comeBack();
    expect(words).toEqual(["one", "~three", "four"]);
    expect(seq).toBe(5);
    expect(await stage.words()).toEqual([...WORDS, "(2 skipped)"]);
    expect(stage.history.entries).toEqual(await stage.ledger.after(0));
    await loop.stop();
    const again = await comeBack();
    expect(again.words).toEqual(["one", "~three", "four"]);
    expect(await stage.words()).toHaveLength(5);
    await again.loop.stop();
  });

  test("several are, one after another", async () => {
    await live(["one", "two", "three"]);
    await stage.cells.remove(KEY);
    const definition: typeof wordDefinition = {
      ...wordDefinition,
      changes: (before, after, committed) => {
        const { body } = committed;
        if ("word" in body && body.word !== "one") throw new Error("no words for it");
        return wordDefinition.changes(before, after, committed);
      },
    };
    const { words, loop } = await comeBack({ definition });
    expect(words).toEqual(["one"]);
    expect(await stage.words()).toEqual(["one", "two", "three", "(2 skipped)", "(3 skipped)"]);
    await loop.stop();
  });

  test("behind a snapshot: the snapshot is blamed first, and the ledger stays as it was", async () => {
    await live();
    await stage.ledger.append(1, 4, [entry(5, "five")]);
    const { bytes } = (await stage.cells.get(KEY))!;
    const decoded = decodeSnapshot(wordDefinition, bytes);
    expect(decoded.outcome).toBe("restored");
    let folds = 0;
    const definition: typeof wordDefinition = {
      ...wordDefinition,
      changes: (before, after, committed) => {
        if (folds++ === 0) throw new Error("the snapshot lacks a field");
        return wordDefinition.changes(before, after, committed);
      },
    };
    const { words, loop } = await comeBack({ definition });
    expect(words).toEqual([...WORDS, "five"]);
    expect(await stage.words()).toEqual([...WORDS, "five"]);
    expect(stage.heard[0]).toContain(`rebuilt ${KEY}: Cannot fold the entry at seq 5`);
    await loop.stop();
  });

  test("a quarantine that fails itself ends the start instead of filling the ledger", async () => {
    await live(["one"]);
    await stage.cells.remove(KEY);
    const definition: typeof wordDefinition = {
      ...wordDefinition,
      changes: () => {
        throw new Error("nothing works");
      },
    };
    await expect(stage.start({ definition })).rejects.toThrow("nothing works");
    expect(await stage.words()).toEqual(["one", "(1 skipped)"]);
  });
});

describe("restore: older owners", () => {
  const STALE = { fence: 1, expectedTop: 4, entries: [new Uint8Array()] };

  test("are shut out of every store before anything is written", async () => {
    await live();
    const claims: number[] = [];
    const { write } = stage.history;
    stage.history.write = (id, fence, entries) => {
      claims.push(fence);
      return write.call(stage.history, id, fence, entries);
    };
    const { loop } = await comeBack({ fence: 2 });
    expect(await stage.stream.append(stage.ledger.name, STALE)).toMatchObject({ fence: 2 });
    expect(await stage.channels.append(`channel/${ID}`, STALE)).toMatchObject({ fence: 2 });
    expect(await stage.cells.put(KEY, new Uint8Array(), { fence: 1 })).toBe("fenced");
    expect(claims).toEqual([2]);
    await loop.stop();
  });

  test("who is one claims nothing", async () => {
    await live();
    await stage.cells.put(KEY, new Uint8Array(), { fence: 7 });
    await stage.channels.append(`channel/${ID}`, { ...STALE, fence: 7, entries: [] });
    await expect(stage.start()).rejects.toMatchObject({ code: "fenced" });
    expect(stage.heard).toContain("fenced channel");
  });

  test("with the ledger lost SQL is claimed before it is read", async () => {
    await live();
    await stage.stream.reset(stage.ledger.name, 1, 0);
    const late: Committed<Body> = entry(5, "late");
    const { write } = stage.history;
    stage.history.write = (id, fence, entries) => {
      // What an older owner had under way is there by the time that a newer one is let in.
      if (stage.history.entries.length === 4) stage.history.entries.push(late);
      return write.call(stage.history, id, fence, entries);
    };
    const { words, loop } = await comeBack({ fence: 2 });
    expect(words).toEqual([...WORDS, "late"]);
    await loop.stop();
  });
});
