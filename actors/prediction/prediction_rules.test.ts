import { describe, expect, test } from "vitest";
import {
  applyAll,
  correction,
  fact,
  goal,
  interruption,
  KICKOFF,
  scheduled,
  started,
} from "../match/match.testing.ts";
import type { LineupPlayer, ProviderFact } from "../match/match_event.ts";
import { ledgerOf } from "../match/match_ledger.ts";
import { isLate, lockOf, type PredictableMatch, predictableMatch } from "./predictable_match.ts";
import { decidePrediction, type KnownPrediction } from "./prediction_rules.ts";

const MINUTE = 60_000;

function told(...facts: ProviderFact[]) {
  const { snapshot, view } = applyAll([scheduled(), ...facts]);
  return { ledger: ledgerOf(snapshot.context), phase: view.phase };
}

const lockAfter = (...facts: ProviderFact[]) => (lockOf(told(...facts).ledger)! - KICKOFF) / MINUTE;

function lineup(side: "home" | "away", ...players: Partial<LineupPlayer>[]): ProviderFact {
  const named = players.map((player) => ({ name: "Somebody", starting: true, ...player }));
  return fact("lineup.published", `lineup-${side}`, -60, { side, players: named });
}

describe("lockOf", () => {
  const rescheduled = (minutes: number, kickoff: number, id = "new date") =>
    fact("match.rescheduled", id, minutes, { kickoffAt: KICKOFF + kickoff * MINUTE });

  test("is the scheduled kick-off", () => expect(lockAfter()).toBe(0));

  test("is not moved by a late start", () => {
    const late = started("firstHalf", { occurredAt: KICKOFF + 12 * MINUTE });
    expect(lockAfter(late)).toBe(0);
  });

  test("is the first period's own time where that was earlier", () => {
    expect(lockAfter(started("firstHalf", { occurredAt: KICKOFF - 2 * MINUTE }))).toBe(-2);
  });

  test("goes back to the kick-off when that start was a mistake", () => {
    const early = started("firstHalf", { occurredAt: KICKOFF - 2 * MINUTE });
    expect(lockAfter(early, correction("event.voided", early))).toBe(0);
  });

  test("is reopened by a new date, to the last one told", () => {
    expect(lockAfter(interruption("match.postponed", 5), rescheduled(10, 1440))).toBe(1440);
    expect(lockAfter(rescheduled(10, 1440), rescheduled(20, 2880, "newer date"))).toBe(2880);
    expect(lockAfter(rescheduled(-90, -30))).toBe(-30);
  });

  test("is not reopened by a new date once the ball has rolled", () => {
    const stopped = [started("firstHalf"), interruption("match.suspended", 20)];
    expect(lockAfter(...stopped, rescheduled(60, 1440))).toBe(0);
  });

  test("follows from a goal where nobody told the start", () => {
    expect(lockAfter(goal("home", 3, { occurredAt: KICKOFF - 1 * MINUTE }))).toBe(-3);
  });

  test("makes exactly the rows from it on late", () => {
    expect([-1, 0, 1].map((ms) => isLate(KICKOFF + ms, KICKOFF))).toEqual([false, true, true]);
  });
});

describe("predictableMatch", () => {
  test("has the players of both sides, a line-up in the place of the squad", () => {
    const squad = lineup("home", { id: "old" });
    const facts = [
      { ...squad, id: "squad", occurredAt: 0 },
      lineup("home", { id: "h1" }, { name: "No id" }),
      lineup("away", { id: "a1", starting: false }),
    ] as ProviderFact[];
    const { ledger, phase } = told(...facts);
    expect(predictableMatch("m", ledger, phase)).toMatchObject({
      matchId: "m",
      lockAt: KICKOFF,
      isOff: false,
      players: ["h1", "a1"],
    });
  });

  test("is nothing before the match is scheduled, and off when it is cancelled", () => {
    const { snapshot } = applyAll([]);
    expect(predictableMatch("m", ledgerOf(snapshot.context), "scheduled")).toBeNull();
    const { ledger, phase } = told(interruption("match.cancelled", -5));
    expect(predictableMatch("m", ledger, phase)).toMatchObject({ isOff: true });
  });
});

describe("decidePrediction", () => {
  const match: PredictableMatch = {
    matchId: "arg-fra",
    format: { kind: "cup" },
    lockAt: KICKOFF,
    isOff: false,
    voided: ["possession"],
    players: ["arg-10"],
  };
  const ask = { user: "ann", market: "finalScore", pick: "2-1" };
  const mine: KnownPrediction = { user: "ann", match: "arg-fra", market: "finalScore" };
  const code = (
    change: Partial<typeof ask>,
    known: KnownPrediction | null = null,
    of: PredictableMatch | null = match,
    now = KICKOFF - 1,
  ) => {
    const decision = decidePrediction(of, { ...ask, ...change }, known, now);
    return decision.outcome === "accepted" ? "accepted" : decision.code;
  };

  test("takes a pick until the lock, and a change of one's own", () => {
    expect(decidePrediction(match, ask, null, KICKOFF - 1)).toEqual({
      outcome: "accepted",
      market: "finalScore",
      pick: "2-1",
    });
    expect(code({ pick: "3-1" }, mine)).toBe("accepted");
    expect(code({ market: "firstScorer", pick: "arg-10" })).toBe("accepted");
    expect(code({ market: "firstScorer", pick: "none" })).toBe("accepted");
  });

  test("refuses from the lock on, and says when that was", () => {
    const refused = decidePrediction(match, ask, mine, KICKOFF);
    expect(refused).toMatchObject({ outcome: "rejected", code: "locked" });
    expect(refused).toHaveProperty("reason", "predictions closed at 2022-12-18T15:00:00.000Z");
  });

  test("refuses what is somebody else's, whatever else is wrong", () => {
    expect(code({ user: "bob" }, mine)).toBe("notYours");
    expect(code({ user: "bob", pick: "x" }, mine, null, KICKOFF)).toBe("notYours");
  });

  test.each<[string, Partial<typeof ask>, string]>([
    ["a score below zero", { pick: "-1-0" }, "badPick"],
    ["a score of 99", { pick: "99-0" }, "badPick"],
    ["an unknown player", { market: "firstScorer", pick: "bra-10" }, "unknownPlayer"],
    ["an unknown market", { market: "corners" }, "unknownMarket"],
    ["a market that was taken out", { market: "possession", pick: "55" }, "marketVoid"],
    ["a draw in who goes through", { market: "toQualify", pick: "draw" }, "badPick"],
  ])("refuses %s", (_, change, expected) => expect(code(change)).toBe(expected));

  test("refuses a market that the match's format lacks", () => {
    const league: PredictableMatch = { ...match, format: { kind: "league" } };
    expect(code({ market: "toQualify", pick: "home" }, null, league)).toBe("unknownMarket");
  });

  test("refuses to move a prediction to another match or market", () => {
    expect(code({}, { ...mine, match: "bra-arg" })).toBe("unknownMarket");
    expect(code({ market: "matchWinner", pick: "home" }, mine)).toBe("unknownMarket");
  });

  test("refuses a match that nobody scheduled or nobody will play", () => {
    expect(code({}, null, null)).toBe("unknownMatch");
    expect(code({}, null, { ...match, isOff: true })).toBe("matchVoid");
  });

  test("shows little of a stranger's text", () => {
    const decision = decidePrediction(match, { ...ask, pick: "x".repeat(10_000) }, null, 0);
    expect(JSON.stringify(decision).length).toBeLessThan(200);
  });
});
