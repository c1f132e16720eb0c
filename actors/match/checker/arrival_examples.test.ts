/**
 * Matches whose end must not hang on which word came first, and the two places
 * where the rules themselves name arrival.
 *
 * Each is told in the order in which it happened and in another one; both must
 * show the same.
 */
import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../match_event.ts";
import { FactTeller, ref } from "./fact_teller.ts";
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
  test("between two amendments of one field: the later one counts", () => {
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

  test("between two annulments of one goal: the reason of the earlier is told", () => {
    const t = new FactTeller();
    const before = [t.fixture(LEAGUE), t.goal("g", "home")];
    const first = t.annulled("a2", "g", "offside");
    const again = t.annulled("a1", "g", "handball");
    expectSameSwapped(before, [first, again]);
    const [line] = viewOf(tellAll([...before, again, first])).timeline;
    expect(line).toMatchObject({ status: "annulled", text: "annulled: offside" });
    // In one second: by name, as neither is earlier.
    const both = [first, { ...again, occurredAt: first.occurredAt }];
    expectSameSwapped(before, both);
    expect(viewOf(tellAll([...before, ...both])).timeline[0]!.text).toBe("annulled: handball");
  });

  test("between two voids of one fact", () => {
    const t = new FactTeller();
    const before = [t.fixture(LEAGUE), t.goal("g", "home")];
    const void_ = (id: string, reason: string) =>
      t.fact(id, { type: "event.voided", target: ref("g"), reason });
    expectSameSwapped(before, [void_("v1", "told twice"), void_("v2", "no such goal")]);
  });

  test("between a postponement and its new date, announced in the same second", () => {
    const t = new FactTeller();
    const postponed = t.fact("p", { type: "match.postponed" });
    const { occurredAt } = postponed;
    const moved = t.fact("r", { type: "match.rescheduled", kickoffAt: occurredAt }, { occurredAt });
    expectSameSwapped([t.fixture(LEAGUE)], [postponed, moved]);
    expect(viewOf(tellAll([t.fixture(LEAGUE), moved, postponed])).phase).toBe("scheduled");
  });

  test.each(
    [
      [{ type: "match.resumed" }, "firstHalf"],
      [{ type: "period.started", period: "secondHalf" }, "secondHalf"],
    ] as const,
  )("between a suspension and, of the same second, %j", (goesOn, phase) => {
    const t = new FactTeller();
    const before = [t.fixture(LEAGUE), t.started("firstHalf"), t.goal("g", "home")];
    const suspended = t.fact("s", { type: "match.suspended", reason: "fog" });
    const lifting = t.fact("r", goesOn, { occurredAt: suspended.occurredAt });
    expectSameSwapped(before, [suspended, lifting]);
    expect(viewOf(tellAll([...before, lifting, suspended])).phase).toBe(phase);
  });

  test("between an award and an abandonment dated after it: the award holds until voided", () => {
    const t = new FactTeller();
    const score = { home: 3, away: 0 };
    const before = [t.fixture(LEAGUE), t.started("firstHalf"), t.goal("g", "away")];
    const award = t.fact("w", { type: "match.awarded", winner: "home", score });
    const abandoned = t.fact("x", { type: "match.abandoned" });
    expectSameSwapped(before, [award, abandoned]);
    const told = [...before, award, abandoned];
    expect(viewOf(tellAll(told))).toMatchObject({ phase: "awarded", score, winner: "home" });
    expect(viewOf(tellAll([...told, t.fact("r", { type: "match.resumed" })])).phase).toBe(
      "awarded",
    );
    const voided = viewOf(tellAll([...told, t.voided("v", "w")]));
    expect(voided).toMatchObject({ phase: "abandoned", score: { home: 0, away: 1 } });
  });

  test("between a kick's being retaken and the retake, where the kick seemed to decide", () => {
    const t = new FactTeller();
    const before = [
      t.fixture(AT_ONCE),
      ...t.played("firstHalf", "secondHalf"),
      ...t.kicks("10101"),
      t.kick(6, "away", false, "kick6-first"),
    ];
    const [again, retake] = [t.retaken("again", "kick6-first"), t.kick(6, "away", true)];
    expectSameSwapped(before, [again, retake]);
    expect(viewOf(tellAll([...before, retake]))).toMatchObject({
      phase: "shootout",
      shootout: { home: 3, away: 1, winner: null },
    });
  });

  test("between two kicks of one number: the later one counts", () => {
    const t = new FactTeller();
    const before = [t.fixture(AT_ONCE), ...t.played("firstHalf", "secondHalf")];
    expectSameSwapped(before, [t.kick(1, "home", true, "first"), t.kick(1, "home", false)]);
  });

  test("between a golden-goal match's shootout and a correction that unlevels it", () => {
    const t = new FactTeller();
    const before = [
      t.fixture({ kind: "cup", goldenGoal: true }),
      t.goal("g1", "home"),
      t.goal("g2", "away"),
      ...t.played("firstHalf", "secondHalf", "extraTimeFirst", "extraTimeSecond"),
    ];
    const [annulled, kicks] = [t.annulled("a", "g2"), t.kicks("01")];
    expectSame([...before, ...kicks, annulled], [...before, annulled, ...kicks]);
    // Kicks are being taken, so extra time is over and no goal of it ended the match.
    expect(viewOf(tellAll([...before, ...kicks, annulled]))).toMatchObject({
      phase: "shootout",
      winner: null,
    });
  });

  test("between a golden goal and its annulment", () => {
    const t = new FactTeller();
    const before = [
      t.fixture({ kind: "cup", goldenGoal: true }),
      ...t.played("firstHalf", "secondHalf"),
      t.started("extraTimeFirst"),
    ];
    const goal = t.goal("g", "home", { period: "extraTimeFirst", minute: 97 });
    expect(viewOf(tellAll([...before, goal])).phase).toBe("finished");
    const annulled = t.annulled("a", "g");
    expectSameSwapped(before, [goal, annulled]);
    expect(viewOf(tellAll([...before, goal, annulled])).phase).toBe("extraTimeFirst");
  });
});

