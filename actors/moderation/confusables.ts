/**
 * Letters that pass for Latin ones, in the spirit of UTS #39 but for chat: only
 * what is left after NFKD and lower case, since those already bring full-width,
 * circled, squared and mathematical letters back. Wrong spellings of honest
 * Greek or Cyrillic words are harmless here, as nobody reads the matching form.
 */

const LOOKALIKES: Record<string, string> = {
  a: "аαɑᴀәɐ",
  b: "ьвβʙƅḃ",
  c: "сϲᴄƈↄ",
  d: "ԁɗᴅđժ",
  e: "еεєҽᴇəɛ",
  f: "ƒғꜰϝ",
  g: "ɡɢԍɠց",
  h: "һнʜհћħ",
  i: "іιıɪɩ",
  j: "јʝϳᴊ",
  k: "кκᴋқƙ",
  l: "ӏłʟǀɭ",
  m: "мᴍ",
  n: "пηɴոռ",
  o: "оοσᴏօøɵ",
  p: "рρᴘƿ",
  q: "ԛզɋ",
  r: "гʀɼɾ",
  s: "ѕꜱʂƨ",
  t: "тτᴛŧƭ",
  u: "υսᴜʋ",
  v: "ѵνᴠ",
  w: "ωԝᴡѡшɯ",
  x: "хχ",
  y: "уγʏүу",
  z: "ᴢʐƶ",
  // Arabic letters that keyboards of other languages have instead.
  "ك": "ڪکگڭ",
  "ا": "ٱ",
  "ب": "پ",
  "ج": "چ",
  "ف": "ڤ",
  "ق": "ڨ",
  "ي": "ىی",
  "ه": "ةہھ",
};

/** From a lower-case letter, decomposed, to the letter that it passes for. */
export const confusables: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKALIKES).flatMap(([letter, twins]) =>
    [...twins].map((twin): [string, string] => [twin, letter])
  ),
);

/** Letters that stand for two. */
export const ligatures: ReadonlyMap<string, string> = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
]);

/** Signs within a word that stand for a letter; `1`, `!` and `|` also for an l. */
export const leetLetters: ReadonlyMap<string, string> = new Map(Object.entries({
  "0": "o",
  "1": "i",
  "2": "z",
  "3": "e",
  "4": "a",
  "5": "s",
  "6": "g",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  "$": "s",
  "€": "e",
  "+": "t",
  "!": "i",
  "|": "i",
}));
