/**
 * Words that a space parts so that no list finds them: `fu ck`, `mier da`.
 *
 * Two neighbours are read as one where neither is an everyday word, as `who` is in
 * `who really` and `a` in `put a`; of what the join finds only words count that the
 * space lies within, and they wait for a moderator, as chance finds some too. Each
 * pair is looked at once, so the cost stays linear.
 */
import { readAsLetters } from "./matching_forms.ts";
import { isLetter, isUnparted, textSkeleton } from "./text_skeleton.ts";

export interface JoinedPair {
  text: string;
  /** Where the space was. */
  at: number;
}

/** A longer one is no listed word in two parts. */
const PAIR_CHARS_MAX = 20;

/** What so few letters say behind the space is more often the end of a word: `mier da`. */
const TAIL_CHARS_MAX = 2;

/** Pairs of neighbours, each letters only, with nothing between them but one space. */
export function joinedPairs(text: string, common: ReadonlySet<string>): JoinedPair[] {
  const parts = readAsLetters(textSkeleton(text), "i").split(" ");
  const pairs: JoinedPair[] = [];
  for (let at = 1; at < parts.length; at += 1) {
    const [first, second] = [parts[at - 1]!, withoutEnd(parts[at]!)];
    const chars = first.length + second.length;
    if (first === "" || second === "" || chars > PAIR_CHARS_MAX) continue;
    if (common.has(first) || (second.length > TAIL_CHARS_MAX && common.has(second))) continue;
    if (isWord(first) && isWord(second)) pairs.push({ text: first + second, at: first.length });
  }
  return pairs;
}

/** `ck!` */
function withoutEnd(part: string): string {
  return part.replace(/[.,!?;:)"'*]+$/, "");
}

function isWord(part: string): boolean {
  for (let at = 0; at < part.length; at += 1) {
    const unit = part.charCodeAt(at);
    if (!isLetter(unit) || isUnparted(unit)) return false;
  }
  return true;
}
