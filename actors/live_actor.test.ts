import { setup } from "xstate";
import { afterEach, describe, expect, test } from "vitest";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { foldEntries, genesis } from "./fold.ts";
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
  const committed: Parameters<typeof definition.event>[0][] = [];
  const actor = new LiveActor(definition, folded, events, (error) => heard.push(String(error)));
  let seq = 0;
  const say = (word: string) => {
    const entry = { seq: ++seq, recordedAt: 0, body: { word } };
    actor.fold("a", entry);
    committed.push(entry);
  };
  return {
    heard,
    say,
    rest: () => actor.rest(foldEntries(definition, folded, committed).folded.snapshot),
    stop: () => actor.stop(),
  };
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

  test("rests between entries and comes back with what was committed", () => {
    const { heard, say, rest, stop } = live();
    say("one");
    rest();
    rest();
    say("two");
    expect(heard).toEqual(["committed a word.said", "committed a word.said"]);
    rest();
    say("unheard of");
    expect(heard.slice(2)).toEqual(["unhandled words word.invented", "committed a word.invented"]);
    stop();
  });

  test("comes back in the state that it rested in", () => {
    const machine = setup({ actions: { announce: () => {} } }).createMachine({
      initial: "silent",
      states: {
        silent: { on: { "word.said": { target: "spoken", actions: "announce" } } },
        spoken: {},
      },
    });
    const definition = { ...wordDefinition, machine } as unknown as typeof wordDefinition;
    const heard: string[] = [];
    const events = Object.assign(Object.create(silentEvents), {
      eventUnhandled: (_actor: string, type: string) => heard.push(type),
    });
    const begun = genesis(definition, "a");
    const actor = new LiveActor(definition, begun, events, () => {});
    const entry = (seq: number) => ({ seq, recordedAt: 0, body: { word: "one" } });
    actor.fold("a", entry(1));
    actor.rest(foldEntries(definition, begun, [entry(1)]).folded.snapshot);
    expect(heard).toEqual([]);
    actor.fold("a", entry(2));
    expect(heard).toEqual(["word.said"]);
    actor.stop();
  });

  test("hands a throw to whoever watches after a rest too", async () => {
    const { heard, say, rest } = live();
    say("one");
    rest();
    curse("two");
    say("two");
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toContain("Error: the word two is cursed");
  });

  test("hands a throw to whoever watches instead of ending the process", async () => {
    const { heard, say } = live();
    curse("two");
    say("two");
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toContain("Error: the word two is cursed");
  });
});
