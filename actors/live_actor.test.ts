import { afterEach, describe, expect, test } from "vitest";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { genesis } from "./fold.ts";
import { curse, wordDefinition } from "./loop_test_kit.ts";
import { LiveActor } from "./live_actor.ts";

function live() {
  const heard: string[] = [];
  const events: BusinessEvents = Object.assign(
    Object.create(silentEvents),
    {
      eventUnhandled: (actor, type) => heard.push(`unhandled ${actor} ${type}`),
      entryCommitted: (id, type) => heard.push(`committed ${id} ${type}`),
    } satisfies Partial<BusinessEvents>,
  );
  const definition = {
    ...wordDefinition,
    event: (entry: Parameters<typeof wordDefinition.event>[0]) =>
      "word" in entry.body && entry.body.word === "unheard of"
        ? { type: "word.invented", entry }
        : wordDefinition.event(entry),
  };
  const folded = genesis(definition, "a");
  const actor = new LiveActor(definition, folded, events, (error) => heard.push(String(error)));
  let seq = 0;
  const say = (word: string) => actor.fold("a", { seq: ++seq, recordedAt: 0, body: { word } });
  return { heard, say, stop: () => actor.stop() };
}

afterEach(() => curse(null));

describe("LiveActor", () => {
  test("tells of every committed entry", () => {
    const { heard, say, stop } = live();
    say("one");
    say("two");
    expect(heard).toEqual(["committed a word.said", "committed a word.said"]);
    stop();
  });

  test("counts an event that the machine has no word for, and goes on", () => {
    const { heard, say, stop } = live();
    say("unheard of");
    say("two");
    expect(heard).toEqual([
      "unhandled words word.invented",
      "committed a word.invented",
      "committed a word.said",
    ]);
    stop();
  });

  test("hands a throw to whoever watches instead of ending the process", async () => {
    const { heard, say } = live();
    curse("two");
    say("two");
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toContain("Error: the word two is cursed");
  });
});