describe("the order of arrival decides", () => {
  test("between lines of one second and minute: they stay as the provider told them", () => {
    const t = new FactTeller();
    const before = t.fixture(LEAGUE);
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
    const revised = { ...first, revision: 2 };
    const cameOn = (...facts: ProviderFact[]) =>
      viewOf(tellAll([before, ...facts])).timeline.map(({ player }) => player?.name);
    expect(cameOn(first, second)).toEqual(["sub1", "sub2"]);
    expect(cameOn(second, first)).toEqual(["sub2", "sub1"]);
    expect(cameOn(first, second, revised)).toEqual(["sub1", "sub2"]);
  });

  test("whether a kick after the decision is taken: refused by name, it is sent again", () => {
    const t = new FactTeller();
    const before = [
      t.fixture(AT_ONCE),
      ...t.played("firstHalf", "secondHalf"),
      ...t.kicks("101010"),
    ];
    const [amended, next] = [t.amended("a", "kick6", { scored: true }), t.kick(7, "home", false)];
    const early = tellAll([...before, next]);
    expect(early.rejected).toEqual([{ fact: next, code: "shootoutDecided" }]);
    expect(viewOf(early).phase).toBe("finished");
    const resent = tellAll([amended, next], early);
    expect(resent.rejected).toHaveLength(1);
    const inOrder = viewOf(tellAll([...before, amended, next]));
    expect(withoutSeqs(viewOf(resent))).toEqual(withoutSeqs(inOrder));
    expect(inOrder.shootout).toMatchObject({ home: 3, away: 1, winner: null });
    expect(inOrder.shootout!.kicks).toHaveLength(7);
  });
});
