/**
 * Listed words in a message: the lists compiled into one automaton, and what
 * makes a hit a finding. A term stands as its list says (whole, or open at an
 * end), in the forms that it may be found in, in rooms that it holds for, and
 * not inside an innocent name.
 *
 * Two promises that tests hold: case, zero-width characters and lookalikes never
 * hide a listed word, and a name of the football list is never one.
 */
import { assert } from "../../runtime/failure.ts";
import { maskedWords, type MatchingForm, matchingForms, termForm } from "./matching_forms.ts";
import { joinedPairs } from "./split_words.ts";
import { isUnparted } from "./text_skeleton.ts";
import { WordMatcher } from "./word_matcher.ts";
import type { ObscenityPhrases, WordList } from "./word_lists/mod.ts";

export type Severity = "hold" | "block";

export interface WordFinding {
  severity: Severity;
  /** Of the list that has the word; obscenity's are `en`. */
  language: string;
}

interface Term {
  text: string;
  mayBeginEarlier: boolean;
  mayGoOn: boolean;
  isCollapsed: boolean;
  /** Set for a listed word, unset for an innocent one. */
  severity: Severity | undefined;
  language: string;
  /** Only in rooms that speak `language`. */
  atHome: boolean;
  source: "lists" | "obscenity";
}

type Listing = Pick<Term, "severity" | "language" | "atHome" | "source">;

interface Hit {
  term: Term;
  start: number;
  end: number;
}

