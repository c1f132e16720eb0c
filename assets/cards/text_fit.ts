/**
 * Text that keeps within its box, whatever its script and length.
 *
 * librsvg knows no `textLength`, so widths are summed from upper bounds per kind
 * of letter, of Inter's boldest cut and of the fonts that stand in for it: a
 * line is at most as wide as said here. What does not fit at the smallest size is
 * cut between characters as people see them, with an ellipsis.
 */

export interface Fitted {
  lines: string[];
  size: number;
}

/** In em, at the boldest weight; the first that matches. */
const WIDTHS: readonly [pattern: RegExp, em: number][] = [
  [/^[\p{M}\p{Cf}]$/u, 0],
  [/^[ \u00a0]$/u, 0.28],
  [/^[iljtfrI.,:;'’!|()[\]/\\]$/u, 0.43],
  [/^-$/, 0.48],
  [/^[mwMW@%—ÆŒæœ…]$/u, 1.08],
  [/^(?=\p{Script=Latin})\p{Lu}$/u, 0.79],
  [/^\p{Script=Latin}$/u, 0.68],
  [/^[\p{ASCII}–·]$/u, 0.7],
  [/^[ЖШЩЮЫФМДжшщюыфмъЪ]$/u, 1.12],
  [/^[ψωφΜΨΦ]$/u, 0.91],
  [/^[\p{Script=Cyrillic}\p{Script=Greek}]$/u, 0.79],
  // Joined letters: 0.4 to 0.6 a letter of a word; these are the wide ones.
  [/^[سشصض]$/u, 0.95],
  [/^\p{Script=Arabic}$/u, 0.62],
  [/^\p{Script=Hebrew}$/u, 0.76],
];
const OTHER_EM = 1.06;
const ELLIPSIS = "…";

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** At most, in pixels. */
export function widthOf(text: string, size: number): number {
  let em = 0;
  for (const letter of text) em += emOf(letter);
  return em * size;
}

/** The largest of `sizes`, falling, at which the text fits on one line; else cut at the last. */
export function fitLine(text: string, width: number, sizes: readonly number[]): Fitted {
  const size = sizes.find((size) => widthOf(text, size) <= width);
  if (size !== undefined) return { lines: [text], size };
  const smallest = sizes.at(-1)!;
  return { lines: [cut(text, width, smallest)], size: smallest };
}

/** As on one line, but on two, each as large as can be, before it gets small. */
export function fitLines(
  text: string,
  width: number,
  { single, double }: { single: readonly number[]; double: readonly number[] },
): Fitted {
  const one = single.find((size) => widthOf(text, size) <= width);
  if (one !== undefined) return { lines: [text], size: one };
  for (const size of double) {
    const lines = broken(text, width, size);
    if (lines !== null) return { lines, size };
  }
  return fitLine(text, width, [double.at(-1)!]);
}

/** Two lines of much the same length, or null where the text has no such place. */
function broken(text: string, width: number, size: number): string[] | null {
  let best: { lines: string[]; widest: number } | null = null;
  for (const { index } of text.matchAll(/ |(?<=\p{Script=Han}|\p{Script=Hangul})(?=\S)/gu)) {
    const lines = [text.slice(0, index).trim(), text.slice(index).trim()];
    const widest = Math.max(...lines.map((line) => widthOf(line, size)));
    if (widest <= width && widest < (best?.widest ?? Number.POSITIVE_INFINITY)) {
      best = { lines, widest };
    }
  }
  return best?.lines ?? null;
}

/** With an ellipsis; an opened isolate is closed again. */
export function cut(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text;
  let kept = "";
  for (const { segment } of characters.segment(text)) {
    if (widthOf(kept + segment + ELLIPSIS, size) > width) break;
    kept += segment;
  }
  const isOpen = kept.lastIndexOf("\u2068") > kept.lastIndexOf("\u2069");
  return `${kept.trimEnd()}${ELLIPSIS}${isOpen ? "\u2069" : ""}`;
}

function emOf(letter: string): number {
  return WIDTHS.find(([pattern]) => pattern.test(letter))?.[1] ?? OTHER_EM;
}

/** For an attribute or a text of XML 1.0: what is markup is escaped, what no XML may hold is left out. */
export function escaped(text: string): string {
  const letters = text.normalize("NFC").toWellFormed().replace(UNSHOWN, "");
  return letters.replace(/[<>&"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Controls, non-characters, and marks that turn the direction of what follows. */
// deno-lint-ignore no-control-regex
const UNSHOWN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066\u2067\ufffe\uffff]/gu;
