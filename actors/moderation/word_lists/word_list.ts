/**
 * What a word list is: terms of one language with what becomes of a message
 * that holds one. Lists are data under review: a change raises the version of
 * all (mod.ts), and the version stands in every verdict.
 *
 * A term is written as people write it and matched in its matching form
 * (text_skeleton.ts), so case, accents and disguises need no terms of their
 * own. It stands as a whole word; `fuck*` may go on, `*arsch` may begin earlier,
 * `*fuck*` both. In Chinese, which does not part its words, every term is found
 * anywhere.
 */
export interface WordList {
  /** Of ISO 639: the language whose words these are. */
  language: string;
  /** Never published: slurs, threats, death wishes. */
  block: string[];
  /** Waits for a moderator: profanity and insults. */
  hold: string[];
  /** Held only in rooms of this language: elsewhere the word means something else. */
  holdAtHome: string[];
  /** Words and names that hold a term and are harmless, whatever the language. */
  innocent: string[];
}

/** Terms parted by commas or line ends; `(i|we) (hit|kick|) you` is all six phrases. */
export function terms(text: string): string[] {
  const written = text.split(/[,\n]/).map((term) => term.trim()).filter((term) => term !== "");
  return [...new Set(written.flatMap(phrases))];
}

function phrases(written: string): string[] {
  const choice = /\(([^()]*)\)/.exec(written);
  if (choice === null) return [written.replace(/ +/g, " ").trim()];
  const [group, ways] = choice as unknown as [string, string];
  const before = written.slice(0, choice.index);
  const after = phrases(written.slice(choice.index + group.length));
  return ways.split("|").flatMap((way) =>
    after.map((rest) => (before + way + rest).replace(/ +/g, " ").trim())
  ).filter((phrase) => phrase !== "");
}
