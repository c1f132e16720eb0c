/**
 * One small match for each rule that a mistake would most likely hit, checked
 * against numbers written by hand and against the reference.
 */
import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../match_event.ts";
import { FactTeller, ref } from "./fact_teller.ts";
import { referencePart, tellAll, viewOf, waitForDeadline } from "./match_telling.ts";
import { reduceMatch, type Reference } from "./reference_reducer.ts";

const LEAGUE = { kind: "league" } as const;
const CUP = { kind: "cup" } as const;
const AT_ONCE = { kind: "straightToShootout" } as const;
const HALVES = ["firstHalf", "secondHalf"] as const;
const EXTRA_TIME = ["extraTimeFirst", "extraTimeSecond"] as const;

/** What the rules make of the facts, once the reference agrees. */
function told(facts: ProviderFact[]): Reference {
  const { folded, accepted, rejected, ...rest } = tellAll(facts);
  expect(rejected).toEqual([]);
  const view = referencePart(viewOf({ folded, accepted, rejected, ...rest }));
  expect(view).toEqual(reduceMatch(accepted));
  return view;
}

describe("goals", () => {
  test("an own goal counts for the side that gains it", () => {
    const t = new FactTeller();
    const own = t.fact("g", {
      type: "goal.scored",
      side: "away",
      method: "ownGoal",
      period: "firstHalf",
      minute: 8,
    });
    expect(told([t.fixture(LEAGUE), own]).score).toEqual({ home: 0, away: 1 });
  });

  test("goals of extra time are no goals of the 90 minutes", () => {
    const t = new FactTeller();
    const goal = t.goal("g", "home", { period: "extraTimeSecond", minute: 118 });
    const view = told([t.fixture(CUP), ...t.played(...HALVES), ...t.played(...EXTRA_TIME), goal]);
    expect(view).toMatchObject({
      regular: { home: 0, away: 0 },
      extraTime: { home: 1, away: 0 },
      score: { home: 1, away: 0 },
      winner: "home",
      decidedBy: "extraTime",
    });
  });

  test("an annulled goal does not count, after full time either, until that is voided", () => {
    const t = new FactTeller();
    const facts = [t.fixture(CUP), t.goal("g", "home"), ...t.played(...HALVES)];
    expect(told(facts)).toMatchObject({ phase: "finished", winner: "home" });
    facts.push(t.annulled("a", "g"));
    expect(told(facts)).toMatchObject({ phase: "awaitingExtraTime", winner: null, goals: [] });
    facts.push(t.voided("v", "a"));
    expect(told(facts)).toMatchObject({ phase: "finished", score: { home: 1, away: 0 } });
  });

  test("a review that ends with the goal annulled annuls the goal it is about", () => {
    const t = new FactTeller();
    const opened = t.fact("r", { type: "review.opened", reason: "goal", target: ref("g") });
    const facts = [t.fixture(LEAGUE), t.goal("g", "home"), opened];
    expect(told(facts)).toMatchObject({ review: "goal", score: { home: 1, away: 0 } });
    facts.push(t.fact("r-end", { type: "review.closed", outcome: "goalAnnulled" }));
    expect(told(facts)).toMatchObject({ review: null, score: { home: 0, away: 0 } });
  });

  test("the highest revision counts, whatever came last", () => {
    const t = new FactTeller();
    const [first, second] = [t.goal("g", "home"), t.goal("g", "away", {}, { revision: 2 })];
    for (const arrived of [[first, second], [second, first]]) {
      expect(told([t.fixture(LEAGUE), ...arrived]).score).toEqual({ home: 0, away: 1 });
    }
  });

  test("a void that comes before its target takes it back", () => {
    const t = new FactTeller();
    const facts = [t.fixture(LEAGUE), t.voided("v", "g"), t.goal("g", "home")];
    expect(told(facts)).toMatchObject({ score: { home: 0, away: 0 }, goals: [] });
  });

  test("voids that void each other, or themselves, hang nothing", () => {
    const t = new FactTeller();
    const circle = [t.voided("v1", "v2"), t.voided("v2", "v1"), t.voided("v3", "v3")];
    const view = viewOf(tellAll([t.fixture(LEAGUE), t.goal("g", "home"), ...circle]));
    expect(view.score).toEqual({ home: 1, away: 0 });
  });
});

