/**
 * The first look at a message's text: what may be stored, in NFC, or a typed
 * refusal. It bounds what comes after: no more graphemes than a person writes,
 * no marks piled over other people's lines, no characters that turn the order
 * of text around or that no keyboard has.
 */
import { limits } from "../../runtime/limits.ts";

export interface TextRefusal {
  code: "textEmpty" | "textTooLong" | "textControl" | "textBidi" | "textMarks" | "textMalformed";
  /** For the sender: nothing of it is secret. */
  reason: string;
}

export type TextIntake = { text: string } | { refusal: TextRefusal };

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const encoder = new TextEncoder();

export function takeText(raw: string): TextIntake {
  // Before any work on it: a character has at most four bytes, a unit at least one.
  if (raw.length > limits.chatTextBytesMax) return tooLong(`${raw.length} characters`);
  if (!raw.isWellFormed()) return refuse("textMalformed", "The text has half a character");
  const control = /\p{Cc}|[\u2028\u2029]/u.exec(raw);
  if (control !== null) return refuse("textControl", `The text has ${named(control[0])}`);
  const bidi = /[\u202a-\u202e\u2066-\u2069]/.exec(raw);
  if (bidi !== null) return refuse("textBidi", `The text has ${named(bidi[0])}`);
  const text = raw.normalize("NFC");
  if (!hasInk(text)) return refuse("textEmpty", "The text shows nothing");
  const bytes = encoder.encode(text).length;
  if (bytes > limits.chatTextBytesMax) return tooLong(`${bytes} bytes`);
  const marks = mostMarks(text);
  if (marks > limits.chatMarksMax) {
    return refuse(
      "textMarks",
      `A character may have ${limits.chatMarksMax} marks, one has ${marks}`,
    );
  }
  const count = text.length > limits.chatGraphemesMax ? graphemesOf(text) : text.length;
  return count > limits.chatGraphemesMax ? tooLong(`${count} characters`) : { text };
}

function tooLong(found: string): TextIntake {
  return refuse(
    "textTooLong",
    `A message has at most ${limits.chatGraphemesMax} characters and ${limits.chatTextBytesMax} bytes, this one ${found}`,
  );
}

function refuse(code: TextRefusal["code"], reason: string): TextIntake {
  return { refusal: { code, reason } };
}

function named(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Anything but spaces, marks without a letter and characters that are not drawn. */
function hasInk(text: string): boolean {
  return /[^\p{Z}\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

/** Most marks of one character; joiners between them do not begin a new one. */
function mostMarks(text: string): number {
  let most = 0;
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x300) {
      marks = 0;
      continue;
    }
    const point = text.codePointAt(at)!;
    if (point > 0xffff) at += 1;
    if (point === 0x200c || point === 0x200d) continue;
    marks = /^\p{M}/u.test(String.fromCodePoint(point)) ? marks + 1 : 0;
    if (marks > most) most = marks;
  }
  return most;
}

function graphemesOf(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}
