/**
 * What stands for a fan without a picture: one of the drawn faces, the same one
 * wherever they write, and their initials on a colour where there are none.
 */
import { fanName } from "../market_words.ts";

/** Dark enough for white letters: 4.5 to 1 and more in each. */
const COLOURS = ["#7a3b12", "#8a2042", "#6a2c91", "#3b3fb0", "#0b5c8f", "#0d6650", "#4c5d12"];

/** Null: there are no faces. */
export function faceOf(user: string, faces: readonly string[]): string | null {
  return faces[hashOf(user) % faces.length] ?? null;
}

export function colourOf(user: string): string {
  return COLOURS[hashOf(user) % COLOURS.length]!;
}

/** Two at most: of `Ana Lima` "AL", of `Guest 7f3a` "G7", of `ben` "B". */
export function initialsOf(user: string): string {
  const words = fanName(user).split(/[\s._-]+/).filter((word) => word !== "");
  const letters = words.slice(0, 2).map((word) => [...word][0]!);
  return letters.join("").toUpperCase();
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  // Its low bits follow the last character too closely.
  return (hash ^ (hash >>> 15)) >>> 0;
}
