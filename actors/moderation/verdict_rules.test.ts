import { describe, expect, test } from "vitest";
import { type Findings, noticeFor, verdictOf } from "./verdict_rules.ts";

const clean: Findings = {
  flood: undefined,
  word: undefined,
  link: undefined,
  tooManyMentions: false,
};
const slur = { severity: "block", language: "es" } as const;
const insult = { severity: "hold", language: "de" } as const;

describe("verdictOf", () => {
  test.each<[Partial<Findings>, string, string, string]>([
    [{}, "allow", "clean", "accepted"],
    [{ word: insult }, "hold", "words.de", "heldForReview"],
    [{ word: slur }, "block", "words.es", "notAllowed"],
    [{ link: "unlisted" }, "hold", "link.unlisted", "heldForReview"],
    [{ link: "scheme" }, "block", "link.scheme", "linkNotAllowed"],
    [{ tooManyMentions: true }, "block", "mentions", "tooManyMentions"],
    [{ flood: "flood.rate" }, "block", "flood.rate", "tooFast"],
    [{ flood: "flood.persistent" }, "shadow", "flood.persistent", "accepted"],
    [{ flood: "flood.persistent", word: slur }, "shadow", "flood.persistent", "accepted"],
    [{ word: insult, link: "unlisted", flood: "flood.repeat" }, "block", "flood.repeat", "tooFast"],
    [{ word: slur, tooManyMentions: true }, "block", "words.es", "notAllowed"],
  ])("%j: %s by %s, the sender is told %s", (findings, outcome, rule, notice) => {
    const verdict = verdictOf({ ...clean, ...findings }, "1");
    expect(verdict).toEqual({ outcome, rule, listVersion: "1" });
    expect(noticeFor(verdict)).toBe(notice);
  });
});
