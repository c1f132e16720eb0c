import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import {
  amended,
  type Applied,
  applyAll,
  card,
  correction,
  ended,
  extraTime,
  fact,
  foldMatch,
  fullTime,
  goal,
  kick,
  KICKOFF,
  kicks,
  scheduled,
  started,
} from "./match.testing.ts";
import { matchDefinition, viewOfSnapshot } from "./match_actor.ts";
import { ownerFact } from "./match_deadlines.ts";
import { type Fact, OPERATOR, type OwnerFactBody, type ProviderFact } from "./match_event.ts";

const playing = applyAll([scheduled(), started("firstHalf")]);
const first = goal("home", 23);
const by = <F extends ProviderFact>(provider: string, fact: F): F => ({ ...fact, provider });
const say = (body: OwnerFactBody, seq = 0): Fact => ownerFact(body, seq, KICKOFF);

function codeOf(fact: Fact, before: Applied = playing): string {
  const [answer] = applyAll([fact], before).outcomes;
  return answer!.outcome === "rejected" ? answer!.code : answer!.outcome;
}

/** Lets the match speak at its next deadline. */
function atDeadline({ entries, snapshot }: Applied) {
  const dueAt = matchDefinition.nextDeadline(snapshot)!;
  const words = matchDefinition.atDeadline(snapshot, dueAt);
  const told = words.map((body, index) => ({
    seq: entries.length + 1 + index,
    recordedAt: dueAt,
    ...body,
  }));
  const after = foldMatch([...entries, ...told]);
  return { dueAt, words, snapshot: after, view: viewOfSnapshot(after) };
}

describe("decide", () => {
  test("knows a fact by provider, id and revision", () => {
    const before = applyAll([first], playing);
    expect(codeOf(first, before)).toBe("duplicate");
    expect(codeOf({ ...first, revision: 2 }, before)).toBe("accepted");
    expect(codeOf(by("other", first), before)).toBe("accepted");
  });

  test("takes a lower revision that comes late, without effect", () => {
    const before = applyAll([{ ...first, revision: 3, side: "away" }], playing);
    const after = applyAll([{ ...first, revision: 2 }], before);
    expect(after.outcomes).toEqual([{ outcome: "accepted" }]);
    expect(after.view.score).toEqual({ home: 0, away: 1 });
  });

  test("needs the fixture first", () => {
    expect(codeOf(first, applyAll([]))).toBe("unknownMatch");
    expect(codeOf(say({ type: "feed.heard" }), applyAll([]))).toBe("unknownMatch");
  });

  test("takes as many facts as a match holds and no more", () => {
    const { snapshot } = playing;
    const [telling] = snapshot.context.told;
    const told = Array.from({ length: limits.matchFactsMax }, (_, index) => ({
      ...telling!,
      fact: { ...telling!.fact, id: `f${index}` },
    }));
    const full = { ...snapshot, context: { ...snapshot.context, told } } as typeof snapshot;
    const almost = {
      ...snapshot,
      context: { ...snapshot.context, told: told.slice(1) },
    } as typeof snapshot;
    const delivery = { fact: first, intake: 1, receivedAt: 0 };
    expect(matchDefinition.decide(full, delivery, 0)).toMatchObject({ code: "matchFull" });
    expect(matchDefinition.decide(almost, delivery, 0).outcome).toBe("accepted");
  });

  test("refuses a correction of the wrong kind of fact once that is known", () => {
    const booking = card("home", 10);
    const before = applyAll([booking, first], playing);
    expect(codeOf(correction("goal.annulled", booking), before)).toBe("wrongTarget");
    expect(codeOf(correction("kick.retaken", first), before)).toBe("wrongTarget");
    expect(codeOf(correction("event.voided", scheduled()), before)).toBe("wrongTarget");
    expect(codeOf(correction("goal.annulled", booking))).toBe("accepted");
  });

  test("refuses an amendment that makes no fact, once its target is known", () => {
    const before = applyAll([first], playing);
    expect(codeOf(amended(first, { card: "red" }), before)).toBe("malformed");
    expect(codeOf(amended(first, { period: "shootout" }), before)).toBe("malformed");
    expect(codeOf(amended(first, { minute: 24 }), before)).toBe("accepted");
    const annulled = correction("goal.annulled", first);
    const target = { target: { provider: "feed", id: "other" } };
    expect(codeOf(amended(annulled, target), applyAll([annulled], before))).toBe("malformed");
  });

  test("takes no kick after the decision, but one that is missing or taken again", () => {
    const before = applyAll([
      scheduled(),
      ...fullTime(),
      ...extraTime(),
      started("shootout"),
      ...kicks("home", "+-+-+-"),
    ]);
    expect(codeOf(kick(7, "home", true), before)).toBe("shootoutDecided");
    // Word of the retake may come before word that the kick has to be taken again.
    expect(codeOf(kick(6, "away", true, { id: "again" }), before)).toBe("accepted");
    expect(codeOf(kick(6, "away", true, { revision: 2 }), before)).toBe("accepted");
    const retaken = correction("kick.retaken", { provider: "feed", id: "kick-6" });
    const after = applyAll([retaken], before);
    expect(codeOf(kick(6, "away", true, { id: "again" }), after)).toBe("accepted");
  });

  test("leaves the match's own words to the match", () => {
    expect(codeOf(say({ type: "feed.silenced", since: 0 }))).toBe("ownerOnly");
    expect(codeOf(say({ type: "kicks.released", upTo: 3 }))).toBe("ownerOnly");
  });

  test("carries the trace of the request on the fact's entry alone", () => {
    const { snapshot } = applyAll([scheduled()]);
    const delivery = { fact: first, intake: 1, receivedAt: 0, trace: "00-a-b-01" };
    const decision = matchDefinition.decide(snapshot, delivery, 0);
    expect(decision).toMatchObject({
      entries: [
        { fact: { type: "period.implied" } },
        { fact: { type: "source.changed" } },
        { fact: { id: first.id }, trace: "00-a-b-01" },
      ],
    });
    expect(decision).not.toHaveProperty("entries.0.trace");
  });
});

