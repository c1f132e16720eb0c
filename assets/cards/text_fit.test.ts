import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../runtime/any_text.testing.ts";
import { cut, escaped, fitLine, fitLines, widthOf } from "./text_fit.ts";

const anyName = fc.string({ unit: "grapheme", maxLength: 200 });
const sizes = [60, 40, 20];

describe("fitLine", () => {
  test("keeps any text within its width", () => {
    fc.assert(fc.property(anyName, fc.integer({ min: 60, max: 900 }), (text, width) => {
      const { lines: [line], size } = fitLine(text, width, sizes);
      expect(widthOf(line!, size)).toBeLessThanOrEqual(width);
    }));
  });

  test("makes a text smaller before it cuts it", () => {
    expect(fitLine("Argentina", 400, sizes)).toEqual({ lines: ["Argentina"], size: 60 });
    expect(fitLine("Argentina", 200, sizes).lines).toEqual(["Argentina"]);
    expect(fitLine("Argentina", 80, sizes).lines[0]).toMatch(/^Arg.*…$/);
  });
});

describe("fitLines", () => {
  const steps = { single: [60, 50], double: [40, 30] };

  test("keeps both lines of any text within its width", () => {
    fc.assert(fc.property(anyName, fc.integer({ min: 60, max: 900 }), (text, width) => {
      const { lines, size } = fitLines(text, width, steps);
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(widthOf(line, size)).toBeLessThanOrEqual(width);
    }));
  });

  test("breaks between words, and between characters where there are no words", () => {
    expect(fitLines("Borussia Mönchengladbach", 392, steps).lines)
      .toEqual(["Borussia", "Mönchengladbach"]);
    expect(fitLines("中国国家足球队代表团中国", 300, steps).lines).toHaveLength(2);
  });
});

describe("cut", () => {
  test("splits no character that people see as one", () => {
    expect(cut("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 500, 60)).toMatch(/^(👨‍👩‍👧‍👦)+…$/u);
  });

  test("closes the isolate of a name that it cuts", () => {
    const text = cut(`\u2068${"م".repeat(80)}\u2069`, 300, 40);
    expect(text.split("\u2068")).toHaveLength(text.split("\u2069").length);
  });
});

describe("escaped", () => {
  test("leaves no markup and nothing that XML may not hold", () => {
    expect(escaped(`<script>&"'`)).toBe("&#60;script&#62;&#38;&#34;&#39;");
    expect(escaped("a\u0000\u001b\ud800b\u202ec\ufffe")).toBe("a\ufffdbc");
    fc.assert(fc.property(anyText({ maxLength: 40 }), (text) => {
      const safe = escaped(text);
      expect(safe).not.toMatch(/[<>"']|&(?!#\d+;)/);
      // deno-lint-ignore no-control-regex
      expect(safe).not.toMatch(/[\u0000-\u001f\ufffe\uffff]/);
    }));
  });
});
