import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { commonWords, footballNames, obscenityPhrases, wordLists, wordListVersion } from "./mod.ts";

/** Change the lists: raise the version in mod.ts and write both here. */
const REVIEWED = {
  version: "2026.11.4",
  sha256: "f58bb2450b33b7188ccc11a68bf616291f40ead298c153c51e75e07992516c33",
};

describe("word lists", () => {
  test("what a version stands for never changes", () => {
    const content = JSON.stringify([wordLists, footballNames, obscenityPhrases(), commonWords]);
    const sha256 = createHash("sha256").update(content).digest("hex");
    expect({ version: wordListVersion, sha256 }).toEqual(REVIEWED);
  });

  test("no innocent term is a listed one as well", () => {
    for (const { language, block, hold, holdAtHome, innocent } of wordLists) {
      const listed = new Set([...block, ...hold, ...holdAtHome]);
      expect(innocent.filter((term) => listed.has(term)), language).toEqual([]);
    }
  });

  test("every language has a starting set", () => {
    expect(wordLists.map(({ language }) => language)).toEqual(
      ["en", "es", "fr", "pt", "de", "ar", "zh"],
    );
    for (const { block, hold } of wordLists) {
      expect(block.length).toBeGreaterThan(10);
      expect(hold.length).toBeGreaterThan(60);
    }
  });

  test("obscenity's patterns are spelled out, without those that football says", () => {
    const { terms, innocent } = obscenityPhrases();
    expect(terms).toContain("twat*");
    expect(terms).toContain("*gangbang*");
    expect(terms.some((term) => term.includes("orgy"))).toBe(false);
    expect(innocent).toContain("arsen");
  });
});
