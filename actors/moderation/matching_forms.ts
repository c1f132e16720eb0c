/**
 * Every way to read a message that a disguise may count on. Words parted by one
 * space, letters only:
 * - as written, three and more of a letter as two;
 * - signs and digits within a word read as letters (`sh1t`, `a$$`), a 1 once as
 *   i and once as l;
 * - each of these with no letter twice in a row (`fuuuck`);
 * - dots and dashes within a word gone (`fu-ck`, `f.u.c.king`);
 * - letters that stand alone joined (`f u c k`).
 * Usually one or two forms, never more than ten, each found in one walk over
 * the text, so the cost is linear in its length.
 */
import { leetLetters } from "./confusables.ts";
import { isLetter, isUnparted, textSkeleton } from "./text_skeleton.ts";

export interface MatchingForm {
  text: string;
  /** No letter stands twice in a row. */
  isCollapsed: boolean;
  /** Of joined letters: the runs [start, end) within which each letter may begin or end a word. */
  joined: [number, number][];
}

/** Of a text's forms: its words as written, which also say whether two texts are the same. */
export function writtenForm(text: string): string {
  return wordsOf(textSkeleton(text));
}

/** Of a listed term: its signs are letters, as in `7mar`. */
export function termForm(term: string): string {
  const skeleton = textSkeleton(term);
  return wordsOf(/[0-9$]/.test(skeleton) ? readAsLetters(skeleton, "i") : skeleton);
}

export function matchingForms(text: string): MatchingForm[] {
  const skeleton = textSkeleton(text);
  const readings = [skeleton];
  const leet = readAsLetters(skeleton, "i");
  if (leet !== skeleton) {
    readings.push(leet);
    if (/[1!|]/.test(skeleton)) readings.push(readAsLetters(skeleton, "l"));
  }
  const untied = withoutTies(skeleton);
  if (untied !== skeleton) readings.push(readAsLetters(untied, "i"));
  const forms: MatchingForm[] = [];
  for (const reading of readings) {
    const words = wordsOf(reading);
    add(forms, { text: words, isCollapsed: false, joined: [] });
  }
  const joined = joinedLetters(leet);
  if (joined !== undefined) forms.push(joined);
  for (const form of [...forms]) {
    const collapsed = collapse(form);
    if (collapsed !== undefined) add(forms, collapsed);
  }
  return forms;
}

/** Words with letters left out behind a star: `f*ck`, `sch**sse`. */
export function maskedWords(text: string): string[] {
  if (!/[*#%_]/.test(text)) return [];
  return readAsLetters(textSkeleton(text), "i").split(" ")
    .map((word) => word.replace(/[.,!?:;"'()]/g, ""))
    .map((word) => /^[*#%_]/.test(word) ? word.replace(/[*#%_]/g, "") : word)
    .filter((word) => /[*#%_]/.test(word))
    .map((word) => word.replace(/[#%_]/g, "*"));
}

function add(forms: MatchingForm[], form: MatchingForm): void {
  const isThere = forms.some(({ text, isCollapsed, joined }) =>
    text === form.text && isCollapsed === form.isCollapsed && joined.length === form.joined.length
  );
  if (!isThere) forms.push(form);
}

function wordsOf(reading: string): string {
  let words = "";
  let gap = "";
  for (let at = 0; at < reading.length; at += 1) {
    const unit = reading.charCodeAt(at);
    if (!isLetter(unit)) {
      if (gap !== ";") gap = ",!?;".includes(reading[at]!) ? ";" : " ";
      continue;
    }
    const last = words.charCodeAt(words.length - 1);
    // Within a sentence, signs between two Chinese letters are no end of a word.
    const parts = gap === ";" || !(isUnparted(unit) && isUnparted(last));
    if (gap !== "" && parts && words !== "") words += " ";
    else if (last === unit && !isUnparted(unit) && words.at(-2) === reading[at]) continue;
    gap = "";
    words += reading[at];
  }
  return words;
}

/** What ties the parts of a word together is gone, so that they are one. */
function withoutTies(skeleton: string): string {
  return skeleton.replace(/(?<=[^ ])[-._~/](?=[^ ])/g, "");
}

/** Signs and digits of words that also have letters, but not `90min` or `45s`. */
export function readAsLetters(skeleton: string, one: "i" | "l"): string {
  let reading = "";
  let at = 0;
  while (at < skeleton.length) {
    let end = at;
    let letters = 0;
    let signs = 0;
    for (; end < skeleton.length; end += 1) {
      if (isLetter(skeleton.charCodeAt(end))) letters += 1;
      else if (leetLetters.has(skeleton[end]!)) signs += 1;
      else break;
    }
    const word = skeleton.slice(at, end);
    const isRead = letters > 0 && (signs > 0 || word.includes("v")) &&
      !(word.length <= 6 && /^\d{2,3}[a-z]{1,3}$/.test(word));
    reading += isRead ? wordAsLetters(word, one) : word;
    if (end < skeleton.length) reading += skeleton[end];
    at = end + 1;
  }
  return reading;
}

function wordAsLetters(word: string, one: "i" | "l"): string {
  let letters = "";
  let lastLetter = word.length - 1;
  while (word[lastLetter] === "!" || word[lastLetter] === "|") lastLetter -= 1;
  for (let at = 0; at < word.length; at += 1) {
    const sign = word[at]!;
    const letter = leetLetters.get(sign);
    if (sign === "!" || sign === "|" || sign === "1") {
      const isWithin = sign === "1" || at < lastLetter;
      letters += isWithin ? one : sign;
    } else if (sign === "v" && isConsonant(word[at - 1]) && isConsonant(word[at + 1])) {
      letters += "u";
    } else letters += letter ?? sign;
  }
  return letters;
}

function isConsonant(sign: string | undefined): boolean {
  return sign !== undefined && "bcdfghjklmnpqrstwxz".includes(sign);
}

/** Three and more letters that stand alone, and what a sign ties to the last. */
function joinedLetters(reading: string): MatchingForm | undefined {
  let text = "";
  const joined: [number, number][] = [];
  let run = "";
  let gap = "";
  const close = (tail: string) => {
    if (run.length >= 3) {
      if (text !== "") text += " ";
      joined.push([text.length, text.length + run.length]);
      text += run + tail;
    }
    run = "";
  };
  for (let at = 0; at < reading.length;) {
    let end = at;
    while (end < reading.length && isLetter(reading.charCodeAt(end))) end += 1;
    if (end === at) {
      gap += reading[at];
      at += 1;
      continue;
    }
    const word = reading.slice(at, end);
    if (word.length === 1 && !isUnparted(word.charCodeAt(0))) run += word;
    else close(gap.includes(" ") ? "" : word);
    gap = "";
    at = end;
  }
  close("");
  return joined.length === 0 ? undefined : { text, isCollapsed: false, joined };
}

function collapse({ text, joined }: MatchingForm): MatchingForm | undefined {
  let collapsed = "";
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    places.push(collapsed.length);
    if (at === 0 || text[at] !== text[at - 1] || isUnparted(text.charCodeAt(at))) {
      collapsed += text[at];
    }
  }
  if (collapsed.length === text.length) return undefined;
  places.push(collapsed.length);
  return {
    text: collapsed,
    isCollapsed: true,
    joined: joined.map(([start, end]) => [places[start]!, places[end]!]),
  };
}
