import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { snapshotKey } from "./actor_restore.ts";
import {
  curse,
  ID,
  type LoopStage,
  loopStage,
  settled,
  WAKE_AFTER_MS,
  wordDefinition,
} from "./loop_test_kit.ts";
import { LiveActor } from "./live_actor.ts";
import type { Append, StreamStore } from "./ports/stream.ts";
import { decodeSnapshot } from "./snapshot_codec.ts";

let stage: LoopStage;
beforeEach(() => (stage = loopStage()));
afterEach(() => {
  curse(null);
  stage.close();
});

type Loop = Awaited<ReturnType<LoopStage["start"]>>;
const offer = (loop: Loop, ...words: string[]) => words.map((word) => loop.offer({ word }));
const said = async (loop: Loop, ...words: string[]) => {
  offer(loop, ...words);
  await settled();
};

/** The ledger's store with `append` replaced; the real one comes as the second argument. */
function appending(
  append: (asked: Append, really: () => ReturnType<StreamStore["append"]>) => unknown,
): StreamStore {
  const { stream } = stage;
  return Object.assign(Object.create(stream), {
    append: (name: string, asked: Append) =>
      Promise.resolve(append(asked, () => stream.append(name, asked))),
    position: (name: string) => stream.position(name),
    read: (name: string, after: number, limit: number) => stream.read(name, after, limit),
  });
}

async function snapshotWords(): Promise<string[] | null> {
  const cell = await stage.cells.get(snapshotKey("words", ID));
  if (cell === null) return null;
  const decoded = decodeSnapshot(wordDefinition, cell.bytes);
  return decoded.outcome === "restored" ? decoded.folded.snapshot.context.words : null;
}

describe("ActorLoop: the way of a delivery", () => {
  test("is committed, published, recorded and answered, in the order of the offers", async () => {
    const loop = await stage.start();
    await said(loop, "one", "~two", "three+four", "no", "one");
    expect(await stage.words()).toEqual(["one", "~two", "three", "four"]);
    expect(await stage.published()).toEqual(["1 one", "2 three", "3 four"]);
    expect(stage.history.entries).toEqual(await stage.ledger.after(0));
    expect(stage.takeAnswers()).toEqual([
      "one accepted",
      "~two accepted",
      "three+four accepted",
      "no rejected",
      "one duplicate",
    ]);
    expect(stage.heard).toHaveLength(4);
    await loop.stop();
  });

  test("nothing is shown that is not committed, nothing answered that history lacks", async () => {
    const steps: string[] = [];
    const loop = await stage.start({
      stream: appending(async (_asked, really) => {
        const result = await really();
        steps.push("appended");
        return result;
      }),
      publisher: {
        ...{ claim: () => Promise.resolve(0), reset: () => Promise.resolve() },
        publish: () => {
          steps.push("published");
          return Promise.resolve({ outcome: "published" });
        },
      },
      history: {
        ...{ top: () => Promise.resolve(0), after: () => Promise.resolve([]) },
        unconfirmed: () => [],
        write: () => {
          steps.push("recorded");
          return Promise.resolve();
        },
      },
      answered: () => void steps.push("answered"),
    });
    steps.length = 0;
    await said(loop, "one");
    expect(steps).toEqual(["appended", "published", "recorded", "answered"]);
    await loop.stop();
  });

  test("a batch is one append, at most 32 deliveries long", async () => {
    const appends: number[] = [];
    const loop = await stage.start({
      stream: appending((asked, really) => {
        appends.push(asked.entries.length);
        return really();
      }),
    });
    await said(loop, ...Array.from({ length: 80 }, (_, index) => `w${index}`));
    expect(appends).toEqual([limits.loopBatchMax, limits.loopBatchMax, 16]);
    await loop.stop();
  });

  test("what moves nothing appends nothing", async () => {
    const loop = await stage.start({ stream: appending(() => expect.fail("appended")) });
    await said(loop, "no");
    expect(stage.takeAnswers()).toEqual(["no rejected"]);
    await loop.stop();
  });

  test("publications carry when and by whom a delivery was brought", async () => {
    const published: unknown[] = [];
    const loop = await stage.start({
      origin: ({ word }) => ({ receivedAt: word.length, trace: `trace of ${word}` }),
      publisher: {
        ...{ claim: () => Promise.resolve(0), reset: () => Promise.resolve() },
        publish: (_id, _fence, changes) => {
          published.push(...changes);
          return Promise.resolve({ outcome: "published" });
        },
      },
    });
    await said(loop, "four");
    expect(published).toEqual([
      { offset: 1, update: "four", receivedAt: 4, trace: "trace of four" },
    ]);
    await loop.stop();
  });
});

