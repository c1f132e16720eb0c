import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WordFinder } from "./word_finder.ts";
import { commonWords, footballNames, obscenityPhrases, wordLists } from "./word_lists/mod.ts";

const all = new WordFinder(wordLists, footballNames, obscenityPhrases(), commonWords);

/** One list, with words of a fantasy language. */
function finder(
  list: { block?: string[]; hold?: string[]; holdAtHome?: string[]; innocent?: string[] },
) {
  const none = { language: "xx", block: [], hold: [], holdAtHome: [], innocent: [] };
  return new WordFinder([{ ...none, ...list }], [], { terms: [], innocent: [] }, ["the", "bl"]);
}

const isFound = (words: WordFinder, text: string, language = "en") =>
  words.find(text, language) !== undefined;

describe("WordFinder", () => {
  test("a term is a whole word unless its list opens an end", () => {
    const words = finder({ hold: ["blorg", "snirk*", "*quam", "*drab*"] });
    for (const text of ["blorg", "a BLORG!", "snirking", "aquam", "adrabs", "l'blorg"]) {
      expect(isFound(words, text), text).toBe(true);
    }
    for (const text of ["blorgs", "ablorg", "asnirk", "quama", "", "bl orgs"]) {
      expect(isFound(words, text), text).toBe(false);
    }
  });

  test("a term that a space parts is found, where neither part is an everyday word", () => {
    const words = finder({ hold: ["snirkel"], block: ["thequam"], innocent: ["oldsnirkelton"] });
    for (const text of ["snir kel", "a s nirkel!", "SNIR KEL", "sn1r kel", "no, snirke l."]) {
      expect(isFound(words, text), text).toBe(true);
    }
    for (
      const text of [
        "the quam",
        "snir, kel",
        "snir. kel",
        "snir  kel",
        "snir kels",
        "oldsnir kelton",
      ]
    ) {
      expect(isFound(words, text), text).toBe(false);
    }
    // Chance joins words too: a moderator looks.
    expect(words.find("thequ am", "en")).toEqual({ severity: "hold", language: "xx" });
  });

  test.each([
    ...["fu ck off", "you fuc king idiot", "what a shi t ref", "f uck", "mother fu cker", "cun t"],
    ...[
      "vaya mier da",
      "eres un cabr on",
      "cho rra merd a",
      "fils de con nard",
      "espece d'encu le",
    ],
    ...["was fur eine schei sse", "du arsch loch", "cara lho"],
  ])("%s is held, though a space parts it", (text) => {
    expect(isFound(all, text)).toBe(true);
  });

  test.each([
    ...[
      "who really put a stop to it",
      "the pen is on the table",
      "as is, it was a hole in the net",
    ],
    ...["put it in", "he put a ball in", "un point de moins", "sale a ganar", "de bilbao"],
    ...[
      "a normal match",
      "who remarks it",
      "das ist es",
      "o time de todos",
      "Ana L. scored",
      "tit for tat",
    ],
    ...["cut it out", "shot in the box", "sin ver nada", "ni a tiros", "pas si mal", "au but"],
  ])("%s is not", (text) => {
    for (const language of ["en", "es", "fr", "pt", "de"]) {
      expect(isFound(all, text, language), language).toBe(false);
    }
  });

  test("the gravest word counts", () => {
    const words = finder({ hold: ["blorg"], block: ["snirk"] });
    expect(words.find("blorg snirk blorg", "en")).toEqual({ severity: "block", language: "xx" });
    expect(words.find("blorg", "en")?.severity).toBe("hold");
  });

  test("some words are only bad where their language is spoken", () => {
    const words = finder({ holdAtHome: ["blorg"] });
    expect(isFound(words, "blorg", "xx")).toBe(true);
    expect(isFound(words, "bl*rg", "xx")).toBe(true);
    expect(isFound(words, "blorg bl*rg", "en")).toBe(false);
  });

  test("a term inside an innocent name is no finding, beside it it is", () => {
    const words = finder({ hold: ["*blorg*"], innocent: ["blorgton", "old blorg lane"] });
    expect(isFound(words, "Blorgton United, Old Blorg Lane")).toBe(false);
    expect(isFound(words, "Blorgton blorg")).toBe(true);
    expect(isFound(words, "blorgtons")).toBe(true);
  });

  test("finds words apart, run together and with stars", () => {
    const words = finder({ hold: ["blorg", "snirk of quam"] });
    for (
      const text of [
        "b l o r g",
        "bl-org",
        "bl_rg",
        "B.L.O.R.G",
        "b-l-o-rg",
        "bloooorg",
        "bblloorrgg",
        "b**rg",
        "snirkofquam",
        "s n i r k o f q u a m",
        "so x b l o r g y z",
      ]
    ) {
      expect(isFound(words, text), text).toBe(true);
    }
    for (const text of ["b***g x*", "bl or g", "*****", "b**** you"]) {
      expect(isFound(words, text), text).toBe(false);
    }
  });

  test("a word that its double letter makes is not found without", () => {
    expect(isFound(all, "Niger and Nigerians, finally, CONN PPD tapete", "fr")).toBe(false);
  });

  test("Arabic particles are written onto a word", () => {
    const words = finder({ hold: ["هدف"] });
    expect(isFound(words, "والهدف")).toBe(true);
    expect(isFound(words, "مهدف")).toBe(false);
  });

  test("Chinese terms are found without word boundaries, innocent ones around them too", () => {
    expect(isFound(all, "这个傻逼裁判", "zh")).toBe(true);
    expect(isFound(all, "妈妈的爱，他妈妈也来了", "zh")).toBe(false);
  });

  test("football's names may be said, whatever the room speaks", () => {
    for (const { language } of wordLists) {
      const stopped = footballNames.map((name) => name.replaceAll("*", ""))
        .filter((name) => isFound(all, `so ${name} is there`, language));
      expect(stopped, language).toEqual([]);
    }
  });

  const listed = wordLists.flatMap(({ language, block, hold, holdAtHome }) =>
    [...block, ...hold, ...holdAtHome].map((term) => ({
      language,
      term: term.replaceAll("*", ""),
    }))
  );

  test("every listed word is found where its language is spoken: no name of football hides it", () => {
    const hidden = listed.filter(({ language, term }) => !isFound(all, term, language));
    expect([listed.length > 10_000, hidden]).toEqual([true, []]);
  });

  test("case, zero-width characters and lookalikes hide no listed word", () => {
    const invisible = fc.constantFrom("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad");
    const disguise = fc.record({
      word: fc.constantFrom(...listed),
      gaps: fc.array(fc.tuple(fc.nat(40), invisible), { maxLength: 6 }),
      capitals: fc.bigInt(0n, 2n ** 40n),
      cyrillic: fc.boolean(),
    });
    fc.assert(
      fc.property(disguise, ({ word: { term, language }, gaps, capitals, cyrillic }) => {
        const plain = all.find(term, language);
        expect(plain, term).toBeDefined();
        let signs = [...term].map((sign, at) =>
          (capitals >> BigInt(at)) & 1n && sign.toUpperCase().length === sign.length
            ? sign.toUpperCase()
            : sign
        );
        if (cyrillic) {
          signs = signs.map((sign) => ({ a: "а", e: "е", o: "о", c: "с" })[sign] ?? sign);
        }
        for (const [at, gap] of gaps) signs.splice(at % (signs.length + 1), 0, gap);
        expect(all.find(signs.join(""), language), signs.join("")).toEqual(plain);
      }),
      { numRuns: 3_000 },
    );
  });
});