describe("the source", () => {
  test("is who speaks first; others are kept aside and compared", () => {
    const { view, entries } = applyAll([
      first,
      by("other", goal("home", 24)),
      by("other", goal("away", 30)),
      by(OPERATOR, card("home", 31)),
    ], playing);
    expect(view).toMatchObject({
      source: "feed",
      score: { home: 1, away: 0 },
      shadowed: 2,
      disagreements: 1,
    });
    expect(entries.filter(({ shadowed }) => shadowed)).toHaveLength(2);
    expect(view.timeline.filter(({ kind }) => kind === "card")).toHaveLength(1);
  });

  test("is not made by the fixture or by an operator", () => {
    const { view } = applyAll([by(OPERATOR, scheduled()), by(OPERATOR, started("firstHalf"))]);
    expect(view.source).toBeNull();
  });

  test("has one fixture; another provider's is kept aside", () => {
    const other = by("other", scheduled({ stage: "Semi-final" }));
    expect(applyAll([other], playing).view).toMatchObject({ stage: "Final", shadowed: 1 });
    const revised = scheduled({ revision: 2, stage: "Third place" });
    expect(applyAll([revised], playing).view.stage).toBe("Third place");
  });

  test("changes by an operator's word", () => {
    const change = say({ type: "source.changed", source: "other", because: "operator" });
    const changed = applyAll([change, by("other", goal("away", 30))], playing);
    expect(changed.view).toMatchObject({ source: "other", score: { home: 0, away: 1 } });
    expect(codeOf(change, changed)).toBe("duplicate");
    expect(applyAll([first], changed).view.score.home).toBe(0);
  });

  test("changes when it is silent and another speaks; what was aside stays aside", () => {
    const aside = by("other", goal("away", 1));
    const before = applyAll([aside], playing);
    const silent = atDeadline(before);
    expect(silent.dueAt).toBe(started("firstHalf").occurredAt + 1_000 + limits.feedSilenceMsMax);
    expect(silent.view.feedSilentSince).toBe(started("firstHalf").occurredAt + 1_000);
    const told = [{
      seq: before.entries.length + 1,
      recordedAt: silent.dueAt,
      ...silent.words[0]!,
    }];
    const quiet: Applied = {
      ...before,
      snapshot: silent.snapshot,
      entries: [...before.entries, ...told],
    };

    const taken = applyAll([by("other", goal("home", 5))], quiet);
    expect(taken.view).toMatchObject({
      source: "other",
      feedSilentSince: null,
      score: { home: 1, away: 0 },
    });
    expect(taken.entries.slice(-3).map(({ fact }) => fact.type)).toEqual([
      "source.changed",
      "feed.resumed",
      "goal.scored",
    ]);
    const again = applyAll([{ ...aside, revision: 2 }], taken);
    expect(again.view.score).toEqual({ home: 1, away: 0 });

    const back = applyAll([first], quiet);
    expect(back.view).toMatchObject({ source: "feed", feedSilentSince: null });
    expect(applyAll([say({ type: "feed.heard" })], quiet).view.feedSilentSince).toBeNull();
  });

  test("is waited for from its last word on", () => {
    const { snapshot } = applyAll([first, by(OPERATOR, goal("away", 30))], playing);
    expect(matchDefinition.nextDeadline(snapshot))
      .toBe(first.occurredAt + 1_000 + limits.feedSilenceMsMax);
  });

  test("is not waited for while nobody plays", () => {
    expect(matchDefinition.nextDeadline(applyAll([scheduled()]).snapshot)).toBeNull();
    const { snapshot } = applyAll([ended("firstHalf")], playing);
    expect(matchDefinition.nextDeadline(snapshot)).toBeNull();
  });
});

