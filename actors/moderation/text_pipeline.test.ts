import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../runtime/any_text.testing.ts";
import { quietSender } from "./flood_rules.ts";
import { type Moderated, TextPipeline } from "./text_pipeline.ts";
import { wordListVersion } from "./word_lists/mod.ts";

const pipeline = new TextPipeline();
const moderate = (text: string, language = "en", mentions = 0) =>
  pipeline.moderate({ text, language, at: 1_000, mentions }, quietSender);

function ruleOf(moderated: Moderated): string {
  return moderated.kind === "refused" ? moderated.refusal.code : moderated.verdict.rule;
}

describe("TextPipeline", () => {
  test("a clean message is stored in NFC and allowed, under the lists' version", () => {
    expect(moderate("Mu\u0308ller scores")).toEqual({
      kind: "judged",
      text: "Müller scores",
      verdict: { outcome: "allow", rule: "clean", listVersion: wordListVersion },
      pace: { said: [expect.anything()], refusedAt: [] },
    });
  });

  test.each([
    ["\u202eabc", "textBidi"],
    ["you wanker", "words.en"],
    ["look at https://evil.example", "link.unlisted"],
    ["@a @b @c @d @e", "clean"],
    ["@a @b @c @d @e @f", "mentions"],
    ["mail@ @ me", "clean"],
  ])("%j: %s", (text, rule) => {
    expect(ruleOf(moderate(text))).toBe(rule);
  });

  test("mentions that the text does not show count as well", () => {
    expect(ruleOf(moderate("hello", "en", 6))).toBe("mentions");
  });

  test("the pace that comes out is what goes in next", () => {
    let pace = quietSender;
    const rules: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const message = { text: "goal", language: "en", at: 1_000 + count, mentions: 0 };
      const moderated = pipeline.moderate(message, pace);
      rules.push(ruleOf(moderated));
      if (moderated.kind === "judged") pace = moderated.pace;
    }
    expect(rules).toEqual(["clean", "clean", "clean", "flood.repeat"]);
  });

  test("any text gets a verdict or a refusal, the same each time", () => {
    const language = fc.constantFrom("en", "es", "fr", "pt", "de", "ar", "zh", "xx", "");
    const text = fc.oneof(
      anyText({ maxLength: 600 }),
      fc.string({ unit: fc.constantFrom(..."af1!|*@$ .vuck妈操ك\u200b:/"), maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, language, (written, spoken) => {
        const moderated = moderate(written, spoken);
        expect(moderate(written, spoken)).toEqual(moderated);
        if (moderated.kind === "judged") {
          expect(moderated.text).toBe(written.normalize("NFC"));
          expect(ruleOf(moderate(moderated.text, spoken))).toBe(ruleOf(moderated));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
