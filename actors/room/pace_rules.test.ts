/** What each viewer of a fast room is shown, and how long a goal slows it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import {
  isSampled,
  type Sampleable,
  sampleAt,
  sampleOf,
  SAMPLES,
  slowUntil,
} from "./pace_rules.ts";

const WINDOW_MS = 1_000;
const message = (id: number, by: string, isForAll = false): Sampleable => ({
  ...{ id: String(id).padStart(5, "0"), by, isForAll },
});
const many = (count: number, by: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => message(at, by(at)));

const windows = fc.array(
  fc.record({ by: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), isForAll: fc.boolean() }),
  { maxLength: 60 },
).map((list) => list.map(({ by, isForAll }, at) => message(at, by, isForAll && at % 10 === 0)));

function samplesOf(window: Sampleable[], windowMs: number) {
  const samples = isSampled(window, windowMs) ? SAMPLES : 1;
  return Array.from({ length: samples }, (_, sample) => sampleAt(window, windowMs, sample));
}

describe("sampleAt", () => {
  test("is one for all while the room can be read", () => {
    const window = many(5, () => "a");
    expect(samplesOf(window, WINDOW_MS)).toEqual([{ messages: window, more: 0 }]);
    expect(samplesOf(many(6, () => "a"), WINDOW_MS).length).toBe(SAMPLES);
  });

  test("gives every sample what is for all, what can be read, and says how many more there are", () => {
    fc.assert(
      fc.property(windows, (window) => {
        const forAll = window.filter(({ isForAll }) => isForAll);
        for (const { messages, more } of samplesOf(window, WINDOW_MS)) {
          for (const one of forAll) expect(messages).toContain(one);
          expect(messages.length).toBe(Math.max(forAll.length, Math.min(5, window.length)));
          expect(new Set(messages).size).toBe(messages.length);
          expect(messages.length + more).toBe(window.length);
          expect(messages).toEqual(messages.toSorted((a, b) => a.id < b.id ? -1 : 1));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("shows as many authors as it can, whoever writes most", () => {
    fc.assert(
      fc.property(windows, (window) => {
        const rest = window.filter(({ isForAll }) => !isForAll);
        const authors = new Set(rest.map(({ by }) => by)).size;
        for (const { messages } of samplesOf(window, WINDOW_MS)) {
          const shown = messages.filter(({ isForAll }) => !isForAll);
          expect(new Set(shown.map(({ by }) => by)).size).toBe(Math.min(authors, shown.length));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("treats a hundred authors of one message alike", () => {
    const seen = new Map<string, number>();
    for (const { messages } of samplesOf(many(40, (at) => `u${at}`), WINDOW_MS)) {
      for (const { by } of messages) seen.set(by, (seen.get(by) ?? 0) + 1);
    }
    expect([...seen.values()]).toEqual(Array(40).fill(1));
  });

  test("shows a flooder once in each sample, and other messages of theirs", () => {
    const window = [
      ...many(100, () => "flooder"),
      ...many(20, (at) => `u${at}`)
        .map((one, at) => ({ ...one, id: `1${at}` })),
    ];
    const samples = samplesOf(window, WINDOW_MS).map(({ messages }) =>
      messages.filter(({ by }) => by === "flooder").map(({ id }) => id)
    );
    expect(Math.max(...samples.map((ids) => ids.length))).toBe(1);
    expect(new Set(samples.flat()).size).toBe(samples.flat().length);
    expect(samples.flat().length).toBeGreaterThan(1);
  });
});

describe("sampleOf", () => {
  test("spreads connections evenly and for good", () => {
    const counts = Array<number>(SAMPLES).fill(0);
    for (let at = 0; at < 8_000; at++) counts[sampleOf(`connection-${at}`)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(sampleOf("a")).toBe(sampleOf("a"));
  });
});

describe("slowUntil", () => {
  test("is longest for a review, which its end cuts short", () => {
    const goal = slowUntil("goal", null, 0);
    const review = slowUntil("reviewOpened", goal, 10_000);
    expect([goal, review]).toEqual([60_000, 310_000]);
    expect(slowUntil("goal", review, 20_000)).toBe(review);
    expect(slowUntil("reviewClosed", review, 20_000)).toBe(50_000);
  });

  test("stays as it is for what comes within moments of a goal", () => {
    const goal = slowUntil("goal", null, 0);
    expect(slowUntil("goal", goal, limits.paceLongerMsMin - 1)).toBe(goal);
    expect(slowUntil("redCard", goal, limits.paceLongerMsMin)).toBe(65_000);
    expect(slowUntil("reviewOpened", goal, 1)).toBe(300_001);
  });
});
