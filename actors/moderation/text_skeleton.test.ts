import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../runtime/any_text.testing.ts";
import { textSkeleton } from "./text_skeleton.ts";

describe("textSkeleton", () => {
  test.each([
    ["CafÉ", "cafe"],
    ["ｇｏａｌ", "goal"],
    ["𝓰𝓸𝓪𝓵 𝕘𝕠𝕒𝕝 𝖌𝖔𝖆𝖑 ⓖⓞⓐⓛ 🄶🄾🄰🄻 🅶🅾🅰🅻", "goal goal goal goal goal goal"],
    ["gоаӏ", "goal"],
    ["γοτ", "yot"],
    ["g\u200bo\u00ada\u2060l\ufe0f", "goal"],
    ["g\u0301\u0323o\u0335al", "goal"],
    ["Straße, Œuvre, Æther", "strasse, oeuvre, aether"],
    ["هَدَف ، هـــدف", "هدف   هدف"],
    ["🇬\u200b🇴\u200b🇦\u200b🇱", "goal"],
    ["a\u{1f3fd}b\u{e0067}c🔥d\ud800e", "abc d e"],
  ])("%s is %s", (text, skeleton) => {
    expect(textSkeleton(text)).toBe(skeleton);
  });

  test("folding what is folded changes nothing", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const skeleton = textSkeleton(text);
        expect(textSkeleton(skeleton)).toBe(skeleton);
      }),
      { numRuns: 1_000 },
    );
  });

  test("every character of the BMP folds to itself in the end", () => {
    for (let unit = 0; unit < 0x10000; unit += 1) {
      const once = textSkeleton(String.fromCharCode(unit));
      if (textSkeleton(once) !== once) throw new Error(`U+${unit.toString(16)}: ${once}`);
    }
  });
});
