import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { stagesInto } from "../runtime/stage.testing.ts";
import { type LoopStage, loopStage, settled } from "./loop_test_kit.ts";

let stage: LoopStage;
let stages: string[];
let hops: string[];
let events: BusinessEvents;
beforeEach(() => {
  stage = loopStage();
  [stages, hops] = [[], []];
  const listen = {
    ...stagesInto(stages),
    hopTook: (hop: string, seconds: number) => void hops.push(`${hop} ${seconds}`),
  };
  events = Object.assign(Object.create(stage.options.events), listen);
});
afterEach(() => stage.close());

const traced = () => ({
  events,
  origin: ({ word }: { word: string }) => ({
    receivedAt: stage.clock.now() - 7,
    ...(word === "quiet" ? {} : { trace: `of-${word}` }),
  }),
});

async function said(words: string[], change: Parameters<LoopStage["start"]>[0] = {}) {
  const loop = await stage.start({ ...traced(), ...change });
  for (const word of words) loop.offer({ word });
  await settled();
  return loop;
}

describe("ActorLoop: the stages of a delivery's way", () => {
  test("are told of one by one, the commit and the publication once a trace", async () => {
    const loop = await said(["one", "two", "quiet"]);
    expect(stages).toEqual([
      "dedupe of of-one words=a outcome=accepted",
      "words.transition of of-one words=a seq=1",
      "dedupe of of-two words=a outcome=accepted",
      "words.transition of of-two words=a seq=2",
      "ledger.append of of-one words=a seq=3 entries=3",
      "ledger.append of of-two words=a seq=3 entries=3",
      "publish of of-one words=a publications=3",
      "publish of of-two words=a publications=3",
    ]);
    await loop.stop();
  });

  test("take their time in the hops", async () => {
    const loop = await said(["quiet"]);
    expect(hops).toEqual(["receive 0.007", "decide 0", "commit 0", "publish 0"]);
    await loop.stop();
  });

  test("end where nothing is to be done", async () => {
    const loop = await said(["no"]);
    expect(stages).toEqual(["dedupe of of-no words=a outcome=rejected"]);
    await loop.stop();
  });

  test("a store that refuses is a stage that failed", async () => {
    const publish = () => Promise.resolve({ outcome: "fenced" } as const);
    const claims = { claim: () => Promise.resolve(0), reset: () => Promise.resolve() };
    const loop = await said(["one"], { publisher: { ...claims, publish } });
    expect(stages.at(-1)).toMatch(/^publish of of-one failed \w+ words=a publications=1$/);
    expect(stages).not.toContain("publish of of-one words=a publications=1");
    await loop.exited;
  });

  test("a transition that throws is a stage that failed, for each delivery that made it", async () => {
    const faultHook = (_id: string, { word }: { word: string }) => {
      if (word === "bad") throw new Error("no way");
    };
    const poisoned = () => Promise.resolve("setAside" as const);
    const loop = await said(["one", "bad"], { faultHook, poisoned });
    expect(stages).toContain("words.transition of of-bad failed poisoned words=a");
    expect(stages).toContain("ledger.append of of-one words=a seq=1 entries=1");
    await loop.stop();
  });
});
