import { describe, expect, test } from "vitest";
import { Quarantine } from "./quarantine.ts";

describe("Quarantine", () => {
  test("says quarantine at the second crash over the same delivery", () => {
    const quarantine = new Quarantine();
    expect(quarantine.blame("match/a", "feed/1/1")).toBe("retry");
    expect(quarantine.blame("match/a", "feed/1/2")).toBe("retry");
    expect(quarantine.blame("match/b", "feed/1/1")).toBe("retry");
    expect(quarantine.blame("match/a", "feed/1/1")).toBe("quarantine");
    expect(quarantine.blame("match/a", "feed/1/1")).toBe("quarantine");
  });

  test("forgets a delivery that went through", () => {
    const quarantine = new Quarantine();
    quarantine.blame("a", "1");
    quarantine.forget("a", "1");
    expect(quarantine.blame("a", "1")).toBe("retry");
  });

  test("never takes one pair of names for another", () => {
    const quarantine = new Quarantine();
    quarantine.blame('a","b', "c");
    expect(quarantine.blame("a", 'b","c')).toBe("retry");
  });

  test("is bounded: what was blamed longest ago is forgotten first", () => {
    const quarantine = new Quarantine(2);
    quarantine.blame("a", "old");
    quarantine.blame("a", "older still blamed");
    quarantine.blame("a", "new");
    expect(quarantine.blame("a", "new")).toBe("quarantine");
    expect(quarantine.blame("a", "older still blamed")).toBe("quarantine");
    expect(quarantine.blame("a", "old")).toBe("retry");
  });
});