describe("full time", () => {
  test.each(
    [
      [LEAGUE, { phase: "finished", winner: "draw", decidedBy: "regulation" }],
      [CUP, { phase: "awaitingExtraTime", winner: null }],
      [AT_ONCE, { phase: "awaitingShootout", winner: null }],
      [{ kind: "secondLeg", aggregate: { home: 0, away: 1 } }, {
        phase: "finished",
        winner: "away",
      }],
      [{ kind: "secondLeg", aggregate: { home: 1, away: 1 } }, { phase: "awaitingExtraTime" }],
      [
        { kind: "secondLeg", aggregate: { home: 2, away: 2 }, extraTime: false },
        { phase: "awaitingShootout" },
      ],
      [
        // 1–1 there and 1–1 here would be level; 2–2 there counts double away.
        { kind: "secondLeg", aggregate: { home: 2, away: 2 }, awayGoals: true },
        { phase: "finished", winner: "home" },
      ],
    ] as const,
  )("level at 1-1 in %j", (format, expected) => {
    const t = new FactTeller();
    const goals = [t.goal("g1", "home"), t.goal("g2", "away", { minute: 30 })];
    const view = told([t.fixture(format), ...goals, ...t.played(...HALVES)]);
    expect(view).toMatchObject(expected);
  });

  test("a fact of a later period moves the match there", () => {
    const t = new FactTeller();
    const goal = t.goal("g", "home", { period: "secondHalf", minute: 50 });
    expect(told([t.fixture(LEAGUE), goal]).phase).toBe("secondHalf");
  });
});

describe("shootout", () => {
  const before = (t: FactTeller) => [
    t.fixture(AT_ONCE),
    ...t.played(...HALVES),
    t.started("shootout"),
  ];

  test("ends in the middle of a pair when the other side cannot reach it", () => {
    const t = new FactTeller();
    const view = told([...before(t), ...t.kicks("10101")]);
    expect(view).toMatchObject({ phase: "shootout", shootout: { winner: null } });
    const over = told([...before(t), ...t.kicks("101010")]);
    expect(over).toMatchObject({ phase: "finished", winner: "home", decidedBy: "shootout" });
  });

  test("goes on in pairs and is compared only after both have kicked", () => {
    const t = new FactTeller();
    expect(told([...before(t), ...t.kicks("11111111111")]).phase).toBe("shootout");
    expect(told([...before(t), ...t.kicks("111111111110")])).toMatchObject({
      phase: "finished",
      shootout: { home: 6, away: 5, winner: "home" },
    });
  });

  test("waits for a missing kick until its wait is over", () => {
    const t = new FactTeller();
    const facts = [...before(t), t.kick(1, "home", true), t.kick(3, "home", true)];
    expect(told(facts).shootout).toMatchObject({ home: 1, kicks: [{ number: 1 }] });
    const released = viewOf(waitForDeadline(tellAll(facts))).shootout!;
    expect(released.kicks.map(({ number }) => number)).toEqual([1, 3]);
    const late = told([...facts, t.kick(2, "away", false)]);
    expect(late.shootout).toMatchObject({ home: 2, away: 0 });
  });

  test("a retaken kick counts once, as it was retaken", () => {
    const t = new FactTeller();
    const facts = [...before(t), t.kick(1, "home", true, "first"), t.retaken("again", "first")];
    expect(told(facts).shootout).toMatchObject({ home: 0, kicks: [] });
    facts.push(t.kick(1, "home", false));
    expect(told(facts).shootout).toMatchObject({ home: 0, kicks: [{ number: 1, scored: false }] });
  });
});

describe("interruptions", () => {
  test("a suspended match goes on in its period", () => {
    const t = new FactTeller();
    const facts = [t.fixture(LEAGUE), ...t.played("firstHalf"), t.started("secondHalf")];
    facts.push(t.fact("s", { type: "match.suspended", reason: "fog" }));
    expect(told(facts).phase).toBe("suspended");
    facts.push(t.fact("r", { type: "match.resumed" }));
    expect(told(facts).phase).toBe("secondHalf");
  });

  test("an award puts the official score beside the played one", () => {
    const t = new FactTeller();
    const score = { home: 3, away: 0 };
    const view = told([
      t.fixture(CUP),
      t.goal("g", "away"),
      t.fact("x", { type: "match.abandoned" }),
      t.fact("w", { type: "match.awarded", winner: "home", score }),
    ]);
    expect(view).toMatchObject({ phase: "awarded", score, played: { home: 0, away: 1 } });
    expect(view).toMatchObject({ winner: "home", decidedBy: "award" });
  });
});
