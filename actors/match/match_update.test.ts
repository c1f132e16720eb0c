import { describe, expect, test } from "vitest";
import {
  amended,
  applyAll,
  correction,
  ended,
  extraTime,
  fact,
  FEED,
  fullTime,
  goal,
  interruption,
  kick,
  kicks,
  reviewClosed,
  reviewOpened,
  scheduled,
  started,
} from "./match.testing.ts";
import type { MatchUpdate } from "./match_update.ts";
import type { ProviderFact } from "./match_event.ts";

const playing = [scheduled(), started("firstHalf")];
const first = goal("home", 23, { player: { name: "Messi" } });

/** What others hear of the last fact. */
function heard(before: ProviderFact[], last: ProviderFact): MatchUpdate[] {
  return applyAll([last], applyAll(before)).changes.flat().map(({ update }) => update);
}

function kinds(updates: MatchUpdate[]): string[] {
  return updates.map(({ kind }) => kind);
}

describe("what others hear", () => {
  test("a goal goes first and alone, its line follows", () => {
    const [goalUpdate, item, ...rest] = heard(playing, first);
    expect(goalUpdate).toEqual({
      kind: "goal",
      what: "scored",
      side: "home",
      home: 1,
      away: 0,
      minute: 23,
      stoppage: 0,
    });
    expect(item).toMatchObject({ kind: "item", item: { player: { name: "Messi" } } });
    expect(rest).toEqual([]);
  });

  test("an annulled goal says its own minute, and later goals their new score", () => {
    const later = goal("away", 40);
    const updates = heard([...playing, first, later], correction("goal.annulled", first));
    expect(updates[0]).toMatchObject({ what: "annulled", side: "home", home: 0, minute: 23 });
    expect(updates.slice(1)).toMatchObject([
      { kind: "item", item: { minute: 23, status: "annulled" } },
      { kind: "item", item: { minute: 40, score: { home: 0, away: 1 } } },
    ]);
  });

  test("a goal moved to the other side falls here and is corrected there", () => {
    const updates = heard([...playing, first], amended(first, { side: "away" }));
    const moved = [
      { what: "annulled", side: "home", home: 0, away: 1 },
      { what: "corrected", side: "away", home: 0, away: 1 },
    ];
    expect(updates.slice(0, 2)).toMatchObject(moved);
    const revised = heard([...playing, first], { ...first, revision: 2, side: "away" });
    expect(revised.slice(0, 2)).toMatchObject(moved);
  });

  test("a goal given back is corrected, not scored", () => {
    const annulled = correction("goal.annulled", first);
    const updates = heard([...playing, first, annulled], correction("event.voided", annulled));
    expect(updates[0]).toMatchObject({ what: "corrected", side: "home", home: 1, minute: 23 });
  });

  test("a scorer who is learned later is a line and nothing else", () => {
    const unknown = goal("home", 23);
    const known = { ...unknown, revision: 2, player: { name: "Messi" } };
    expect(kinds(heard([...playing, unknown], known))).toEqual(["item"]);
  });

  test("a late goal of the 90 minutes sends the state where the score alone misleads", () => {
    const before = [scheduled(), ...fullTime(), started("extraTimeFirst")];
    expect(kinds(heard(before, goal("home", 95)))).toEqual(["goal", "item"]);
    const late = kinds(heard(before, goal("home", 88)));
    expect(late.slice(0, 2)).toEqual(["goal", "state"]);
  });

  test("a phase is a state", () => {
    expect(kinds(heard(playing, ended("firstHalf")))).toEqual(["state", "item"]);
  });

  test("a review is a state when it opens and when it closes", () => {
    const opened = reviewOpened(24);
    expect(kinds(heard([...playing, first], opened))).toEqual(["state", "item"]);
    const closed = reviewClosed(25, "goalStands");
    expect(kinds(heard([...playing, first, opened], closed))).toEqual(["state", "item"]);
  });

  test("the line of a closing is taken away when its opening comes", () => {
    const closed = reviewClosed(25, "goalStands");
    const updates = heard([...playing, closed], reviewOpened(24));
    expect(updates).toMatchObject([
      { kind: "item", item: { status: "standing", text: "goal: goalStands" } },
      { kind: "item", item: { status: "removed" } },
    ]);
  });

  test("a kick is a kick; any other change of kicks is a state", () => {
    const before = [scheduled(), ...fullTime(), ...extraTime(), started("shootout")];
    expect(heard(before, kick(1, "home", true))).toEqual([
      {
        kind: "kick",
        kick: { number: 1, side: "home", player: null, scored: true, home: 1, away: 0 },
      },
    ]);
    const taken = [...before, ...kicks("home", "+-")];
    const retaken = correction("kick.retaken", { provider: FEED, id: "kick-2" });
    expect(kinds(heard(taken, retaken))).toEqual(["state"]);
    const last = heard([...before, ...kicks("home", "+-+-+")], kick(6, "away", false));
    expect(kinds(last)).toEqual(["state", "kick"]);
  });

  test("an award changes score and state", () => {
    const award = interruption("match.awarded", 30, {
      winner: "away",
      score: { home: 0, away: 3 },
    });
    expect(kinds(heard([...playing, first], award))).toEqual(["goal", "goal", "state", "item"]);
    const awarded = [...playing, first, award];
    expect(kinds(heard(awarded, correction("goal.annulled", first)))).toEqual(["state", "item"]);
  });

  test("possession is volatile, a line-up is durable", () => {
    const possession = fact("possession.measured", "p1", 10, { home: 54, away: 46 });
    const applied = applyAll([possession], applyAll(playing));
    expect(applied.changes.flat()).toEqual([
      { durable: false, update: { kind: "possession", home: 54, away: 46 } },
    ]);
    const players = [{ name: "Messi", starting: true }];
    const lineup = fact("lineup.published", "l1", -60, { side: "home", players });
    expect(heard(playing, lineup)).toEqual([{ kind: "lineup", side: "home", players }]);
  });

  test("facts of another provider are heard by nobody", () => {
    expect(heard([...playing, first], { ...goal("away", 30), provider: "other" })).toEqual([]);
  });
});
