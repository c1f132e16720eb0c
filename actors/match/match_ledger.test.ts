import { describe, expect, test } from "vitest";
import { seededRandom } from "../../runtime/random.ts";
import {
  amended,
  applyAll,
  card,
  correction,
  ended,
  extraTime,
  FEED,
  foldMatch,
  fullTime,
  goal,
  kicks,
  missed,
  reviewClosed,
  reviewOpened,
  scheduled,
  started,
  substitution,
  withoutArrival,
} from "./match.testing.ts";
import { OPERATOR, type ProviderFact } from "./match_event.ts";
import { ledgerOf } from "./match_ledger.ts";

const first = goal("home", 23);
const second = goal("away", 40);

function viewOf(...facts: ProviderFact[]) {
  return applyAll([scheduled(), started("firstHalf"), ...facts]).view;
}

function line(facts: ProviderFact[], kind: string) {
  return viewOf(...facts).timeline.find((item) => item.kind === kind)!;
}

describe("the score", () => {
  test("counts own goals for the side that gains them", () => {
    expect(viewOf(goal("away", 5, { method: "ownGoal" })).score).toEqual({ home: 0, away: 1 });
  });

  test("runs along the goals that stand", () => {
    const view = viewOf(second, first, correction("goal.annulled", first, { reason: "offside" }));
    const goals = view.timeline.filter(({ kind }) => kind === "goal");
    expect(goals.map(({ minute, status, score, text }) => ({ minute, status, score, text })))
      .toEqual([
        { minute: 23, status: "annulled", score: null, text: "annulled: offside" },
        { minute: 40, status: "standing", score: { home: 0, away: 1 }, text: "" },
      ]);
  });
});

describe("corrections", () => {
  test("are waited for by nobody: a void may come before its target", () => {
    const early = correction("event.voided", first, { reason: "twice" });
    expect(viewOf(early, first)).toMatchObject({ score: { home: 0 } });
    expect(line([early, first], "goal")).toMatchObject({
      status: "removed",
      text: "removed: twice",
    });
  });

  test("may be voided: a goal is given after no goal", () => {
    const annulled = correction("goal.annulled", first);
    const given = correction("event.voided", annulled);
    expect(viewOf(first, annulled, given).score.home).toBe(1);
    expect(viewOf(given, annulled, first).score.home).toBe(1);
  });

  test("count however long their chain is", () => {
    const one = correction("event.voided", first, { id: "v1" });
    const two = correction("event.voided", one, { id: "v2" });
    const three = correction("event.voided", two, { id: "v3" });
    expect(viewOf(first, one).score.home).toBe(0);
    expect(viewOf(first, one, two).score.home).toBe(1);
    expect(viewOf(three, two, first, one).score.home).toBe(0);
  });

  test("that void each other are both without effect", () => {
    const one = correction("event.voided", { provider: FEED, id: "other" }, { id: "one" });
    const other = correction("event.voided", one, { id: "other" });
    const annulled = correction("goal.annulled", first);
    expect(viewOf(first, annulled, one, other).score.home).toBe(0);
    expect(
      viewOf(first, correction("event.voided", { provider: FEED, id: "self" }, { id: "self" }))
        .score.home,
    ).toBe(1);
  });

  test("amend whole fields, those of one time in the ledger's order", () => {
    const moved = amended(first, { side: "away", player: { name: "Mbappé" } }, { id: "a1" });
    const renamed = amended(first, { player: { name: "Giroud" } }, { id: "a2" });
    expect(line([first, moved, renamed], "goal")).toMatchObject({
      side: "away",
      player: { name: "Giroud" },
      amended: true,
    });
    expect(line([moved, renamed, first], "goal").player).toEqual({ name: "Giroud" });
    const voided = correction("event.voided", renamed);
    expect(line([first, moved, renamed, voided], "goal").player).toEqual({ name: "Mbappé" });
  });

  test("that came too early to be refused are left out where they make no fact", () => {
    const nonsense = amended(first, { card: "red" });
    expect(line([nonsense, first], "goal")).toMatchObject({ status: "standing", amended: false });
  });

  test("replace what a lower revision said, in whichever order", () => {
    const revised = { ...first, revision: 2, player: { name: "Messi" } };
    expect(line([first, revised], "goal").player).toEqual({ name: "Messi" });
    expect(line([revised, first], "goal")).toMatchObject({
      player: { name: "Messi" },
      amended: true,
    });
  });

  test("take a duplicate goal back", () => {
    const twin = goal("home", 23, { id: "twin" });
    expect(viewOf(first, twin).score.home).toBe(2);
    expect(viewOf(first, twin, correction("event.voided", twin)).score.home).toBe(1);
  });
});

