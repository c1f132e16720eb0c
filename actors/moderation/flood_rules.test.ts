import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import {
  type FloodFinding,
  isLoud,
  judgePace,
  quietSender,
  type SenderPace,
} from "./flood_rules.ts";

const LOUD = "COME ON ENGLAND WHAT A GOAL THAT WAS";

/** Says each of `texts`, `gap` ms apart. */
function say(texts: string[], gap: number, pace: SenderPace = quietSender, from = 1_000_000) {
  const findings: (FloodFinding | undefined)[] = [];
  texts.forEach((text, index) => {
    const judged = judgePace(pace, from + index * gap, text, text.toLowerCase());
    findings.push(judged.finding);
    pace = judged.pace;
  });
  return { findings, pace };
}

const different = (count: number) => Array.from({ length: count }, (_, index) => `goal ${index}`);

describe("judgePace", () => {
  test("so many messages in the window and no more, then again after it", () => {
    const { findings, pace } = say(different(limits.chatFloodMessagesMax + 1), 100);
    expect(findings.slice(0, -1).every((finding) => finding === undefined)).toBe(true);
    expect(findings.at(-1)).toBe("flood.rate");
    const later = 1_000_000 + limits.chatFloodWindowMs + 2_000;
    expect(say(["goal"], 0, pace, later).findings).toEqual([undefined]);
  });

  test("the same text so often, whatever its case", () => {
    const texts = ["Goal", "goal", "GOAL", "goal", "other"];
    expect(say(texts, 1_000).findings).toEqual(
      [undefined, undefined, undefined, "flood.repeat", undefined],
    );
  });

  test("a picture is a text too", () => {
    const pace = judgePace(quietSender, 1, "⚽", "").pace;
    expect(pace.said[0]!.fingerprint).not.toBe(
      judgePace(quietSender, 1, "🎉", "").pace.said[0]!.fingerprint,
    );
  });

  test("shouting is for moments", () => {
    const shouts = [1, 2, 3, 4].map((count) => `${LOUD} ${count}`);
    expect(say(shouts, 1_000).findings).toEqual([undefined, undefined, undefined, "flood.caps"]);
  });

  test("whoever goes on being refused is shadowed, and comes back by keeping quiet", () => {
    const { findings, pace } = say(
      Array(limits.chatSameMessagesMax + limits.chatRefusedMax).fill("x"),
      10,
    );
    expect(findings.at(-2)).toBe("flood.repeat");
    expect(findings.at(-1)).toBe("flood.persistent");
    const later = 1_000_000 + limits.chatFloodWindowMs + 2_000;
    expect(say(["x"], 0, pace, later)).toEqual({
      findings: [undefined],
      pace: { said: [expect.anything()], refusedAt: [] },
    });
  });

  test("keeps no more than its bounds, and never the text", () => {
    const { pace } = say(Array(500).fill("marker"), 1);
    expect(pace.said.length).toBeLessThanOrEqual(limits.chatFloodMessagesMax);
    expect(pace.refusedAt.length).toBeLessThanOrEqual(limits.chatRefusedMax);
    expect(JSON.stringify(pace)).not.toContain("marker");
  });

  test("leaves what it was given as it was", () => {
    const before = structuredClone(quietSender);
    say(different(30), 1);
    expect(quietSender).toEqual(before);
  });
});

describe("isLoud", () => {
  test.each([[LOUD, true], ["GOOOOAL", false], ["What a goal by the USA and FIFA", false], [
    "进球了进球了进球了进球了进球了进球了",
    false,
  ]])("%s: %s", (text, loud) => {
    expect(isLoud(text)).toBe(loud);
  });
});
