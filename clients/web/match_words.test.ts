import { describe, expect, test } from "vitest";
import { decodeMatchSnapshot, encodeMatchSnapshot } from "../../protocol/golazo_codec.ts";
import type { MatchStateInit } from "../../protocol/golazo_codec.ts";
import { pictureOf } from "../sdk/match_store.ts";
import { phaseText, resultText, scoreText, stageOf } from "./match_words.ts";

const pictureWith = (state: MatchStateInit) =>
  pictureOf(decodeMatchSnapshot(encodeMatchSnapshot({
    home: { name: "Argentina" },
    away: { name: "France" },
    state,
  })));

describe("words of a match", () => {
  test("scoreText is digits around a dash", () => {
    expect(scoreText({ home: 3, away: 3 })).toBe("3 – 3");
    expect(scoreText(undefined)).toBe("0 – 0");
  });

  test("stageOf puts every phase where a fan looks for it", () => {
    expect(["scheduled", "postponed"].map((phase) => stageOf(phase as "scheduled")))
      .toEqual(["upcoming", "upcoming"]);
    expect(stageOf("suspended")).toBe("live");
    expect(stageOf("awaitingShootout")).toBe("live");
    expect(stageOf("settled")).toBe("over");
    expect(stageOf("abandoned")).toBe("over");
  });

  test("phaseText and resultText tell how it was decided", () => {
    const score = { home: 3, away: 3 };
    const shootout = { home: 2, away: 4 };
    const finished = (change: MatchStateInit) =>
      pictureWith({ phase: "finished", score, ...change });
    const byKicks = finished({ shootout, extraTime: {}, winner: "awayWins" });
    expect([phaseText(byKicks), resultText(byKicks)])
      .toEqual(["After penalties", "France win 4 – 2 on penalties"]);
    const inExtraTime = finished({ extraTime: { home: 1 }, winner: "homeWins" });
    expect([phaseText(inExtraTime), resultText(inExtraTime)])
      .toEqual(["After extra time", "Argentina win"]);
    const drawn = finished({ winner: "draw" });
    expect([phaseText(drawn), resultText(drawn)]).toEqual(["Full time", "A draw"]);
    expect(resultText(pictureWith({ phase: "secondHalf", winner: "homeWins" }))).toBe("");
  });
});
