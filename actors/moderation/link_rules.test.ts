import { describe, expect, test } from "vitest";
import { linkFinding, linkHosts } from "./link_rules.ts";
import { commonWords } from "./word_lists/mod.ts";

const common = new Set(commonWords);
const finding = (text: string) => linkFinding(text, linkHosts, common);

describe("linkFinding", () => {
  test.each([
    "no link at all",
    "see https://www.youtube.com/watch?v=1",
    "(https://YouTube.com/x), nice",
    "www.fifa.com and de.wikipedia.org/wiki/Tor",
    "What a goal.What a match.To be seen",
    "3.1 or 2.0, 20.30 h, St.Pauli, z.B. so...",
    "score 2:1, time 20:45",
    "BBC.CO.UK",
    "好球。谁会赢",
    "youtube dot com has it, and fifa (dot) com",
    "the dot com boom of our defence",
    "un punto es un punto, y a otra cosa",
    "um ponto de vantagem, ponto com sabor",
    "un point de moins . de plus",
    "ein Punkt, punkt um",
    "dot to dot . in the middle . net result",
    "a point in the net . to be fair",
    "polka dot shirts",
    "match point win, one point bet",
  ])("%s passes", (text) => {
    expect(finding(text)).toBeUndefined();
  });

  test.each([
    "http://evil.example/x",
    "bets.win now",
    "free-stream.live/arg-fra",
    "(cheap.shop)",
    "https://youtube.com.evil.example",
    "https://notyoutube.com",
    "https://youtube.com@evil.example",
    "https://user:pw@youtube.com",
    "https://youtubе.com with a Cyrillic letter",
    "f\u0131fa.com",
    "ev\u200bil.c\u200bom",
    "evil。com",
    "ｅｖｉｌ．ｃｏｍ",
    "https:// ",
    "https://[::1]/",
    "BETS.WIN",
    "ftp://files.example",
    "https://youtube.com evil.com",
    "free-streams dot com",
    "watch it on mystreams (dot) live now",
    "mystreams[.]win",
    "mystreams [dot] de/arg",
    "mystreams . com",
    "apuestas punto com",
    "apostas ponto com",
    "wetten punkt com!",
    "paris-foot point com",
    "EVIL DOT COM",
    "www.evil dot co{dot}uk mystreams {dot} tv",
  ])("%s is unlisted", (text) => {
    expect(finding(text)).toBe("unlisted");
  });

  test.each([
    "javascript:alert(1)",
    "JaVa\u200bScript:alert(1)",
    "data:text/html,x",
    "(javascript:x",
  ])(
    "%s is a scheme that nobody opens",
    (text) => {
      expect(finding(text)).toBe("scheme");
    },
  );

  test("an allowed IDN host is allowed in either form", () => {
    for (const text of ["https://münchen.example/", "https://xn--mnchen-3ya.example/"]) {
      expect(linkFinding(text, ["xn--mnchen-3ya.example"], common)).toBeUndefined();
    }
  });
});
