import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Market, MARKETS, marketsOf, pickProblem, readScore, writeScore } from "./market.ts";
import { marketText } from "./market_text.ts";
import { pointsOf, RULES_VERSION } from "./points_table.ts";

describe("pickProblem", () => {
  test.each<[Market, string]>([
    ["finalScore", "0-0"],
    ["finalScore", "20-20"],
    ["firstScorer", "none"],
    ["firstScorer", "arg-10"],
    ["possession", "0"],
    ["possession", "100"],
    ["matchWinner", "draw"],
    ["toQualify", "away"],
  ])("takes %s %s", (market, pick) => expect(pickProblem(market, pick)).toBeNull());

  test.each<[Market, string]>([
    ["finalScore", "-1-0"],
    ["finalScore", "99-0"],
    ["finalScore", "0-21"],
    ["finalScore", "02-1"],
    ["finalScore", "2:1"],
    ["finalScore", "2-1 "],
    ["finalScore", "2-1\n"],
    ["finalScore", "1e1-0"],
    ["firstScorer", ""],
    ["firstScorer", "x".repeat(129)],
    ["possession", "101"],
    ["possession", "055"],
    ["possession", "54.5"],
    ["matchWinner", "Home"],
    ["matchWinner", "constructor"],
    ["toQualify", "draw"],
  ])("says what %s needs instead of %j", (market, pick) => {
    expect(pickProblem(market, pick)).toEqual(expect.any(String));
  });

  test("leaves one text for one score", () => {
    fc.assert(fc.property(fc.nat(20), fc.nat(20), (home, away) => {
      const text = writeScore({ home, away });
      expect(pickProblem("finalScore", text)).toBeNull();
      expect(readScore(text)).toEqual({ home, away });
    }));
  });
});

describe("marketsOf", () => {
  test("asks who goes through in cups only", () => {
    expect(marketsOf({ kind: "league" })).not.toContain("toQualify");
    const cups = [{ kind: "cup" }, { kind: "straightToShootout" }] as const;
    for (const format of cups) expect(marketsOf(format)).toEqual(MARKETS);
    const aggregate = { home: 0, away: 0 };
    expect(marketsOf({ kind: "secondLeg", aggregate })).toContain("toQualify");
  });
});

describe("marketText", () => {
  test("says in every market what counts and what it is worth", () => {
    for (const market of MARKETS) {
      const { title, rules } = marketText(market, RULES_VERSION);
      expect(title).not.toBe("");
      expect(rules.join(" "), market).toMatch(/[Vv]oid|void/);
      expect(rules.at(-1), market).toMatch(/^Points: .*\d/);
    }
    expect(marketText("finalScore", 1).rules.join(" ")).toContain("90 minutes and added time");
    expect(marketText("firstScorer", 1).rules.join(" ")).toContain("own goal never");
    expect(marketText("possession", 1).rules.join(" ")).toContain("rounded to whole percent");
  });

  test("knows no version that was never in force", () => {
    expect(() => marketText("finalScore", RULES_VERSION + 1)).toThrow("version");
  });
});

describe("pointsOf", () => {
  const decided = (pick: string) => ({ state: "decided" as const, pick, voidPicks: ["p9"] });

  test("is best for the score itself, then for its difference, then for the winner", () => {
    const points = (pick: string) => pointsOf("finalScore", pick, decided("2-1"), 1).points;
    expect(["2-1", "3-2", "1-0", "3-0", "1-1", "0-1"].map(points)).toEqual([5, 3, 3, 2, 0, 0]);
  });

  test("reads a score that nobody could pick", () => {
    expect(pointsOf("finalScore", "20-0", decided("31-0"), 1).points).toBe(2);
  });

  test("is nothing for what is void or open", () => {
    const award = (pick: string) => pointsOf("firstScorer", pick, decided("p10"), 1);
    expect(award("p10")).toEqual({ points: 6, mark: "settled" });
    expect(award("p9")).toEqual({ points: 0, mark: "void" });
    expect(pointsOf("firstScorer", "p10", { state: "open" }, 1)).toEqual({
      points: 0,
      mark: "open",
    });
    expect(pointsOf("firstScorer", "p10", { state: "void", why: "abandoned" }, 1)).toEqual({
      points: 0,
      mark: "void",
    });
  });
});