/** Without its double letter each is another word: a country, a lawn, to deepen. */
const KEEPS_DOUBLES = new Set(["nigger", "tapette", "tapettes", "deppen"]);
/** `CONN` and `PPD` are not what their letters are once. */
const COLLAPSED_CHARS_MIN = 4;
const LOSES_DOUBLES_CHARS_MIN = 5;
/** Shorter ones are words by chance; Arabic writes no vowels, so its words say more a letter. */
const RUN_TOGETHER_CHARS_MIN = 7;
const ARABIC_RUN_TOGETHER_CHARS_MIN = 5;
/** Longer phrases are rarely written as one word, and would double the table. */
const RUN_TOGETHER_WORDS_MAX = 3;
const MASKED_CHARS_MIN = 4;
const JOINED_CHARS_MIN = 4;
const SPLIT_CHARS_MIN = 4;
/** Arabic writes `and`, `the`, `with`, `for` and `O` onto the next word. */
const PARTICLES = new Set(["ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "يا", "يال"]);
const ARABIC = /^[\u0600-\u06ff]/;

export class WordFinder {
  readonly #terms: Term[] = [];
  /** Chinese has letters by the thousand: apart, neither table is wide and long. */
  readonly #matchers: { matcher: WordMatcher; terms: Term[]; isUnparted: boolean }[];
  readonly #maskable = new Map<number, Term[]>();
  readonly #common: ReadonlySet<string>;

  constructor(lists: WordList[], names: string[], phrases: ObscenityPhrases, common: string[]) {
    this.#common = new Set(common);
    for (const { language, block, hold, holdAtHome, innocent } of lists) {
      const listing = { language, source: "lists" } as const;
      this.#list(block, { ...listing, severity: "block", atHome: false });
      this.#list(hold, { ...listing, severity: "hold", atHome: false });
      this.#list(holdAtHome, { ...listing, severity: "hold", atHome: true });
      this.#list(innocent, { ...listing, severity: undefined, atHome: false });
    }
    this.#list(names, { severity: undefined, language: "", atHome: false, source: "lists" });
    const english = { language: "en", source: "obscenity" } as const;
    this.#list(phrases.terms, { ...english, severity: "hold", atHome: true });
    const within = phrases.innocent.map((term) => `*${term}*`);
    this.#list(within, { ...english, severity: undefined, atHome: false });
    this.#matchers = [false, true].map((unparted) => {
      const terms = this.#terms.filter(({ text }) => hasUnparted(text) === unparted);
      const matcher = new WordMatcher(terms.map(({ text }) => text));
      return { matcher, terms, isUnparted: unparted };
    });
  }

  /** The gravest of a message in a room that speaks `language`. */
  find(text: string, language: string): WordFinding | undefined {
    let gravest: WordFinding | undefined;
    const weigh = ({ severity, language: list }: Term) => {
      if (severity === "block" || gravest === undefined) {
        gravest = { severity: severity!, language: list };
      }
    };
    for (const form of matchingForms(text)) {
      for (const { term } of this.#findings(form, language)) weigh(term);
    }
    for (const { text: pair, at } of joinedPairs(text, this.#common)) {
      const form = { text: pair, isCollapsed: false, joined: [] };
      for (const { term, start, end } of this.#findings(form, language)) {
        // A moderator looks, whatever the word: chance splits none on purpose, but joins some.
        if (isSplit(term) && start < at && end > at) weigh({ ...term, severity: "hold" });
      }
    }
    for (const word of maskedWords(text)) {
      const term = this.#unmasked(word, language);
      if (term !== undefined) weigh(term);
    }
    return gravest;
  }

  #findings(form: MatchingForm, language: string): Hit[] {
    const hits: Hit[] = [];
    const innocent: Hit[] = [];
    for (const { matcher, terms, isUnparted } of this.#matchers) {
      if (isUnparted && !hasUnparted(form.text)) continue;
      matcher.scan(form.text, (index, end) => {
        const term = terms[index]!;
        const start = end - term.text.length;
        if (term.isCollapsed !== form.isCollapsed) return;
        if (term.atHome && term.language !== language) return;
        if (stands(form, term, start, end)) {
          (term.severity === undefined ? innocent : hits).push({ term, start, end });
        }
      });
    }
    if (innocent.length === 0) return hits;
    return hits.filter(({ term, start, end }) =>
      !innocent.some((name) =>
        name.start <= start && name.end >= end &&
        (name.term.source === "lists" || term.source === "obscenity")
      )
    );
  }

  #unmasked(word: string, language: string): Term | undefined {
    const known = word.length - word.split("*").length + 1;
    if (known < 2 || known * 2 < word.length) return undefined;
    return this.#maskable.get(word.length)?.find(({ text, atHome, language: list }) =>
      (!atHome || list === language) &&
      [...word].every((sign, at) => sign === text[at] || (sign === "*" && at > 0))
    );
  }

  #list(written: string[], listing: Listing): void {
    for (const entry of written) {
      const text = termForm(entry.replaceAll("*", ""));
      assert(text !== "", `the term ${JSON.stringify(entry)} has letters`);
      const term: Term = {
        ...listing,
        text,
        mayBeginEarlier: entry.startsWith("*"),
        mayGoOn: entry.endsWith("*"),
        isCollapsed: false,
      };
      this.#add(term);
      if (text.includes(" ")) this.#addRunTogether(term);
      else this.#addMaskable(term);
    }
  }

  #add(term: Term): void {
    this.#terms.push(term);
    const collapsed = term.text.replace(
      /(.)\1+/g,
      (run, letter) => isUnparted(letter.charCodeAt(0)) ? run : letter,
    );
    const least = collapsed === term.text ? COLLAPSED_CHARS_MIN : LOSES_DOUBLES_CHARS_MIN;
    const isSafe = term.severity === undefined || isUnparted(term.text.charCodeAt(0)) ||
      (collapsed.length >= least && !KEEPS_DOUBLES.has(term.text));
    if (isSafe) this.#terms.push({ ...term, text: collapsed, isCollapsed: true });
  }

  /** `hijodeputa`. */
  #addRunTogether(term: Term): void {
    const text = term.text.replaceAll(" ", "");
    const least = ARABIC.test(text) ? ARABIC_RUN_TOGETHER_CHARS_MIN : RUN_TOGETHER_CHARS_MIN;
    const words = term.text.split(" ").length;
    if (text.length >= least && words <= RUN_TOGETHER_WORDS_MAX && term.severity !== undefined) {
      this.#add({ ...term, text });
    }
  }

  #addMaskable(term: Term): void {
    if (term.severity === undefined || term.text.length < MASKED_CHARS_MIN) return;
    const sameLength = this.#maskable.get(term.text.length) ?? [];
    this.#maskable.set(term.text.length, [...sameLength, term]);
  }
}

/** Of shorter ones and of those of one language each half is too often a word. */
function isSplit({ text, atHome, source }: Term): boolean {
  return text.length >= SPLIT_CHARS_MIN && !atHome && source === "lists";
}

function hasUnparted(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (isUnparted(text.charCodeAt(at))) return true;
  return false;
}

function stands(form: MatchingForm, term: Term, start: number, end: number): boolean {
  const { text, joined } = form;
  if (joined.length > 0) {
    return joined.some(([from, to]) => {
      const whole = start === from && end >= to;
      return start >= from && start < to && (whole || term.text.length >= JOINED_CHARS_MIN) &&
        (end <= to || endsWord(text, end) || term.mayGoOn);
    });
  }
  return (term.mayBeginEarlier || beginsWord(text, start)) && (term.mayGoOn || endsWord(text, end));
}

function beginsWord(text: string, start: number): boolean {
  if (start === 0 || text[start - 1] === " ") return true;
  if (isUnparted(text.charCodeAt(start)) || isUnparted(text.charCodeAt(start - 1))) return true;
  if (!ARABIC.test(text[start]!)) return false;
  return PARTICLES.has(text.slice(text.lastIndexOf(" ", start - 1) + 1, start));
}

function endsWord(text: string, end: number): boolean {
  return end === text.length || text[end] === " " || isUnparted(text.charCodeAt(end)) ||
    isUnparted(text.charCodeAt(end - 1));
}
