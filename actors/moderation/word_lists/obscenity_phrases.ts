/**
 * The English dataset of the package obscenity as terms of ours: its patterns
 * are spelled out once, so one automaton finds them beside all the others in
 * one linear walk, where its own matcher runs a hundred regular expressions a
 * message and knows neither football nor other languages.
 *
 * Its words hold in English rooms only, and those below not at all: they are
 * harmless in a football chat (`Georgy` holds one, Thai names hold `porn`), or
 * english.ts has them with better bounds.
 */
import { englishDataset, type ParsedPattern } from "obscenity";
import { assert } from "../../../runtime/failure.ts";

const LEFT_OUT = new Set(
  ("abo,abeed,anal,anus,arse,ass,bitch,boob,cock,cuck,cum,dick,dyke,fag,fuck,hooker,incest,kike,negro," +
    "nigger,orgy,porn,rape,penis,retard,scat,semen,sex,shit,slut,tit,turd,chink,piss").split(","),
);

export interface ObscenityPhrases {
  /** In the notation of a word list: `cunt*`. */
  terms: string[];
  /** Found within a word, they make obscenity's terms innocent, and only those. */
  innocent: string[];
}

export function obscenityPhrases(): ObscenityPhrases {
  const { blacklistedTerms, whitelistedTerms = [] } = englishDataset.build();
  const found = new Set<string>();
  for (const { id, pattern } of blacklistedTerms) {
    const { phraseMetadata } = englishDataset.getPayloadWithPhraseMetadata({
      termId: id,
      startIndex: 0,
      endIndex: 0,
      matchLength: 0,
    });
    assert(phraseMetadata !== undefined, "each phrase of obscenity's dataset is named");
    if (!LEFT_OUT.has(phraseMetadata.originalWord)) {
      for (const term of spelledOut(pattern)) found.add(term);
    }
  }
  assert(found.size > 0, "obscenity's dataset has phrases");
  // What has a space parts two words, which ours never join.
  return { terms: [...found], innocent: whitelistedTerms.filter((term) => /^[a-z]+$/.test(term)) };
}

/** Every text that a pattern stands for. A wildcard stands for vowels: `f?ck` is no `fackel`. */
function spelledOut(pattern: ParsedPattern): string[] {
  let texts = [""];
  for (const node of pattern.nodes) {
    const inner = "childNode" in node ? node.childNode : node;
    const spellings = "chars" in inner ? [String.fromCharCode(...inner.chars)] : [..."aeiou"];
    if ("childNode" in node) spellings.push("");
    texts = texts.flatMap((text) => spellings.map((spelling) => text + spelling));
  }
  const start = pattern.requireWordBoundaryAtStart ? "" : "*";
  const end = pattern.requireWordBoundaryAtEnd ? "" : "*";
  return texts.map((text) => start + text + end);
}
