/**
 * Before publish: a message's text becomes what is stored and a verdict, or a
 * typed refusal. Built once with its lists, then pure: no clock, no port, the
 * sender's pace comes in and goes out. In order: what may be stored
 * (text_intake.ts), pace (flood_rules.ts), words (word_finder.ts), links
 * (link_rules.ts), mentions; then one verdict (verdict_rules.ts).
 *
 * No step tries again what it has read (each is one walk, or a set of walks
 * whose number has a bound), so the time is linear in the text.
 */
import { limits } from "../../runtime/limits.ts";
import { judgePace, type SenderPace } from "./flood_rules.ts";
import { linkFinding, linkHosts } from "./link_rules.ts";
import { writtenForm } from "./matching_forms.ts";
import { takeText, type TextRefusal } from "./text_intake.ts";
import { type Verdict, verdictOf } from "./verdict_rules.ts";
import { WordFinder } from "./word_finder.ts";
import {
  commonWords,
  footballNames,
  obscenityPhrases,
  wordLists,
  wordListVersion,
} from "./word_lists/mod.ts";

export interface SaidMessage {
  text: string;
  /** What the room speaks, ISO 639: some words are only bad there. */
  language: string;
  /** Unix milliseconds. */
  at: number;
  /** Users it calls, whatever the text shows. */
  mentions: number;
}

export type Moderated =
  | { kind: "refused"; refusal: TextRefusal }
  | { kind: "judged"; text: string; verdict: Verdict; pace: SenderPace };

const everyday: ReadonlySet<string> = new Set(commonWords);
let finder: WordFinder | undefined;

/** One a process: its tables are 30 MB and 0.3 s of CPU, and keep nothing of a text. */
function finderOfAll(): WordFinder {
  return finder ??= new WordFinder(wordLists, footballNames, obscenityPhrases(), commonWords);
}

export class TextPipeline {
  readonly listVersion = wordListVersion;
  readonly #words = finderOfAll();
  readonly #hosts: readonly string[];

  /** `hosts` may be linked, with their subdomains. */
  constructor(hosts: readonly string[] = linkHosts) {
    this.#hosts = hosts;
  }

  moderate(message: SaidMessage, pace: SenderPace): Moderated {
    const taken = takeText(message.text);
    if ("refusal" in taken) return { kind: "refused", refusal: taken.refusal };
    const { text } = taken;
    const flood = judgePace(pace, message.at, text, writtenForm(text));
    const verdict = verdictOf({
      flood: flood.finding,
      word: this.#words.find(text, message.language),
      link: linkFinding(text, this.#hosts, everyday),
      tooManyMentions: Math.max(message.mentions, calls(text)) > limits.chatMentionsMax,
    }, this.listVersion);
    return { kind: "judged", text, verdict, pace: flood.pace };
  }
}

/** `@name` in the text. */
function calls(text: string): number {
  let count = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (/[^\s@]/.test(text[at + 1] ?? " ")) count += 1;
  }
  return count;
}
