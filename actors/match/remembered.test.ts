import { describe, expect, test } from "vitest";
import { remembered, rememberedPair } from "./remembered.ts";

describe("what was made of a fact", () => {
  test("is made once, and null remembered too", () => {
    let times = 0;
    const isGoal = remembered(({ type }: { type: string }) => {
      times++;
      return type === "goal" ? { type } : null;
    });
    const [goal, card] = [{ type: "goal" }, { type: "card" }];
    expect(isGoal(goal)).toBe(isGoal(goal));
    expect(isGoal(card)).toBe(isGoal(card));
    expect(times).toBe(2);
    expect(isGoal({ type: "goal" })).not.toBe(isGoal(goal));
  });

  test("and of another is made once for the two", () => {
    const merged = rememberedPair((a: { a: number }, b: { b: number }) => ({ ...a, ...b }));
    const [one, two] = [{ a: 1 }, { b: 2 }];
    expect(merged(one, two)).toEqual({ a: 1, b: 2 });
    expect(merged(one, two)).toBe(merged(one, two));
    expect(merged(one, { b: 3 })).toEqual({ a: 1, b: 3 });
    expect(merged({ a: 4 }, two)).toEqual({ a: 4, b: 2 });
  });
});
