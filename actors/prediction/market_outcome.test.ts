import { describe, expect, test } from "vitest";
import {
  amended,
  applyAll,
  correction,
  ended,
  extraTime,
  fact,
  fullTime,
  goal,
  interruption,
  kicks,
  scheduled,
  started,
  substitution,
} from "../match/match.testing.ts";
import type { LineupPlayer, ProviderFact, Side } from "../match/match_event.ts";
import { ledgerOf } from "../match/match_ledger.ts";
import { type MarketOutcome, marketOutcome, marketOutcomes } from "./market_outcome.ts";
import type { Market } from "./market.ts";
import { projectedOutcome, projectedOutcomes, projectedPoints } from "./projection.ts";

const OPEN: MarketOutcome = { state: "open" };
const by = (id: string) => ({ player: { id, name: id } });
const decided = (pick: string, ...voidPicks: string[]): MarketOutcome => (
  { state: "decided", pick, voidPicks }
);

function told(...facts: ProviderFact[]) {
  const { snapshot, view } = applyAll([scheduled(), ...facts]);
  return { ledger: ledgerOf(snapshot.context), phase: view.phase };
}

function outcome(market: Market, ...facts: ProviderFact[]): MarketOutcome {
  const { ledger, phase } = told(...facts);
  return marketOutcome(market, ledger, phase);
}

function projected(market: Market, ...facts: ProviderFact[]): MarketOutcome {
  const { ledger, phase } = told(...facts);
  return projectedOutcome(market, ledger, phase);
}

function lineup(side: Side, starters: string[], bench: string[]): ProviderFact {
  const player = (starting: boolean) => (id: string): LineupPlayer => ({ id, name: id, starting });
  const players = [...starters.map(player(true)), ...bench.map(player(false))];
  return fact("lineup.published", `lineup-${side}`, -60, { side, players });
}

const measured = (minutes: number, home: number) =>
  fact("possession.measured", `ball-${minutes}`, minutes, { home, away: 100 - home });

describe("marketOutcome", () => {
  test("is open until the 90 minutes are over and decided while extra time is played", () => {
    const goals = [goal("home", 10, by("h9")), goal("away", 70, by("a9"))];
    expect(outcome("finalScore", started("firstHalf"), goals[0]!)).toEqual(OPEN);
    expect(outcome("finalScore", ...fullTime(...goals))).toEqual(decided("1-1"));
    expect(outcome("matchWinner", ...fullTime(...goals))).toEqual(decided("draw"));
    expect(outcome("toQualify", ...fullTime(...goals))).toEqual(OPEN);
  });

  test("knows who goes through by extra time, by kicks and not before", () => {
    const level = fullTime();
    const won = [...level, ...extraTime(goal("away", 100))];
    expect(outcome("toQualify", ...won)).toEqual(decided("away"));
    expect(outcome("finalScore", ...won)).toEqual(decided("0-0"));
    const shootout = [...level, ...extraTime(), started("shootout")];
    expect(outcome("toQualify", ...shootout, ...kicks("home", "+-"))).toEqual(OPEN);
    expect(outcome("toQualify", ...shootout, ...kicks("home", "+-+-+-"))).toEqual(decided("home"));
  });

  test("waits for a scorer whom nobody named, and knows him by name", () => {
    const unnamed = goal("home", 10);
    expect(outcome("firstScorer", ...fullTime(unnamed))).toEqual(OPEN);
    const facts = [lineup("home", ["h9"], []), ...fullTime(unnamed)];
    const named = amended(unnamed, { player: { name: "h9" } });
    expect(outcome("firstScorer", ...facts, named)).toEqual(decided("h9"));
  });

  test("skips own goals, and makes void who could not have scored", () => {
    const lineups = [lineup("home", ["h1", "h9"], ["h12", "h13", "h14"]), lineup("away", [], [])];
    const play = [
      goal("away", 5, { ...by("h1"), method: "ownGoal" }),
      substitution("home", 20, { off: { name: "h1" }, on: { id: "h12", name: "h12" } }),
      goal("home", 30, by("h9")),
      substitution("home", 60, { off: { name: "h9" }, on: { id: "h13", name: "h13" } }),
    ];
    const facts = [...lineups, started("firstHalf"), ...play];
    expect(outcome("firstScorer", ...facts)).toEqual(decided("h9", "h13", "h14"));
    const annulled = correction("goal.annulled", play[2]!);
    expect(outcome("firstScorer", ...facts, annulled)).toEqual(OPEN);
    expect(outcome("firstScorer", ...facts, annulled, ended("secondHalf")))
      .toEqual(decided("none", "h14"));
  });

  test("never voids the scorer, whatever the feed forgot", () => {
    const facts = [lineup("home", ["h1"], ["h9"]), ...fullTime(goal("home", 30, by("h9")))];
    expect(outcome("firstScorer", ...facts)).toEqual(decided("h9"));
  });

  test("takes possession from the end of the 90 minutes", () => {
    const balls = [measured(60, 48), measured(114, 52), measured(160, 61)];
    expect(outcome("possession", ...fullTime(), balls[0]!, balls[1]!)).toEqual(decided("52"));
    expect(outcome("possession", ...fullTime(), ...balls, ...extraTime())).toEqual(decided("52"));
    expect(outcome("possession", ...fullTime()))
      .toEqual({ state: "void", why: "notMeasured" });
  });

  test("is void where a match ended without being decided, and open again if it goes on", () => {
    const begun = [started("firstHalf"), goal("home", 10, by("h9"))];
    const abandoned = interruption("match.abandoned", 40);
    expect(outcome("matchWinner", ...begun, abandoned))
      .toEqual({ state: "void", why: "abandoned" });
    expect(outcome("firstScorer", ...begun, abandoned)).toEqual(decided("h9"));
    expect(outcome("matchWinner", ...begun, abandoned, interruption("match.resumed", 50)))
      .toEqual(OPEN);
    expect(outcome("matchWinner", interruption("match.postponed", -5))).toEqual(OPEN);
    expect(outcome("matchWinner", interruption("match.cancelled", -5)))
      .toEqual({ state: "void", why: "cancelled" });
  });

  test("does not hear a verdict after the final whistle", () => {
    const award = interruption("match.awarded", 5_000, {
      winner: "away",
      score: { home: 0, away: 3 },
    });
    expect(outcome("matchWinner", ...fullTime(goal("home", 10)), award)).toEqual(decided("home"));
    expect(outcome("toQualify", ...fullTime(goal("home", 10)), award)).toEqual(decided("home"));
    expect(outcome("matchWinner", award)).toEqual({ state: "void", why: "awarded" });
  });

  test("is void where an operator took the market out", () => {
    const { ledger, phase } = told(...fullTime(goal("home", 10)));
    const outcomes = marketOutcomes(ledger, phase, ["finalScore"]);
    expect(outcomes.finalScore).toEqual({ state: "void", why: "operator" });
    expect(outcomes.matchWinner).toEqual(decided("home"));
  });
});

