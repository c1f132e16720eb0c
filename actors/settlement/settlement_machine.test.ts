import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initialTransition, transition } from "xstate";
import { type SettlementEvent, settlementMachine } from "./settlement_machine.ts";
import { chunksLeft, type RunPlan, type SettlementWord } from "./settlement_run.ts";

const planned = (change: Partial<RunPlan> = {}): SettlementWord => ({
  type: "run.planned",
  run: "arg-fra-1",
  matchId: "arg-fra",
  ledgerSeq: 40,
  rulesVersion: 1,
  chunks: 3,
  predictions: 30,
  setAside: 0,
  holdUntil: 120_000,
  isUnchanged: false,
  ...change,
});
const holding: SettlementWord = { type: "holding.ended" };
const chunk = (number: number): SettlementWord => (
  { type: "chunk.committed", chunk: number, rows: 10, points: 25 }
);
const chunks = [chunk(1), chunk(2), chunk(3)];
const matched: SettlementWord = { type: "sums.matched" };
const differed: SettlementWord = { type: "sums.differed", reason: "2-1 has 45 and not 50" };
const held: SettlementWord = { type: "run.held", by: "op", reason: "waits for a verdict" };
const resumed: SettlementWord = { type: "run.resumed", by: "op" };
const superseded: SettlementWord = { type: "run.superseded", by: "arg-fra-2" };

function told(...words: SettlementWord[]) {
  let [snapshot] = initialTransition(settlementMachine);
  for (const [index, body] of words.entries()) {
    const event = { type: body.type, entry: { seq: index + 1, recordedAt: index, body } };
    [snapshot] = transition(settlementMachine, snapshot, event as SettlementEvent);
  }
  return snapshot;
}

const phase = (...words: SettlementWord[]) => told(...words).value;

describe("the settlement's machine", () => {
  test("goes from its plan to the end", () => {
    expect(phase()).toBe("planned");
    expect(phase(planned())).toBe("planned");
    expect(phase(planned(), holding)).toBe("chunking");
    expect(phase(planned(), holding, chunk(1), chunk(3))).toBe("chunking");
    expect(phase(planned(), holding, ...chunks)).toBe("verifying");
    expect(phase(planned(), holding, ...chunks, matched)).toBe("settled");
  });

  test("needs its plan and the holding time", () => {
    expect(phase(holding)).toBe("planned");
    expect(phase(holding, planned())).toBe("chunking");
  });

  test("is unchanged at once where nothing is to be written", () => {
    expect(phase(planned({ isUnchanged: true }))).toBe("unchanged");
  });

  test("counts a chunk once, in any order, and knows what is left", () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 12 });
    fc.assert(fc.property(numbers, (numbers) => {
      const { context, value } = told(planned(), holding, ...numbers.map(chunk));
      const done = [...new Set(numbers)].sort();
      expect(context.committed).toEqual(done);
      expect([context.rows, context.points]).toEqual([done.length * 10, done.length * 25]);
      expect(chunksLeft(context)).toEqual([1, 2, 3].filter((one) => !done.includes(one)));
      expect(value).toBe(done.length === 3 ? "verifying" : "chunking");
    }));
  });

  test("is not verified before it is written", () => {
    expect(phase(planned(), holding, matched, ...chunks)).toBe("verifying");
  });

  test("is held anywhere on the way and goes on from there", () => {
    const way = [planned(), holding, ...chunks];
    for (let at = 1; at <= way.length; at++) {
      const before = way.slice(0, at);
      expect(phase(...before, held)).toBe("held");
      expect(phase(...before, held, resumed)).toBe(phase(...before));
      expect(phase(...before, held, ...way.slice(at))).toBe("held");
      expect(phase(...before, held, ...way.slice(at), resumed)).toBe("verifying");
    }
    expect(told(held).context.held).toEqual({ by: "op", reason: "waits for a verdict" });
  });

  test("is held where its sums differ, and verifies again when resumed", () => {
    const differs = [planned(), holding, ...chunks, differed];
    expect(phase(...differs)).toBe("held");
    expect(told(...differs).context.held?.reason).toBe("2-1 has 45 and not 50");
    expect(phase(...differs, resumed)).toBe("verifying");
    expect(phase(...differs, resumed, matched)).toBe("settled");
  });

  test("is superseded anywhere on the way, held or not, for good", () => {
    const way = [planned(), holding, ...chunks];
    for (let at = 0; at <= way.length; at++) {
      const before = way.slice(0, at);
      expect(phase(...before, superseded)).toBe("superseded");
      expect(phase(...before, held, superseded, resumed)).toBe("superseded");
      expect(phase(...before, superseded, ...way, matched)).toBe("superseded");
    }
  });

  test("ends once", () => {
    const settled = [planned(), holding, ...chunks, matched];
    expect(phase(...settled, superseded, held, differed)).toBe("settled");
    expect(phase(planned({ isUnchanged: true }), superseded, held)).toBe("unchanged");
  });

  test("keeps its first plan", () => {
    expect(told(planned(), planned({ run: "arg-fra-2" })).context.plan?.run).toBe("arg-fra-1");
  });

  test("remembers nothing but JSON", () => {
    const { context } = told(planned(), holding, chunk(2), held);
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
  });
});