describe("ActorLoop: answers wait for history", () => {
  test("held back while it is, though the change is published", async () => {
    const loop = await stage.start();
    stage.history.hold();
    await said(loop, "one");
    expect(await stage.published()).toEqual(["1 one"]);
    expect(stage.takeAnswers()).toEqual([]);
    stage.history.release();
    await settled();
    expect(stage.takeAnswers()).toEqual(["one accepted"]);
    await loop.stop();
  });

  test("a duplicate and a rejection wait for what came before them", async () => {
    const loop = await stage.start();
    stage.history.hold();
    await said(loop, "one");
    await said(loop, "one", "no");
    expect(stage.takeAnswers()).toEqual([]);
    stage.history.release();
    await settled();
    expect(stage.takeAnswers()).toEqual(["one accepted", "one duplicate", "no rejected"]);
    await loop.stop();
  });

  test("where history refuses, nothing is answered and the actor comes back", async () => {
    const loop = await stage.start();
    stage.history.refuses = new Failure("fenced", "Cannot write: token 1 is old");
    await said(loop, "one");
    expect(await loop.exited).toMatchObject({
      kind: "crash",
      reason: "Cannot write: token 1 is old",
    });
    expect(stage.takeAnswers()).toEqual([]);
  });
});

describe("ActorLoop: when an append goes wrong", () => {
  for (const when of ["before", "after"] as const) {
    test(`outcome unknown, the store fell ${when} writing: rebuilt, each word once`, async () => {
      let falls = true;
      const stream = appending(async (_asked, really) => {
        if (when === "after") await really();
        if (falls) throw new Failure("storeUnavailable", "the store went away");
        return when === "before" ? await really() : undefined;
      });
      const first = await stage.start({ stream });
      await said(first, "one", "two");
      expect(await first.exited).toMatchObject({ kind: "crash", reason: "the store went away" });
      expect(stage.takeAnswers()).toEqual([]);
      expect(await stage.published()).toEqual([]);
      falls = false;
      const second = await stage.start();
      await said(second, "one", "two", "three");
      expect(await stage.words()).toEqual(["one", "two", "three"]);
      expect(await stage.published()).toEqual(["1 one", "2 two", "3 three"]);
      const outcome = when === "after" ? "duplicate" : "accepted";
      expect(stage.takeAnswers())
        .toEqual([`one ${outcome}`, `two ${outcome}`, "three accepted"]);
      await second.stop();
    });
  }

  test("ahead: somebody else wrote there, so the actor comes back from the ledger", async () => {
    const loop = await stage.start();
    await stage.ledger.append(1, 0, [{ seq: 1, recordedAt: 1, body: { word: "other" } }]);
    await said(loop, "one");
    expect(await loop.exited).toMatchObject({
      kind: "crash",
      cause: { code: "appendUnknown", retryable: true },
    });
    const second = await stage.start();
    await said(second, "one");
    expect(await stage.words()).toEqual(["other", "one"]);
    await second.stop();
  });

  test("gap: the ledger lost what was committed; it comes back from history", async () => {
    const loop = await stage.start();
    await said(loop, "one", "two");
    await stage.stream.reset(stage.ledger.name, 1, 0);
    await said(loop, "three");
    expect(await loop.exited).toMatchObject({ kind: "crash", cause: { code: "appendUnknown" } });
    const second = await stage.start();
    await said(second, "three");
    expect(await stage.words()).toEqual(["one", "two", "three"]);
    await second.stop();
  });

  test("fenced: a newer owner has written, so it ends and says so", async () => {
    const loop = await stage.start();
    await stage.ledger.append(2, 0, []);
    await said(loop, "one");
    expect(await loop.exited).toMatchObject({
      kind: "crash",
      cause: { code: "fenced", retryable: false },
    });
    expect(stage.heard).toEqual(["fenced ledger"]);
    expect(await stage.words()).toEqual([]);
  });
});

describe("ActorLoop: when publishing goes wrong", () => {
  test("gap: the channel lost offsets; the next start fills them", async () => {
    const loop = await stage.start();
    await said(loop, "one", "two");
    await stage.channels.reset(`channel/${ID}`, 1, 0);
    await said(loop, "three");
    expect(await loop.exited).toMatchObject({ kind: "crash" });
    const second = await stage.start();
    await said(second, "three");
    expect(stage.takeAnswers().at(-1)).toBe("three duplicate");
    expect(await stage.published()).toEqual(["1 one", "2 two", "3 three"]);
    await second.stop();
  });

  test("fenced: it ends and says so", async () => {
    const loop = await stage.start();
    await stage.channels.append(`channel/${ID}`, { fence: 2, expectedTop: 0, entries: [] });
    await said(loop, "one");
    expect(await loop.exited).toMatchObject({ kind: "crash", cause: { code: "fenced" } });
    expect(stage.heard).toContain("fenced channel");
  });
});