describe("projectedOutcome", () => {
  test("is nothing before kick-off and what stands from then on", () => {
    expect(projected("finalScore")).toEqual(OPEN);
    expect(projected("finalScore", started("firstHalf"))).toEqual(decided("0-0"));
    expect(projected("firstScorer", started("firstHalf"))).toEqual(decided("none"));
    expect(projected("matchWinner", started("firstHalf"), goal("away", 9))).toEqual(
      decided("away"),
    );
    expect(projected("possession", started("firstHalf"))).toEqual(OPEN);
    expect(projected("possession", started("firstHalf"), measured(9, 61))).toEqual(decided("61"));
  });

  test("projects nobody where it is level, and follows the kicks", () => {
    expect(projected("toQualify", started("firstHalf"))).toEqual(OPEN);
    const shootout = [...fullTime(), ...extraTime(), started("shootout")];
    expect(projected("toQualify", ...shootout, ...kicks("home", "+"))).toEqual(decided("home"));
    expect(projected("toQualify", ...shootout, ...kicks("home", "++"))).toEqual(OPEN);
  });

  test("is the truth where that is known", () => {
    const over = [...fullTime(goal("home", 10, by("h9"))), measured(114, 52)];
    const { ledger, phase } = told(...over);
    expect(projectedOutcomes(ledger, phase)).toEqual(marketOutcomes(ledger, phase));
    const abandoned = [started("firstHalf"), interruption("match.abandoned", 40)];
    expect(projected("finalScore", ...abandoned)).toEqual({ state: "void", why: "abandoned" });
  });

  test("gives one fan's points", () => {
    const { ledger, phase } = told(started("firstHalf"), goal("home", 10, by("h9")));
    const picks = [
      { market: "finalScore", pick: "2-1" },
      { market: "matchWinner", pick: "home" },
      { market: "toQualify", pick: "away" },
    ] as const;
    expect(projectedPoints(picks, projectedOutcomes(ledger, phase), 1)).toBe(5);
    const voided = projectedOutcomes(ledger, phase, ["matchWinner"]);
    expect(projectedPoints(picks, voided, 1)).toBe(3);
  });
});