describe("a missing kick", () => {
  const before = applyAll([scheduled(), ...fullTime(), ...extraTime(), started("shootout")]);

  test("is waited for, then let go", () => {
    const third = kick(3, "home", true);
    const waiting = applyAll([kick(1, "home", true), third], before);
    expect(waiting.view.shootout?.kicks.map(({ number }) => number)).toEqual([1]);
    const released = atDeadline(waiting);
    expect(released.dueAt).toBe(third.occurredAt + 1_000 + limits.kickWaitMsMax);
    expect(released.view.shootout?.kicks.map(({ number }) => number)).toEqual([1, 3]);
    expect(matchDefinition.nextDeadline(released.snapshot)).toBeNull();
  });

  test("lets those after it count when it comes", () => {
    const after = applyAll([kick(2, "away", true), kick(1, "home", true)], before);
    expect(after.view.shootout).toMatchObject({ home: 1, away: 1 });
    expect(matchDefinition.nextDeadline(after.snapshot)).toBeNull();
  });
});

describe("settlement", () => {
  const MINUTE_30 = {
    side: "home",
    on: { name: "Lautaro" },
    period: "firstHalf",
    minute: 30,
  } as const;
  const AWAY_3_0 = { winner: "away", score: { home: 0, away: 3 } } as const;
  const winner = goal("home", 80, { player: { name: "Messi" } });
  const finished = applyAll([scheduled(), ...fullTime(winner)]);
  const settled = applyAll([
    say({ type: "match.settled", ledgerSeq: finished.entries.length, rulesVersion: 1 }),
  ], finished);

  test("holds until something changes the outcome", () => {
    expect(settled.view.phase).toBe("settled");
    expect(applyAll([card("away", 85)], settled).view.phase).toBe("settled");
    expect(applyAll([correction("goal.annulled", winner)], settled).view.phase)
      .toBe("awaitingExtraTime");
    const scorer = amended(winner, { player: { name: "Álvarez" } });
    const reopened = applyAll([scorer], settled);
    expect(reopened.view.phase).toBe("finished");
    expect(applyAll([correction("event.voided", scorer)], reopened).view.phase).toBe("settled");
    const possession = fact("possession.measured", "p", 100, { home: 40, away: 60 });
    expect(applyAll([possession], settled).view.phase).toBe("finished");
  });

  test.each([
    ["a substitution", () => [fact("substitution.made", "s", 95, MINUTE_30)]],
    ["a line-up", () => [fact("lineup.published", "l", -60, { side: "home", players: [] })]],
    ["another kick-off", () => [fact("match.rescheduled", "r", -90, { kickoffAt: KICKOFF - 1 })]],
    ["an earlier first half", () => [amended(started("firstHalf"), { occurredAt: KICKOFF - 9 })]],
    ["an award that was taken back", () => {
      const award = fact("match.awarded", "a", 200, AWAY_3_0);
      const seq = finished.entries.length + 2;
      const again = say({ type: "match.settled", ledgerSeq: seq, rulesVersion: 1 });
      return [award, again, correction("event.voided", award)];
    }],
  ])("is reopened by %s", (_, facts) => {
    expect(applyAll(facts(), settled).view.phase).toBe("finished");
  });

  test("is of a finished match and a ledger that is there", () => {
    const early = say({ type: "match.settled", ledgerSeq: 1, rulesVersion: 1 });
    expect(codeOf(early)).toBe("notFinished");
    const ahead = say({ type: "match.settled", ledgerSeq: 999, rulesVersion: 1 });
    expect(codeOf(ahead, finished)).toBe("unknownSeq");
    expect(codeOf(early, settled)).toBe("duplicate");
  });
});

describe("the definition", () => {
  test("names deliveries and quarantined entries", () => {
    expect(matchDefinition.deliveryKey({ fact: first, intake: 1, receivedAt: 0 }))
      .toBe("feed/goal-home-23+0@1");
    expect(matchDefinition.quarantinedSeq(matchDefinition.quarantine(7, "a bug"))).toBe(7);
    expect(matchDefinition.quarantinedSeq({ fact: first })).toBeNull();
  });

  test("knows a new phase", () => {
    const after = applyAll([ended("firstHalf")], playing);
    expect(matchDefinition.isNewPhase(playing.snapshot, after.snapshot)).toBe(true);
    expect(matchDefinition.isNewPhase(playing.snapshot, applyAll([first], playing).snapshot))
      .toBe(false);
  });
});
