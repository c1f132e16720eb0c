/**
 * Texts for drills of chat: each another one to whatever tells texts apart,
 * harmless to every word list, and with a word to find it by.
 */
import type { SeededRandom } from "./seeded_random.ts";

const SYLLABLES = ["mo", "ri", "le", "na", "lu", "ve", "so", "da"];

export function someWord(random: SeededRandom, syllables: number): string {
  return Array.from({ length: syllables }, () => random.pick(SYLLABLES)).join("");
}

/** A sentence; of 8^12 first words none comes twice. */
export function sentence(random: SeededRandom, marker: string): string {
  const rest = Array.from({ length: 4 }, () => someWord(random, random.whole(2, 5)));
  return [someWord(random, 12), marker, ...rest].join(" ");
}
