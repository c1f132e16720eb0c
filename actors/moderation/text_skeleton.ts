/**
 * The folded text: one letter for all that look alike, so that a word is found
 * whatever it is dressed in. NFKD, lower case, marks and default-ignorables
 * gone, lookalikes replaced; what parts words is a space, but signs of ASCII
 * stay, as they may stand for letters (matching_forms.ts). Only for matching:
 * nobody reads it and nothing of it is stored.
 *
 * Folding what is folded changes nothing.
 */
import { confusables, ligatures } from "./confusables.ts";

const SPACE = 0x20;
const DROPPED = 1;
/** Stands for the raised middle finger, the one picture that lists name. */
const FINGER = 0xe000;

/** Pictures that Chinese writes for the word of the same sound or sense. */
const PICTURES: ReadonlyMap<number, string> = new Map([
  [0x1f434, "马"],
  [0x1f40e, "马"],
  [0x1f436, "狗"],
  [0x1f437, "猪"],
  [0x1f414, "鸡"],
  [0x1f4a9, "屎"],
]);

const folded = foldedUnits();

export function textSkeleton(text: string): string {
  let plain = "";
  let start = 0;
  // Runs of folded text are taken over as they are: most messages are one.
  const source = isAscii(text) ? text.toLowerCase() : text.normalize("NFKD");
  for (let at = 0; at < source.length; at += 1) {
    const unit = source.charCodeAt(at);
    if (folded[unit] === unit) continue;
    plain += source.slice(start, at);
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const point = source.codePointAt(at)!;
      plain += foldedPoint(point);
      if (point > 0xffff) at += 1;
    } else {
      plain += ligatures.get(String.fromCharCode(unit).toLowerCase()) ?? foldedText(folded[unit]!);
    }
    start = at + 1;
  }
  return plain + source.slice(start);
}

/** Letters of scripts that do not part words: what follows them begins a word. */
export function isUnparted(unit: number): boolean {
  return (unit >= 0x3400 && unit <= 0x9fff) || unit === FINGER;
}

/** Of folded text: all but spaces, digits and signs. */
export function isLetter(unit: number): boolean {
  return unit > 0x7f ? unit !== 0x20ac : unit >= 0x61 && unit <= 0x7a;
}

function foldedText(unit: number): string {
  return unit === DROPPED ? "" : String.fromCharCode(unit);
}

/** Beyond the BMP and after NFKD only pictures, a few letters in boxes and rare scripts are left. */
function foldedPoint(point: number): string {
  if (point === 0x1f595) return String.fromCharCode(FINGER);
  const spoken = PICTURES.get(point);
  if (spoken !== undefined) return spoken;
  for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (point >= first && point < first + 26) return String.fromCharCode(0x61 + point - first);
  }
  // Tags, variation selectors, skin tones.
  return point >= 0xe0000 || (point >= 0x1f3fb && point <= 0x1f3ff) ? "" : " ";
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function foldedUnits(): Uint16Array {
  const units = new Uint16Array(0x10000);
  for (let unit = 0; unit < units.length; unit += 1) units[unit] = foldedUnit(unit);
  return units;
}

function foldedUnit(unit: number): number {
  if (unit === FINGER) return unit;
  if (unit < 0x80) {
    return unit <= SPACE || unit === 0x7f
      ? SPACE
      : String.fromCharCode(unit).toLowerCase().charCodeAt(0);
  }
  const letter = String.fromCharCode(unit).toLowerCase();
  const twin = confusables.get(letter);
  if (twin !== undefined) return twin.charCodeAt(0);
  if (ligatures.has(letter)) return DROPPED;
  // The Arabic stroke that only lengthens a word is a letter by name.
  if (/\p{M}|\p{Default_Ignorable_Code_Point}|\u0640/u.test(letter[0]!)) return DROPPED;
  if (letter === "€") return 0x20ac;
  // A full stop of Chinese ends a sentence, where a dot may part the letters of a word.
  if (letter === "。") return 0x3b;
  return /\p{L}/u.test(letter[0]!) ? letter.charCodeAt(0) : SPACE;
}
