/** Which requests can be actions, and that each action has its way back or none. */
import { describe, expect, test } from "vitest";
import { type Action, type ActionRequest, inverseOf, problemOf } from "./moderation_action.ts";
import { MODERATION_KINDS } from "./permission_rules.ts";

const NOW = 1_000_000;
const request = (kind: string, more: Partial<ActionRequest> = {}) =>
  ({ kind, target: "x", reason: "", ...more }) as ActionRequest;
const code = (kind: string, more: Partial<ActionRequest> = {}) =>
  problemOf(request(kind, more), NOW)?.code ?? null;

describe("problemOf", () => {
  test("refuses what is no action of anybody", () => {
    expect(code("anoint")).toBe("malformed");
    expect(code("delete", { target: "" })).toBe("malformed");
    expect(code("ban", { target: "x".repeat(256) })).toBe("malformed");
    expect(code("lock", { target: "" })).toBe(null);
    expect(code("warn", { reason: "x".repeat(501) })).toBe("malformed");
    expect(code("warn", { reason: "x".repeat(500) })).toBe(null);
  });

  test("needs an end to come, which only a ban may lack", () => {
    expect(code("mute")).toBe("malformed");
    expect(code("mute", { until: NOW })).toBe("malformed");
    expect(code("mute", { until: NaN })).toBe("malformed");
    expect(code("mute", { until: NOW + 1 })).toBe(null);
    expect(code("ban")).toBe(null);
  });

  test("needs seconds that slow mode can have", () => {
    expect(code("slow", { seconds: 121 })).toBe("malformed");
    expect(code("slow", { seconds: -1 })).toBe("malformed");
    expect(code("slow")).toBe("malformed");
    expect(code("slow", { seconds: 120 })).toBe(null);
  });

  test("asks once more before a purge", () => {
    expect(code("purge")).toBe("confirmNeeded");
    expect(code("purge", { confirm: true })).toBe(null);
  });
});

describe("inverseOf", () => {
  const action = (kind: Action["kind"], before: Action["before"]): Action => ({
    ...{ number: 1, at: 0, actor: { user: "mo", role: "moderator" }, kind, target: "x" },
    ...{ reason: "", before, after: null, undoes: null },
  });

  test("is there for everything but what removes, and closing a room", () => {
    const final = MODERATION_KINDS.filter((kind) => inverseOf(action(kind, null), "") === null);
    expect(final).toEqual(["delete", "archive", "purge", "removeAvatar"]);
  });

  test("is its own inverse's inverse, but for a rejected message, which waits again", () => {
    for (const kind of MODERATION_KINDS) {
      const inverse = inverseOf(action(kind, 5), "");
      if (inverse === null || kind === "reject") continue;
      expect(inverseOf(action(inverse.kind, 5), "")!.kind).toBe(kind);
    }
  });

  test("brings back what was there before", () => {
    expect(inverseOf(action("slow", 30), "why")).toMatchObject({ kind: "slow", seconds: 30 });
    expect(inverseOf(action("unban", 77), "")).toMatchObject({ kind: "ban", until: 77 });
  });
});
