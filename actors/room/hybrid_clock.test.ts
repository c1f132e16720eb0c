/** Stamps under clocks that stand still, run back and differ. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFromFuture, isStamp, msOf, NO_STAMP, stampBefore, tick } from "./hybrid_clock.ts";

const NOON = Date.UTC(2026, 5, 11, 12);

describe("tick", () => {
  test("gives ever higher stamps, whatever the wall clock does", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -60_000, max: 60_000 }), { maxLength: 50 }),
        (moves) => {
          let last = NO_STAMP;
          for (const move of moves) {
            const next = tick(last, NOON + move, "n1");
            expect(next > last).toBe(true);
            expect(isStamp(next)).toBe(true);
            last = next;
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("goes on above what another node's clock has given", () => {
    const ahead = tick(NO_STAMP, NOON + 60_000, "n2");
    const mine = tick(ahead, NOON, "n1");
    expect(mine > ahead).toBe(true);
    expect(msOf(mine)).toBe(NOON + 60_000);
  });

  test("follows the wall clock again once that is ahead", () => {
    const stamp = tick(tick(NO_STAMP, NOON, "n1"), NOON + 5, "n1");
    expect(stamp).toBe(tick(NO_STAMP, NOON + 5, "n1"));
  });

  test("takes the next millisecond when one is used up", () => {
    const last = `${NOON.toString(36).padStart(9, "0")}-zzzz-n1`;
    expect(msOf(tick(last, NOON, "n1"))).toBe(NOON + 1);
  });

  test("never gives two nodes of one wall clock the same", () => {
    expect(tick(NO_STAMP, NOON, "n1")).not.toBe(tick(NO_STAMP, NOON, "n2"));
  });
});

describe("stampBefore", () => {
  test("parts then from before", () => {
    const cut = stampBefore(NOON);
    expect(tick(NO_STAMP, NOON - 1, "zz") < cut).toBe(true);
    expect(tick(NO_STAMP, NOON, "01") > cut).toBe(true);
  });
});

describe("isFromFuture", () => {
  test("begins a minute from now", () => {
    expect(isFromFuture(tick(NO_STAMP, NOON + 60_000, "n1"), NOON)).toBe(false);
    expect(isFromFuture(tick(NO_STAMP, NOON + 60_001, "n1"), NOON)).toBe(true);
  });
});
