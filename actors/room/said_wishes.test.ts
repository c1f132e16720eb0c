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

  test("is not changed by what is no client's wish", () => {
    const context = saidMany(3);
    expect(withSaid(context, null, "made")).toBe(context);
  });
});