describe("reviews", () => {
  const opened = reviewOpened(24, { target: { provider: FEED, id: first.id } });
  const noGoal = reviewClosed(25, "goalAnnulled");

  test("are open until they are closed", () => {
    expect(viewOf(first, opened).review).toEqual({ reason: "goal", since: opened.occurredAt });
    expect(viewOf(first, opened, noGoal).review).toBeNull();
    expect(viewOf(first, noGoal, opened).review).toBeNull();
  });

  test("annul their goal where the feed sends the outcome alone", () => {
    expect(viewOf(first, opened, noGoal).score.home).toBe(0);
    expect(viewOf(noGoal, opened, first).score.home).toBe(0);
  });

  test("leave the goal to its annulment where there is one, also a voided one", () => {
    const annulled = correction("goal.annulled", first);
    const given = correction("event.voided", annulled);
    expect(viewOf(first, opened, noGoal, annulled, given).score.home).toBe(1);
  });

  test("without a target change no score", () => {
    expect(viewOf(first, reviewOpened(24), noGoal).score.home).toBe(1);
  });

  test("are one line, from the reason to the outcome", () => {
    expect(line([opened], "review").text).toBe("goal");
    expect(line([opened, noGoal], "review").text).toBe("goal: goalAnnulled");
  });

  test("are not closed by a closing of before", () => {
    const later = reviewOpened(30, { id: "r2", reason: "penalty" });
    const closing = reviewClosed(25, "noChange");
    expect(viewOf(opened, later, closing).review?.reason).toBe("penalty");
  });

  test("overlap: a closing without a name closes the latest before it", () => {
    const other = reviewOpened(26, { id: "r2", reason: "redCard" });
    const closing = reviewClosed(27, "noChange");
    expect(viewOf(opened, other, closing).review?.reason).toBe("goal");
    const named = reviewClosed(27, "noChange", { review: { provider: FEED, id: opened.id } });
    expect(viewOf(opened, other, named).review?.reason).toBe("redCard");
  });
});

describe("the timeline", () => {
  test("is in the order of play, stoppage beside its minute", () => {
    const view = applyAll([
      scheduled(),
      started("firstHalf"),
      started("secondHalf"),
      card("away", 46),
      ended("firstHalf"),
      goal("home", 45, { stoppage: 2 }),
      missed("home", 45, { how: "saved" }),
      substitution("away", 50, { on: { name: "On" }, off: { name: "Off" } }),
    ]).view;
    expect(view.timeline.map(({ kind, minute, stoppage, text }) => [kind, minute, stoppage, text]))
      .toEqual([
        ["period", 0, 0, "started"],
        ["penaltyMissed", 45, 0, "saved"],
        ["goal", 45, 2, ""],
        ["period", 45, 0, "ended"],
        ["period", 45, 0, "started"],
        ["card", 46, 0, ""],
        ["substitution", 50, 0, ""],
      ]);
    expect(view.timeline.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(view.timeline.at(-1)).toMatchObject({ player: { name: "On" }, other: { name: "Off" } });
  });
});

test("the minute counts before the time that a provider gives", () => {
  const late = goal("away", 30, { occurredAt: first.occurredAt - 60_000 });
  const goals = viewOf(first, late).timeline.filter(({ kind }) => kind === "goal");
  expect(goals.map(({ minute }) => minute)).toEqual([23, 30]);
});

describe("the order of arrival", () => {
  const early = goal("away", 12);
  const facts = [
    ...fullTime(goal("home", 23), goal("home", 36), goal("away", 80), goal("away", 81), early),
    ...extraTime(goal("home", 108), goal("away", 118)),
    started("shootout"),
    ...kicks("away", "++-+-+++"),
    card("home", 70, "red"),
    reviewOpened(13, { target: { provider: FEED, id: early.id } }),
    reviewClosed(14, "goalAnnulled"),
    amended({ provider: FEED, id: "goal-home-36+0" }, { player: { name: "Di María" } }),
    { ...card("away", 88), provider: OPERATOR },
  ];

  test("makes no difference", () => {
    const inOrder = applyAll([scheduled(), ...facts]);
    expect(inOrder.view).toMatchObject({
      phase: "finished",
      score: { home: 3, away: 3 },
      shootout: { home: 4, away: 2 },
    });
    for (let seed = 1; seed <= 15; seed++) {
      const { view } = applyAll([scheduled(), ...shuffled(facts, seed)]);
      expect(withoutArrival(view), `seed ${seed}`).toEqual(withoutArrival(inOrder.view));
    }
  });
});

describe("the fold", () => {
  const facts = [scheduled(), started("firstHalf"), first, card("away", 30)];

  test("of an entry is made once, in the transition and in the live actor", () => {
    const { entries, snapshot } = applyAll(facts);
    const again = foldMatch(entries);
    expect(again.context).not.toBe(snapshot.context);
    expect(ledgerOf(again.context)).toBe(ledgerOf(snapshot.context));
  });

  test("is not shared by matches that told other things before", () => {
    const one = applyAll(facts);
    const other = applyAll([scheduled(), started("firstHalf"), second, card("away", 30)]);
    expect(one.view.score).toEqual({ home: 1, away: 0 });
    expect(other.view.score).toEqual({ home: 0, away: 1 });
  });

  test("makes no line anew that reads as before", () => {
    const before = applyAll(facts).view.timeline;
    const after = applyAll([...facts, second]).view.timeline;
    expect(after).toHaveLength(before.length + 1);
    for (const [index, item] of before.entries()) expect(after[index]).toBe(item);
  });
});

function shuffled<T>(values: T[], seed: number): T[] {
  const random = seededRandom(seed);
  return values.map((value) => ({ value, at: random.fraction() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
