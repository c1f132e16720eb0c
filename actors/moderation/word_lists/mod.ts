/**
 * The word lists in force, under one version. It stands in every verdict and so
 * in the audit trail: whoever reads there why a message was held can read the
 * list of that day. A test refuses changed lists under an old version.
 */
import { arabic } from "./arabic.ts";
import { chinese } from "./chinese.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { portuguese } from "./portuguese.ts";
import { spanish } from "./spanish.ts";
import type { WordList } from "./word_list.ts";

export { commonWords } from "./common_words.ts";
export { footballNames } from "./football_names.ts";
export { type ObscenityPhrases, obscenityPhrases } from "./obscenity_phrases.ts";
export type { WordList } from "./word_list.ts";

export const wordListVersion = "2026.11.4";

export const wordLists: WordList[] = [
  english,
  spanish,
  french,
  portuguese,
  german,
  arabic,
  chinese,
];
