/** That a wish is known again, and for how long. */
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { saidId, type SaidWishes, withSaid } from "./said_wishes.ts";

function saidMany(count: number): SaidWishes {
  let context: SaidWishes = { said: [], saidLately: [] };
  for (let at = 0; at < count; at++) context = withSaid(context, `key-${at}-`, `made ${at}`);
  return context;
}

describe("saidId", () => {
  test("knows each of the last wishes and what it made", () => {
    const context = saidMany(limits.roomSaidMax);
    for (const at of [0, 127, 128, 129, limits.roomSaidMax - 1]) {
      expect(saidId(context, `key-${at}-`)).toBe(`made ${at}`);
    }
    expect(saidId(context, "other")).toBe(null);
  });

  test("forgets the oldest, so that a room stays bounded", () => {
    const context = saidMany(2 * limits.roomSaidMax);
    expect(saidId(context, "key-0-")).toBe(null);
    expect(context.said.flat().length + context.saidLately.length).toBe(limits.roomSaidMax);
  });

  test("knows each of them while the room is asked at every wish, and what is said anew", () => {
    let context: SaidWishes = { said: [], saidLately: [] };
    const many = 4 * limits.roomSaidMax;
    for (let at = 0; at < many; at++) {
      expect(saidId(context, `key-${at}-`)).toBe(null);
      context = withSaid(context, `key-${at}-`, `made ${at}`);
    }
    const [first, last] = [many - limits.roomSaidMax, many - 1];
    for (const at of [first, first + 1, last - 200, last]) {
      expect(saidId(context, `key-${at}-`)).toBe(`made ${at}`);
    }
    expect(saidId(context, `key-${first - 1}-`)).toBe(null);
    let anew = withSaid(context, "key-0-", "made anew");
    for (let at = 0; at < 300; at++) anew = withSaid(anew, `more-${at}-`, `more ${at}`);
    expect(saidId(anew, "key-0-")).toBe("made anew");
    expect(saidId(context, "key-0-")).toBe(null);
  });

  test("of two rooms that went on from one, each knows its own wishes", () => {
    const before = saidMany(3);
    const one = withSaid(withSaid(before, "a", "made a"), "c", "made c");
    const other = withSaid(withSaid(before, "b", "made b"), "a", "action 7");
    const known = (context: SaidWishes) => ["a", "b", "c"].map((key) => saidId(context, key));
    expect(known(one)).toEqual(["made a", null, "made c"]);
    expect(known(other)).toEqual(["action 7", "made b", null]);
    expect(known(before)).toEqual([null, null, null]);
    const restored = JSON.parse(JSON.stringify(one)) as SaidWishes;
    expect(known(withSaid(restored, "b", "made b"))).toEqual(["made a", "made b", "made c"]);
  });

  test("is not changed by what is no client's wish", () => {
    const context = saidMany(3);
    expect(withSaid(context, null, "made")).toBe(context);
  });
});
