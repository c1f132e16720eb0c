import { describe, expect, test } from "vitest";
import { decodeSettlement, encodeSettlement } from "../../protocol/golazo_codec.ts";
import type { SettlementInit } from "../../protocol/golazo_codec.ts";
import type { MarketJson, MatchPicture } from "../sdk/mod.ts";
import {
  closesText,
  fanName,
  pickText,
  placeText,
  settlementText,
  suspendedText,
} from "./market_words.ts";

const picture = {
  home: { id: "arg", name: "Argentina", code: "ARG" },
  away: { id: "fra", name: "France", code: "FRA" },
  lineups: [{
    side: "home",
    members: [{
      player: { id: "p10", name: "Lionel Messi" },
      number: 10,
      position: "",
      starting: true,
    }],
  }],
} as unknown as MatchPicture;
const market = (name: string, picks?: MarketJson["picks"]): MarketJson => ({
  market: name,
  title: name,
  text: "",
  state: "open",
  picks,
  crowd: { top: [], others: 0, fans: 0 },
});
const settlement = (init: SettlementInit) =>
  settlementText(decodeSettlement(encodeSettlement(init)), 4);

describe("words of predictions", () => {
  test.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [12, "12th"],
    [13, "13th"],
    [21, "21st"],
    [112, "112th"],
    [1_002, "1,002nd"],
  ])("place %i is %s", (rank, text) => expect(placeText(rank)).toBe(text));

  test.each([
    ["finalScore", "2-1", "2 – 1"],
    ["possession", "54", "54%"],
    ["matchWinner", "away", "France"],
    ["matchWinner", "draw", "A draw"],
    ["toQualify", "home", "Argentina"],
    ["firstScorer", "p10", "Lionel Messi"],
    ["firstScorer", "none", "Nobody"],
    ["firstScorer", "p99", "p99"],
  ])("a pick of %s that is %s is %s", (name, pick, text) => {
    expect(pickText(market(name), pick, picture)).toBe(text);
  });

  test("a player is called what the market calls them", () => {
    const listed = market("firstScorer", [{ pick: "p10", label: "L. Messi" }]);
    expect(pickText(listed, "p10", picture)).toBe("L. Messi");
  });

  test.each([
    [61_000, "Closes in 1:01"],
    [1, "Closes in 0:01"],
    [-5, "Closes in 0:00"],
    [89 * 60_000, "Closes in 89:00"],
    [3 * 3_600_000, "Closes in 3 hours"],
    [72 * 3_600_000, "Closes in 3 days"],
  ])("so long before the lock: %i ms", (left, text) => expect(closesText(left, 0)).toBe(text));

  test("a guest has a name, others their own", () => {
    expect(fanName("guest-4fh2k0s9dk2m1a0b")).toBe("Guest 4fh2");
    expect(fanName("ana")).toBe("ana");
  });

  test("what everybody waits for has words, known or not", () => {
    expect(suspendedText("goal")).toBe(
      "Nobody knows yet whether the goal stands: points may change",
    );
    expect(suspendedText("drone")).toBe("Nobody knows yet what is decided: points may change");
  });

  test("a settlement is told by what it means for points", () => {
    const working = settlement({ phase: "chunking", chunks: 4, committed: 4, ranked: 2 });
    expect(working).toEqual({ text: "Points are being settled", share: 0.75 });
    expect(settlement({ phase: "settled" })).toEqual({ text: "Points are final", share: null });
    expect(settlement({ phase: "held", reason: "sums differ" }).text)
      .toBe("Points are on hold: sums differ");
    expect(settlement({ phase: "planned", holdUntil: 5 }).text).toMatch(/^Points may still change/);
    expect(settlement({ phase: "planned", holdUntil: 4 }).share).toBe(0);
  });
});
