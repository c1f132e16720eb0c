/**
 * Matches whose end must not hang on which word came first.
 *
 * Each is told in the order in which it happened and in another one; both must
 * show the same. What is marked `fails` does not hold yet: whoever makes it hold
 * sees the mark turn red and takes it off.
 */
import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../match_event.ts";
import { FactTeller } from "./fact_teller.ts";
import { tellAll, viewOf, withoutSeqs } from "./match_telling.ts";

const LEAGUE = { kind: "league" } as const;
const AT_ONCE = { kind: "straightToShootout" } as const;

function expectSame(inOrder: ProviderFact[], asArrived: ProviderFact[]): void {
  expect(new Set(asArrived)).toEqual(new Set(inOrder));
  expect(withoutSeqs(viewOf(tellAll(asArrived)))).toEqual(withoutSeqs(viewOf(tellAll(inOrder))));
}

/** Tells `facts` after `before`, in order and with the last two changed over. */
function expectSameSwapped(before: ProviderFact[], facts: ProviderFact[]): void {
  const [last, beforeLast] = [facts.at(-1)!, facts.at(-2)!];
  const swapped = [...facts.slice(0, -2), last, beforeLast];
  expectSame([...before, ...facts], [...before, ...swapped]);
}

describe("the order of arrival decides nothing", () => {
  test.fails("between two amendments of one field: the later one counts", () => {
    const t = new FactTeller();
    const before = [t.fixture(LEAGUE), t.goal("g", "home")];
    const amendments = [
      t.amended("a1", "g", { side: "away" }),
      t.amended("a2", "g", { side: "home" }),
    ];
    expectSameSwapped(before, amendments);
    expect(viewOf(tellAll([...before, ...amendments.reverse()])).score).toEqual({
      home: 1,
      away: 0,
    });
  });

  test.fails("between two annulments of one goal", () => {
    const t = new FactTeller();
    const before = [t.fixture(LEAGUE), t.goal("g", "home")];
    expectSameSwapped(before, [
      t.annulled("a1", "g", "offside"),
      t.annulled("a2", "g", "handball"),
    ]);
  });

  test.fails("between a postponement and its new date, announced in the same second", () => {
    const t = new FactTeller();
    const postponed = t.fact("p", { type: "match.postponed" });
    const { occurredAt } = postponed;
    const moved = t.fact("r", { type: "match.rescheduled", kickoffAt: occurredAt }, { occurredAt });
    expectSameSwapped([t.fixture(LEAGUE)], [postponed, moved]);
  });

  test.fails("between two substitutions of the same second", () => {
    const t = new FactTeller();
    const sub = (id: string, more = {}) =>
      t.fact(id, {
        type: "substitution.made",
        side: "home",
        on: { name: id },
        period: "secondHalf",
        minute: 60,
      }, more);
    const first = sub("sub1");
    const second = sub("sub2", { occurredAt: first.occurredAt });
    expectSameSwapped([t.fixture(LEAGUE)], [first, second]);
  });

  test.fails("between a kick's being retaken and the retake, where the kick seemed to decide", () => {
    const t = new FactTeller();
    const before = [
      t.fixture(AT_ONCE),
      ...t.played("firstHalf", "secondHalf"),
      ...t.kicks("10101"),
      t.kick(6, "away", false, "kick6-first"),
    ];
    const [again, retake] = [t.retaken("again", "kick6-first"), t.kick(6, "away", true)];
    expectSameSwapped(before, [again, retake]);
  });

  test.fails("between a kick's amendment and a later kick, where the kick seemed to decide", () => {
    const t = new FactTeller();
    const before = [
      t.fixture(AT_ONCE),
      ...t.played("firstHalf", "secondHalf"),
      ...t.kicks("101010"),
    ];
    const [amended, next] = [t.amended("a", "kick6", { scored: true }), t.kick(7, "home", false)];
    expectSameSwapped(before, [amended, next]);
  });

  test.fails("between a golden-goal match's shootout and a correction that unlevels it", () => {
    const t = new FactTeller();
    const facts = [
      t.fixture({ kind: "cup", goldenGoal: true }),
      t.goal("g1", "home"),
      t.goal("g2", "away"),
      ...t.played("firstHalf", "secondHalf", "extraTimeFirst", "extraTimeSecond"),
      ...t.kicks("01"),
      t.annulled("a", "g2"),
    ];
    // Kicks are being taken, so extra time is over and no goal of it ended the match.
    expect(viewOf(tellAll(facts))).toMatchObject({ phase: "shootout", winner: null });
  });
});