describe("ActorLoop: a delivery that makes the transition throw", () => {
  test("cuts the batch before itself, and what precedes is committed and answered", async () => {
    const loop = await stage.start();
    curse("bad");
    await said(loop, "one", "two", "bad", "three");
    expect(await loop.exited).toMatchObject({ kind: "crash", reason: "the word bad is cursed" });
    expect(await stage.words()).toEqual(["one", "two"]);
    expect(stage.takeAnswers()).toEqual(["one accepted", "two accepted"]);
  });

  test("leaves nothing of itself, whichever of its entries threw", async () => {
    const loop = await stage.start({ poisoned: () => Promise.resolve("setAside") });
    curse("bad");
    await said(loop, "one+bad", "two");
    expect(await stage.words()).toEqual(["two"]);
    expect(await stage.published()).toEqual(["1 two"]);
    await loop.stop();
  });

  test("set aside, it is answered as rejected and the rest goes on in order", async () => {
    const poisoned: string[] = [];
    const loop = await stage.start({
      poisoned: ({ word }, error) => {
        poisoned.push(`${word}: ${(error as Error).message}`);
        return Promise.resolve("setAside");
      },
    });
    curse("bad");
    await said(loop, "one", "bad", "two", "three");
    expect(poisoned).toEqual(["bad: the word bad is cursed"]);
    expect(await stage.words()).toEqual(["one", "two", "three"]);
    expect(stage.takeAnswers().sort())
      .toEqual(["bad rejected", "one accepted", "three accepted", "two accepted"]);
    await loop.stop();
  });

  test("the drill's hook throws like a transition", async () => {
    const loop = await stage.start({
      faultHook: (id, { word }) => {
        if (word === "bad") throw new Error(`injected into ${id}`);
      },
    });
    await said(loop, "one", "bad");
    expect(await loop.exited).toMatchObject({ kind: "crash", reason: "injected into a" });
    expect(await stage.words()).toEqual(["one"]);
  });
});

describe("ActorLoop: deadlines", () => {
  test("the actor speaks when its time has come, and not before", async () => {
    const loop = await stage.start();
    await said(loop, "wake");
    await stage.clock.advance(WAKE_AFTER_MS - 1);
    await settled();
    expect(await stage.words()).toEqual(["wake"]);
    await stage.clock.advance(1);
    await settled();
    expect(await stage.words()).toEqual(["wake", "woken"]);
    expect((await stage.ledger.after(1))[0]!.recordedAt).toBe(stage.clock.now());
    expect(await stage.published()).toEqual(["1 wake", "2 woken"]);
    await stage.clock.advance(10 * WAKE_AFTER_MS);
    await settled();
    expect(await stage.words()).toHaveLength(2);
    await loop.stop();
  });

  test("one that passed while nobody was there is kept at the start", async () => {
    const first = await stage.start();
    await said(first, "wake");
    await first.stop();
    await stage.clock.advance(WAKE_AFTER_MS + 1);
    const second = await stage.start();
    await stage.clock.advance(0);
    await settled();
    expect(await stage.words()).toEqual(["wake", "woken"]);
    await second.stop();
  });

  test("is kept between two batches of a burst that never ends", async () => {
    const appended: number[] = [];
    const loop = await stage.start({
      stream: appending(async (asked, really) => {
        appended.push(asked.entries.length);
        if (appended.length < 4) offer(loop, ...burst(appended.length));
        await stage.clock.advance(WAKE_AFTER_MS / 2);
        return await really();
      }),
    });
    const burst = (turn: number) => Array.from({ length: 32 }, (_, at) => `w${turn}.${at}`);
    await said(loop, "wake", ...burst(0));
    const words = await stage.words();
    expect(words).toContain("woken");
    expect(words.indexOf("woken")).toBeLessThan(words.length - 1);
    await loop.stop();
  });
});

