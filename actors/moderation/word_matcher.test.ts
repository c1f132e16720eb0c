import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WordMatcher } from "./word_matcher.ts";

function found(terms: string[], text: string): string[] {
  const hits: string[] = [];
  new WordMatcher(terms).scan(text, (term, end) => hits.push(`${term}@${end}`));
  return hits.sort();
}

/** What the automaton must find, by trying each term at each place. */
function sought(terms: string[], text: string): string[] {
  return terms.flatMap((term, index) =>
    Array.from({ length: text.length }, (_, at) => at)
      .filter((at) => text.startsWith(term, at))
      .map((at) => `${index}@${at + term.length}`)
  ).sort();
}

describe("WordMatcher", () => {
  test("finds terms within and at the end of others", () => {
    expect(found(["he", "she", "his", "hers", "she"], "ushers")).toEqual(
      ["0@4", "1@4", "3@6", "4@4"],
    );
  });

  test("finds what a search of each term finds", () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "b", "c", "妈"),
      minLength: 1,
      maxLength: 5,
    });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "妈", "x"), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), text, (terms, haystack) => {
        expect(found(terms, haystack)).toEqual(sought(terms, haystack));
      }),
      { numRuns: 1_000 },
    );
  });

  test("refuses a term without letters", () => {
    expect(() => new WordMatcher(["a", ""])).toThrow("a term has letters");
  });
});
