import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { CardPace } from "./card_pace.ts";

const { cardBurstMs, cardBurstMax } = limits;

describe("CardPace", () => {
  test("paints twice at once, then says when", () => {
    const pace = new CardPace();
    expect([pace.take("m", 0), pace.take("m", 10), pace.take("m", 200)])
      .toEqual([0, 0, cardBurstMs - 200]);
    expect(pace.take("m", cardBurstMs)).toBe(0);
    expect(pace.take("other", cardBurstMs)).toBe(0);
  });

  test("paints no more than twice in a turn, whatever came before", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 * cardBurstMs }), { maxLength: 60 });
    fc.assert(fc.property(gaps, (waits) => {
      const pace = new CardPace();
      const painted: number[] = [];
      let now = 0;
      for (const wait of waits) {
        now += wait;
        if (pace.take("m", now) === 0) painted.push(now);
      }
      for (const [at, time] of painted.entries()) {
        const later = painted[at + cardBurstMax];
        if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(cardBurstMs);
      }
    }));
  });
});
