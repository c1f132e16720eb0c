/**
 * What becomes of a message, and which rule says so. The gravest finding
 * counts: a slur outweighs a link. Moderators see the rule; the sender learns
 * only what helps an honest one, never a word, a list or that they are shadowed.
 */
import type { FloodFinding } from "./flood_rules.ts";
import type { LinkFinding } from "./link_rules.ts";
import type { WordFinding } from "./word_finder.ts";

export interface Verdict {
  outcome: "allow" | "hold" | "block" | "shadow";
  /** `clean`, or what was broken: `words.es`, `link.unlisted`, `mentions`, `flood.rate`. */
  rule: string;
  /** Of the word lists in force. */
  listVersion: string;
}

export interface Findings {
  flood: FloodFinding | undefined;
  word: WordFinding | undefined;
  link: LinkFinding;
  tooManyMentions: boolean;
}

export type SenderNotice =
  | "accepted"
  | "heldForReview"
  | "notAllowed"
  | "tooFast"
  | "tooManyMentions"
  | "linkNotAllowed";

export function verdictOf(findings: Findings, listVersion: string): Verdict {
  const { flood, word, link, tooManyMentions } = findings;
  const verdict = (outcome: Verdict["outcome"], rule: string) => ({ outcome, rule, listVersion });
  if (flood === "flood.persistent") return verdict("shadow", flood);
  if (word?.severity === "block") return verdict("block", `words.${word.language}`);
  if (link === "scheme") return verdict("block", "link.scheme");
  if (flood !== undefined) return verdict("block", flood);
  if (tooManyMentions) return verdict("block", "mentions");
  if (word !== undefined) return verdict("hold", `words.${word.language}`);
  if (link !== undefined) return verdict("hold", `link.${link}`);
  return verdict("allow", "clean");
}

/** A shadowed sender is told what an honest one is. */
export function noticeFor({ outcome, rule }: Verdict): SenderNotice {
  switch (outcome) {
    case "allow":
    case "shadow":
      return "accepted";
    case "hold":
      return "heldForReview";
    case "block":
      if (rule.startsWith("flood.")) return "tooFast";
      if (rule === "mentions") return "tooManyMentions";
      return rule.startsWith("link.") ? "linkNotAllowed" : "notAllowed";
  }
}
