import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../runtime/any_text.testing.ts";
import { limits } from "../../runtime/limits.ts";
import { takeText } from "./text_intake.ts";

function codeOf(raw: string): string {
  const taken = takeText(raw);
  return "refusal" in taken ? taken.refusal.code : "taken";
}

const FAMILY = "👨‍👩‍👧‍👦";

describe("takeText", () => {
  test("what is stored is NFC", () => {
    expect(takeText("Mu\u0308ller")).toEqual({ text: "Müller" });
  });

  test.each([
    ["", "textEmpty"],
    ["   ", "textEmpty"],
    ["\u200b\u2060\u00ad\ufe0f", "textEmpty"],
    ["\u2800\u3164", "textEmpty"],
    ["\u0301", "textEmpty"],
    ["goal\u0000", "textControl"],
    ["goal\n", "textControl"],
    ["goal\u0085", "textControl"],
    ["goal\u2028", "textControl"],
    ["\u202egoal", "textBidi"],
    ["goal\u2066", "textBidi"],
    ["g\u0300\u0301\u0302\u0303oal", "textMarks"],
    ["g\u0335\u200d\u0335\u200d\u0335\u200d\u0335oal", "textMarks"],
    ["goal\ud83d", "textMalformed"],
    ["goal", "taken"],
    ["g\u0330\u0331\u0332oal", "taken"],
    ["Phạm Tuấn Hải, 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 كُرَة", "taken"],
  ])("%j: %s", (raw, code) => {
    expect(codeOf(raw)).toBe(code);
  });

  test("counts characters as people do, up to the limit and not past it", () => {
    const most = limits.chatGraphemesMax;
    expect(codeOf("a".repeat(most))).toBe("taken");
    expect(codeOf("a".repeat(most + 1))).toBe("textTooLong");
    expect(codeOf("⚽️".repeat(most))).toBe("taken");
    expect(codeOf("⚽️".repeat(most + 1))).toBe("textTooLong");
    expect(codeOf("q\u0330\u0331".repeat(most))).toBe("taken");
  });

  test("bounds bytes too", () => {
    expect(codeOf(FAMILY.repeat(160))).toBe("taken");
    expect(codeOf(FAMILY.repeat(170))).toBe("textTooLong");
    expect(codeOf("a".repeat(limits.chatTextBytesMax + 1))).toBe("textTooLong");
  });

  test("a reason names what was found", () => {
    expect(takeText("a\u202eb")).toEqual({
      refusal: { code: "textBidi", reason: "The text has U+202E" },
    });
  });

  test("what was taken is taken again as it is", () => {
    fc.assert(
      fc.property(anyText(), (raw) => {
        const taken = takeText(raw);
        if ("text" in taken) expect(takeText(taken.text)).toEqual(taken);
      }),
      { numRuns: 1_000 },
    );
  });
});