describe("ActorLoop: snapshots", () => {
  test("a calm actor rests after one, a busy one stays awake", async () => {
    const rests = vi.spyOn(LiveActor.prototype, "rest");
    const loop = await stage.start();
    const words = Array.from({ length: limits.snapshotEntriesMax + 1 }, (_, at) => `word ${at}`);
    await said(loop, words.join("+"));
    expect(await snapshotWords()).toEqual(words);
    expect(rests).not.toHaveBeenCalled();
    await said(loop, "calm");
    await stage.clock.advance(limits.snapshotAgeMsMax);
    await settled();
    expect(rests).toHaveBeenCalledOnce();
    await said(loop, "awake again");
    expect(stage.heard.filter((line) => line.includes("unhandled"))).toEqual([]);
    rests.mockRestore();
  });

  test("none before its time, one after 2 s", async () => {
    const loop = await stage.start();
    await said(loop, "one");
    expect(await snapshotWords()).toBeNull();
    await stage.clock.advance(limits.snapshotAgeMsMax);
    await settled();
    expect(await snapshotWords()).toEqual(["one"]);
    await loop.stop();
  });

  test("after 32 entries", async () => {
    const loop = await stage.start();
    const words = Array.from({ length: 32 }, (_, index) => `w${index}`);
    await said(loop, ...words.slice(0, 31));
    expect(await snapshotWords()).toBeNull();
    await said(loop, words[31]!);
    expect(await snapshotWords()).toEqual(words);
    await loop.stop();
  });

  test("at a new phase at once", async () => {
    const loop = await stage.start();
    await said(loop, "one", "phase two");
    expect(await snapshotWords()).toEqual(["one", "phase two"]);
    await loop.stop();
  });

  test("within a burst too", async () => {
    let seen: string[] | null = null;
    const loop = await stage.start({
      stream: appending(async (_asked, really) => {
        seen ??= await snapshotWords();
        return await really();
      }),
    });
    await said(loop, ...Array.from({ length: 100 }, (_, index) => `w${index}`));
    expect(seen).toHaveLength(32);
    await loop.stop();
  });

  test("at a stop, where something is new", async () => {
    const loop = await stage.start();
    await said(loop, "one");
    await loop.stop();
    expect(await snapshotWords()).toEqual(["one"]);
  });

  test("a newer owner's is never overwritten", async () => {
    const loop = await stage.start();
    await stage.cells.put(snapshotKey("words", ID), new Uint8Array([1]), { fence: 2 });
    await said(loop, "phase one");
    expect(stage.heard).toContain("fenced snapshot");
    expect((await stage.cells.get(snapshotKey("words", ID)))!.bytes).toEqual(new Uint8Array([1]));
    await loop.stop();
  });
});

describe("ActorLoop: its end", () => {
  test("a full inbox says so and takes again", async () => {
    const loop = await stage.start();
    const words = Array.from({ length: 257 }, (_, index) => `w${index}`);
    const outcomes = offer(loop, ...words);
    expect(outcomes.lastIndexOf("accepted")).toBe(limits.inboxDeliveriesMax - 1);
    expect(outcomes.at(-1)).toBe("full");
    await settled();
    expect(offer(loop, words.at(-1)!)).toEqual(["accepted"]);
    await settled();
    expect(await stage.words()).toEqual(words);
    await loop.stop();
  });

  test("a stop finishes what is in hand and waits until history has it", async () => {
    const loop = await stage.start();
    stage.history.hold();
    await said(loop, "one");
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    stage.history.release();
    await stopping;
    expect(await loop.exited).toEqual({ kind: "shutdown" });
    expect(stage.takeAnswers()).toEqual(["one accepted"]);
  });

  test("a stop ends an idle loop, and what is offered later goes nowhere", async () => {
    const loop = await stage.start();
    await loop.stop();
    await said(loop, "one");
    expect(await stage.words()).toEqual([]);
  });

  test("a crash ends only once the append in hand is over, so no two loops ever write", async () => {
    const append = Promise.withResolvers<void>();
    let isSlow = false;
    const loop = await stage.start({
      stream: appending(async (_asked, really) => {
        if (isSlow) await append.promise;
        return await really();
      }),
    });
    stage.history.hold();
    await said(loop, "one");
    isSlow = true;
    await said(loop, "two");
    stage.history.refuses = new Failure("ledgerConflict", "SQL holds another fact");
    stage.history.release();
    let exited = false;
    const exit = loop.exited.then((how) => {
      exited = true;
      return how;
    });
    await settled();
    expect(exited).toBe(false);
    append.resolve();
    expect(await exit).toMatchObject({ kind: "crash", reason: "SQL holds another fact" });
    expect(await stage.words()).toEqual(["one", "two"]);
  });

  test("a crash takes no snapshot and leaves no timer", async () => {
    const loop = await stage.start();
    await said(loop, "one", "wake");
    curse("bad");
    await said(loop, "bad");
    await loop.exited;
    await stage.clock.advance(60_000);
    await settled();
    expect(await stage.words()).toEqual(["one", "wake"]);
    expect(await snapshotWords()).toBeNull();
  });
});
