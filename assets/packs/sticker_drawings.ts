/**
 * Our own stickers, drawn as SVG: shapes and strokes only.
 *
 * Letters are strokes too, since what a font draws depends on the machine's
 * fonts, and the same sources must give the same bytes everywhere.
 */
import type { Size } from "../pack.ts";

/** On a field of 40 x 60. */
const LETTERS: Record<string, string> = {
  A: "M2 60L20 0L38 60M9 40H31",
  F: "M36 0H4V60M4 29H30",
  G: "M36 12Q20 -9 8 12Q0 30 8 48Q20 69 36 48V34H22",
  H: "M4 0V60M36 0V60M4 30H36",
  L: "M4 0V60H36",
  O: "M20 0Q38 0 38 30Q38 60 20 60Q2 60 2 30Q2 0 20 0Z",
  R: "M4 60V0H22Q38 0 38 16Q38 32 22 32H4M22 32L38 60",
  T: "M2 0H38M20 0V60",
  V: "M2 0L20 60L38 0",
};
const ADVANCE = 54;

function word(text: string, x: number, y: number, scale: number, colour: string): string {
  const letters = [...text].map((letter, at) =>
    `<path transform="translate(${at * ADVANCE})" d="${LETTERS[letter]}"/>`
  );
  return `<g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke="${colour}" ` +
    `stroke-width="11" stroke-linecap="round" stroke-linejoin="round">${letters.join("")}</g>`;
}

function ball(x: number, y: number, radius: number): string {
  return `<g transform="translate(${x} ${y}) scale(${radius / 20})">` +
    '<circle r="19" fill="#fff" stroke="#14213d" stroke-width="2"/>' +
    '<path d="M0 -8L8 -2L5 7H-5L-8 -2Z" fill="#14213d"/>' +
    '<path d="M0 -8V-18M8 -2L17 -6M5 7L11 15M-5 7L-11 15M-8 -2L-17 -6" stroke="#14213d" ' +
    'stroke-width="2.5"/></g>';
}

const card = (colour: string) =>
  `<rect x="8" y="4" width="48" height="72" rx="6" fill="${colour}" stroke="#fff" ` +
  'stroke-width="4" transform="rotate(8 32 40)"/>';
const badge = (text: string, colour: string) =>
  `<rect x="3" y="3" width="90" height="58" rx="14" fill="${colour}" stroke="#fff" ` +
  `stroke-width="4"/>${word(text, 24, 17, 0.5, "#fff")}`;

export interface Drawing {
  id: string;
  size: Size;
  /** What stands between the tags of an SVG of that size. */
  shapes: string;
}

export const drawings: readonly Drawing[] = [
  {
    id: "goal",
    size: { width: 128, height: 64 },
    shapes: '<rect x="3" y="3" width="122" height="58" rx="14" fill="#0a8f4d" stroke="#fff" ' +
      `stroke-width="4"/>${word("GOAL", 14, 16, 0.5, "#fff")}`,
  },
  {
    id: "penalty",
    size: { width: 96, height: 80 },
    shapes: '<path d="M6 76V6H90V76" fill="none" stroke="#fff" stroke-width="7"/>' +
      '<path d="M20 10V70M34 10V70M48 10V40M62 10V70M76 10V70M10 24H86M10 40H86" stroke="#9fb3c8" ' +
      `stroke-width="1.5"/>${ball(48, 58, 17)}`,
  },
  {
    id: "missed-penalty",
    size: { width: 96, height: 80 },
    shapes: '<path d="M18 76V26H78V76" fill="none" stroke="#fff" stroke-width="7"/>' +
      `${ball(80, 16, 14)}<path d="M30 40L66 72M66 40L30 72" stroke="#d62828" stroke-width="8" ` +
      'stroke-linecap="round"/>',
  },
  { id: "yellow-card", size: { width: 64, height: 80 }, shapes: card("#f9c80e") },
  { id: "red-card", size: { width: 64, height: 80 }, shapes: card("#d62828") },
  {
    id: "var",
    size: { width: 96, height: 80 },
    shapes: '<rect x="3" y="3" width="90" height="60" rx="8" fill="#14213d" stroke="#fff" ' +
      'stroke-width="4"/><path d="M30 76H66" stroke="#fff" stroke-width="6" ' +
      `stroke-linecap="round"/>${word("VAR", 11, 17, 0.5, "#4cc9f0")}`,
  },
  { id: "half-time", size: { width: 96, height: 64 }, shapes: badge("HT", "#475569") },
  { id: "full-time", size: { width: 96, height: 64 }, shapes: badge("FT", "#7b2cbf") },
  {
    id: "offside",
    size: { width: 72, height: 96 },
    shapes: '<path d="M12 6V90" stroke="#5b3a1e" stroke-width="6" stroke-linecap="round"/>' +
      '<path d="M15 8H66V48H15Z" fill="#f9c80e"/>' +
      '<path d="M15 8H40V28H15ZM40 28H66V48H40Z" fill="#d62828"/>',
  },
  {
    id: "substitution",
    size: { width: 80, height: 80 },
    shapes: '<path d="M26 70V18M10 34L26 14L42 34" fill="none" stroke="#0a8f4d" ' +
      'stroke-width="9" stroke-linecap="round" stroke-linejoin="round"/>' +
      '<path d="M56 10V62M40 46L56 66L72 46" fill="none" stroke="#d62828" stroke-width="9" ' +
      'stroke-linecap="round" stroke-linejoin="round"/>',
  },
  {
    id: "whistle",
    size: { width: 96, height: 64 },
    shapes: '<path d="M8 12H88V30H60A20 20 0 1 1 22 30H8Z" fill="#14213d" stroke="#fff" ' +
      'stroke-width="4" stroke-linejoin="round"/><circle cx="41" cy="38" r="8" fill="#fff"/>',
  },
  {
    id: "champions",
    size: { width: 80, height: 96 },
    shapes: '<path d="M20 8H60V34Q60 56 40 56Q20 56 20 34Z" fill="#f9c80e"/>' +
      '<path d="M20 14H6Q6 38 22 40M60 14H74Q74 38 58 40" fill="none" stroke="#f9c80e" ' +
      'stroke-width="6"/><path d="M36 56H44V76H36ZM20 76H60V90H20Z" fill="#c89600"/>',
  },
];
