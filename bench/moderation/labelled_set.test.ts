import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { corpus, frozenSet, requireHash } from "./labelled_set.ts";
import { scoreOf } from "./score.ts";

const LANGUAGES = ["ar", "de", "en", "es", "fr", "pt", "zh"];

function read(content: string) {
  const folder = mkdtempSync(join(tmpdir(), "golazo-corpus-"));
  try {
    const path = join(folder, "corpus.jsonl");
    writeFileSync(path, content);
    return corpus(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("frozenSet", () => {
  test.each(["tuning", "first"] as const)(
    "%s is frozen, and has every kind and language",
    (name) => {
      const lines = frozenSet(name);
      expect(lines.length).toBeGreaterThanOrEqual(320);
      expect([...new Set(lines.map(({ lang }) => lang))].sort()).toEqual(LANGUAGES);
      for (const lang of LANGUAGES) {
        const kinds = new Set(lines.filter((line) => line.lang === lang).map(({ kind }) => kind));
        expect([...kinds].sort()).toEqual(["abusive", "clean", "disguised", "lookalike"]);
      }
    },
  );

  test("no line is in both", () => {
    const tuning = new Set(frozenSet("tuning").map(({ text }) => text));
    expect(frozenSet("first").filter(({ text }) => tuning.has(text))).toEqual([]);
  });

  test("blind is frozen, and has both labels in every language", () => {
    const lines = frozenSet("blind");
    expect(lines.length).toBeGreaterThanOrEqual(300);
    for (const lang of LANGUAGES) {
      const labels = new Set(lines.filter((line) => line.lang === lang).map(({ label }) => label));
      expect([...labels].sort()).toEqual(["abusive", "clean"]);
    }
  });

  test("what nobody sees is unescaped", () => {
    expect(frozenSet("tuning").some(({ text }) => text.includes("\u200b"))).toBe(true);
    expect(frozenSet("tuning").some(({ text }) => text.includes("\\u{"))).toBe(false);
  });

  test("changed bytes are refused", () => {
    const bytes = new TextEncoder().encode("lang\tlabel\tkind\ttext\n");
    expect(() => requireHash("tuning.tsv", bytes, "00")).toThrow(
      "Cannot score tuning.tsv: needed the frozen SHA-256 00, found ",
    );
  });
});

describe("corpus", () => {
  test("reads a stranger's lines", () => {
    expect(read('{"text":"a","lang":"es","label":"clean"}\n\n{"text":"b","label":"abusive"}\n'))
      .toEqual([
        { text: "a", lang: "es", label: "clean", kind: "clean" },
        { text: "b", lang: "en", label: "abusive", kind: "abusive" },
      ]);
  });

  test.each([
    ["{", "line 1: needed JSON"],
    ["null", "line 1: needed {text, lang, label}, found null"],
    ['{"text":1}', 'needed {text, lang, label}, found {"text":1}'],
    ['{"text":"a","label":"bad"}', 'needed the label clean or abusive, found "bad"'],
  ])("%s is refused with its place", (line, reason) => {
    expect(() => read(line)).toThrow(reason);
  });
});

describe("scoreOf", () => {
  const line = (label: "clean" | "abusive", text: string) => ({
    lang: "en",
    label,
    kind: label,
    text,
  });
  const lines = [
    line("clean", "a"),
    line("clean", "b!"),
    line("abusive", "c!"),
    line("abusive", "d!"),
    line("abusive", "e"),
  ];

  test("counts what was stopped against what should have been", () => {
    const score = scoreOf(lines, ({ text }) => text.endsWith("!"));
    expect(score).toMatchObject({ precision: 2 / 3, recall: 2 / 3, falsePositiveRate: 1 / 2 });
    expect(score.wronglyStopped.map(({ text }) => text)).toEqual(["b!"]);
    expect(score.missed.map(({ text }) => text)).toEqual(["e"]);
  });

  test("of nothing nothing is wrong", () => {
    expect(scoreOf([], () => true)).toMatchObject({
      precision: 1,
      recall: 1,
      falsePositiveRate: 0,
    });
  });
});
