import { describe, expect, test } from "vitest";
import { ChannelRing } from "./channel_ring.ts";
import type { Publication } from "./publication.ts";

function ringFrom(top: number, max: number, pushed: number): ChannelRing {
  const ring = new ChannelRing(top, max);
  for (let offset = top + 1; offset <= top + pushed; offset++) {
    ring.push({ offset } as Publication);
  }
  return ring;
}

const after = (ring: ChannelRing, offset: number) => {
  const found = ring.after(offset);
  return found === "gap" ? "gap" : found.map((publication) => publication.offset);
};

describe("ChannelRing.after", () => {
  test("has three answers: these, nothing new, a gap", () => {
    const ring = ringFrom(10, 300, 5);
    expect(after(ring, 12)).toEqual([13, 14, 15]);
    expect(after(ring, 10)).toEqual([11, 12, 13, 14, 15]);
    expect(after(ring, 15)).toEqual([]);
    expect(after(ring, 9)).toBe("gap");
  });

  test("who is ahead of it gets a gap, not silence", () => {
    expect(after(ringFrom(10, 300, 5), 16)).toBe("gap");
    expect(after(ringFrom(0, 300, 0), 1)).toBe("gap");
  });

  test("always holds the last `max`, and never more than a quarter above", () => {
    const ring = ringFrom(0, 8, 0);
    for (let offset = 1; offset <= 100; offset++) {
      ring.push({ offset } as Publication);
      expect(ring.top).toBe(offset);
      const expected = Array.from(
        { length: Math.min(8, offset) },
        (_, index) => offset - Math.min(8, offset) + 1 + index,
      );
      expect(after(ring, Math.max(0, offset - 8))).toEqual(expected);
      if (offset > 10) expect(after(ring, offset - 11)).toBe("gap");
    }
  });
});
