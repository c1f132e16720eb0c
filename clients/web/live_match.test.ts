import { describe, expect, test } from "vitest";
import {
  decodeMatchSnapshot,
  decodePublication,
  encodeMatchSnapshot,
  encodePublication,
} from "../../protocol/golazo_codec.ts";
import type { MatchStateInit, PublicationInit } from "../../protocol/golazo_codec.ts";
import { LiveMatch } from "./live_match.ts";

const SCORE = { home: 1, away: 1 };

function start() {
  const said: string[] = [];
  let now = 1_000_000;
  const match = new LiveMatch(null, () => now, (sentence) => said.push(sentence));
  const snapshot = (state: MatchStateInit) => {
    const match_ = decodeMatchSnapshot(encodeMatchSnapshot({
      id: "arg-fra",
      home: { name: "Argentina", code: "ARG" },
      away: { name: "France", code: "FRA" },
      state,
    }));
    match.receive({ kind: "snapshot", match: match_ });
  };
  const publish = (init: PublicationInit) => {
    const publication = decodePublication(encodePublication(init));
    match.receive({ kind: "publication", publication });
    return said.at(-1);
  };
  return { match, said, snapshot, publish, pass: (ms: number) => void (now += ms) };
}

describe("LiveMatch", () => {
  test("shows a goal as a moment for 8 s and says it in one sentence", () => {
    const { match, snapshot, publish, pass } = start();
    snapshot({ phase: "firstHalf", score: SCORE });
    expect(publish({ goal: { side: "home", home: 2, away: 1 } }))
      .toBe("Goal for Argentina. Argentina 2, France 1.");
    expect(match.moments).toMatchObject([{ kind: "goal", side: "home", before: SCORE }]);
    pass(7_999);
    expect(match.moments).toHaveLength(1);
    pass(1);
    expect(match.moments).toEqual([]);
  });

  test("an annulled goal is said once, by the goal and not again by the end of its review", () => {
    const { match, snapshot, publish } = start();
    snapshot({ phase: "firstHalf", score: { home: 2, away: 1 } });
    expect(publish({
      state: { phase: "firstHalf", review: { reason: "goal" }, score: { home: 2, away: 1 } },
    })).toBe("VAR: Checking the goal.");
    expect(publish({ goal: { kind: "annulled", side: "home", ...SCORE } }))
      .toBe("Goal annulled. Argentina 1, France 1.");
    expect(publish({ state: { phase: "firstHalf", score: SCORE } })).toBe("");
    expect(match.moments.map(({ kind }) => kind)).toEqual(["reviewed", "annulled"]);
    expect(match.moments[1]?.before).toEqual({ home: 2, away: 1 });
  });

  test("says a review that changed nothing", () => {
    const { snapshot, publish } = start();
    snapshot({ phase: "firstHalf", score: SCORE, review: { reason: "penalty" } });
    expect(publish({ state: { phase: "firstHalf", score: SCORE } }))
      .toBe("VAR check over. Argentina 1, France 1.");
  });

  test("says phases, kicks and red cards, and neither the minute nor possession", () => {
    const { snapshot, publish } = start();
    snapshot({ phase: "firstHalf", score: SCORE });
    expect(publish({ state: { phase: "halfTime", score: SCORE } }))
      .toBe("Half-time. Argentina 1, France 1.");
    expect(publish({ state: { phase: "halfTime", score: SCORE, stoppageAnnounced: 3 } })).toBe("");
    expect(publish({ possession: { home: 50, away: 50 } })).toBe("");
    expect(publish({ item: { id: 1, kind: "card", side: "away", colour: "yellow" } })).toBe("");
    expect(publish({ item: { id: 2, kind: "card", side: "away", colour: "secondYellow" } }))
      .toBe("Red card, France.");
    expect(publish({ kick: { number: 1, side: "away", away: 1, scored: true } }))
      .toBe("France scored. Shootout: Argentina 0, France 1.");
    const shootout = { home: 4, away: 2, kicks: [] };
    expect(publish({ state: { phase: "finished", score: SCORE, shootout, winner: "homeWins" } }))
      .toBe("After penalties. Argentina win 4 – 2 on penalties.");
  });

  test("a snapshot is news only where it changes the score", () => {
    const { match, said, snapshot } = start();
    snapshot({ phase: "firstHalf", score: SCORE });
    snapshot({ phase: "firstHalf", score: SCORE });
    snapshot({ phase: "firstHalf", score: { home: 1, away: 2 } });
    expect(said).toEqual(["", "", "Argentina 1, France 2."]);
    expect(match.moments).toEqual([]);
    expect(match.isWhole).toBe(true);
  });
});
