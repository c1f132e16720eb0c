import { initialTransition, transition } from "xstate";
import { describe, expect, test } from "vitest";
import {
  amended,
  applyAll,
  card,
  correction,
  ended,
  extraTime,
  fact,
  foldMatch,
  fullTime,
  goal,
  interruption,
  kick,
  kicks,
  scheduled,
  started,
} from "./match.testing.ts";
import { matchMachine } from "./match_machine.ts";

const levelFinal = [
  goal("home", 23, { method: "penalty" }),
  goal("home", 36),
  goal("away", 80, { method: "penalty" }),
  goal("away", 81),
];
const worldCupFinal = [
  scheduled(),
  ...fullTime(...levelFinal),
  ...extraTime(goal("home", 108), goal("away", 118, { method: "penalty" })),
  started("shootout"),
  ...kicks("away", "++-+-+++"),
];

describe("the phases of a match", () => {
  test("are walked through to the World Cup final of 2022: 3–3, 4–2 on penalties", () => {
    const { view, outcomes } = applyAll(worldCupFinal);
    expect(outcomes.every(({ outcome }) => outcome === "accepted")).toBe(true);
    expect(view).toMatchObject({
      phase: "finished",
      score: { home: 3, away: 3 },
      regular: { home: 2, away: 2 },
      extraTime: { home: 1, away: 1 },
      shootout: { home: 4, away: 2, first: "away", winner: "home" },
      winner: "home",
      decidedBy: "shootout",
    });
  });

  test("are each reached in turn", () => {
    let applied = applyAll([worldCupFinal[0]!]);
    const phases = [applied.view.phase];
    for (const next of worldCupFinal.slice(1)) {
      applied = applyAll([next], applied);
      if (phases.at(-1) !== applied.view.phase) phases.push(applied.view.phase);
    }
    expect(phases).toEqual([
      "scheduled",
      "firstHalf",
      "halfTime",
      "secondHalf",
      "awaitingExtraTime",
      "extraTimeFirst",
      "extraTimeHalfTime",
      "extraTimeSecond",
      "awaitingShootout",
      "shootout",
      "finished",
    ]);
  });

  test("end a league match with a draw, whatever the score", () => {
    const { view } = applyAll([scheduled({ format: { kind: "league" } }), ...fullTime()]);
    expect(view).toMatchObject({ phase: "finished", winner: "draw", decidedBy: "regulation" });
  });

  test("go from 90 minutes straight to the shootout where the cup plays no extra time", () => {
    const format = { kind: "straightToShootout" } as const;
    const before = applyAll([scheduled({ format }), ...fullTime()]);
    expect(before.view.phase).toBe("awaitingShootout");
    const { view } = applyAll([started("shootout"), ...kicks("home", "+-+-+-")], before);
    expect(view).toMatchObject({ phase: "finished", extraTime: null, winner: "home" });
  });

  test("ask both legs together in a second leg", () => {
    const format = { kind: "secondLeg", aggregate: { home: 0, away: 1 } } as const;
    const level = applyAll([scheduled({ format }), ...fullTime(goal("home", 30))]);
    expect(level.view.phase).toBe("awaitingExtraTime");
    const lost = applyAll([scheduled({ format }), ...fullTime()]);
    expect(lost.view).toMatchObject({ phase: "finished", winner: "away", score: { home: 0 } });
  });

  test("end at a golden goal", () => {
    const format = { kind: "cup", goldenGoal: true } as const;
    const golden = goal("away", 97);
    const { view } = applyAll([
      scheduled({ format }),
      ...fullTime(),
      started("extraTimeFirst"),
      golden,
    ]);
    expect(view).toMatchObject({ phase: "finished", winner: "away", decidedBy: "extraTime" });
  });

  test("move with the first fact of a later period, which the ledger notes", () => {
    const booking = card("away", 50);
    const { view, entries } = applyAll([
      scheduled(),
      started("firstHalf"),
      booking,
    ]);
    expect(view.phase).toBe("secondHalf");
    const implied = entries.find(({ fact }) => fact.type === "period.implied");
    expect(implied?.fact).toMatchObject({
      period: "secondHalf",
      startedAt: booking.occurredAt - 4 * 60_000,
      because: { id: booking.id },
    });
    expect(view.phaseStartedAt).toBe(booking.occurredAt - 4 * 60_000);
  });

  test("go back when the evidence for a period is revised", () => {
    const booking = card("away", 50);
    const before = applyAll([scheduled(), started("firstHalf"), booking]);
    const revised = { ...booking, revision: 2, minute: 44, period: "firstHalf" } as const;
    expect(applyAll([revised], before).view.phase).toBe("firstHalf");
  });

  test("go back when the evidence for a period is voided, not when it is annulled", () => {
    const early = goal("home", 50);
    const before = applyAll([scheduled(), started("firstHalf"), early]);
    const phaseAfter = (type: "event.voided" | "goal.annulled") =>
      applyAll([correction(type, early)], before).view.phase;
    expect(phaseAfter("event.voided")).toBe("firstHalf");
    expect(phaseAfter("goal.annulled")).toBe("secondHalf");
  });

  test("reopen a cup match when its only goal is annulled after full time", () => {
    const winner = goal("home", 90, { stoppage: 4 });
    const before = applyAll([scheduled(), ...fullTime(winner)]);
    expect(before.view).toMatchObject({ phase: "finished", winner: "home" });
    const { view } = applyAll([correction("goal.annulled", winner)], before);
    expect(view).toMatchObject({ phase: "awaitingExtraTime", winner: null, score: { home: 0 } });
  });

  test("end at 90 minutes after all when a late goal breaks the tie", () => {
    const before = applyAll([scheduled(), ...fullTime()]);
    expect(before.view.phase).toBe("awaitingExtraTime");
    expect(applyAll([goal("away", 89)], before).view.phase).toBe("finished");
  });

  test("leave the shootout when a kick is retaken after it seemed decided", () => {
    const before = applyAll([scheduled(), ...fullTime(), ...extraTime(), started("shootout")]);
    const decided = applyAll(kicks("home", "+-+-+-"), before);
    expect(decided.view.phase).toBe("finished");
    const retaken = correction("kick.retaken", { provider: "feed", id: "kick-6" });
    const after = applyAll([retaken], decided);
    expect(after.view.phase).toBe("shootout");
    const again = kick(6, "away", true, { id: "kick-6-again" });
    expect(applyAll([again], after).view.shootout).toMatchObject({ home: 3, away: 1 });
  });
});

describe("interruptions", () => {
  const playing = [scheduled(), started("firstHalf"), goal("home", 10)];

  test("keep the period, and the clock goes on from its minute", () => {
    const suspended = applyAll([...playing, interruption("match.suspended", 20)]);
    expect(suspended.view).toMatchObject({ phase: "suspended", running: false });
    const { view } = applyAll([interruption("match.resumed", 50)], suspended);
    expect(view).toMatchObject({ phase: "firstHalf", running: true, score: { home: 1 } });
    expect(view.phaseStartedAt).toBe(started("firstHalf").occurredAt + 30 * 60_000);
    const lines = view.timeline.filter(({ kind }) => kind === "interruption");
    expect(lines.map(({ text, minute }) => [text, minute])).toEqual([
      ["suspended", 21],
      ["resumed", 21],
    ]);
  });

  test("end with a period that begins later", () => {
    const { view } = applyAll([
      ...playing,
      interruption("match.suspended", 20),
      started("secondHalf"),
    ]);
    expect(view.phase).toBe("secondHalf");
  });

  test("are what the latest word says, in whichever order they come", () => {
    const resumed = interruption("match.resumed", 50);
    const { view } = applyAll([...playing, resumed, interruption("match.suspended", 20)]);
    expect(view.phase).toBe("firstHalf");
  });

  test("abandoned, resumed on another day", () => {
    const reason = "floodlights";
    const abandoned = applyAll([...playing, interruption("match.abandoned", 30, { reason })]);
    expect(abandoned.view).toMatchObject({ phase: "abandoned", note: reason, winner: null });
    expect(applyAll([interruption("match.resumed", 1500)], abandoned).view.phase).toBe(
      "firstHalf",
    );
  });

  test("awarded: the official score stands beside the goals of play", () => {
    const award = interruption("match.awarded", 90, {
      winner: "away",
      score: { home: 0, away: 3 },
    });
    const { view } = applyAll([...playing, interruption("match.abandoned", 30), award]);
    expect(view).toMatchObject({
      phase: "awarded",
      score: { home: 0, away: 3 },
      played: { home: 1, away: 0 },
      winner: "away",
      decidedBy: "award",
    });
    const { view: played } = applyAll([...playing, award, correction("event.voided", award)]);
    expect(played).toMatchObject({ phase: "firstHalf", score: { home: 1, away: 0 } });
  });

  test("postponed until there is a new date; cancelled for good", () => {
    const postponed = applyAll([scheduled(), interruption("match.postponed", -60)]);
    expect(postponed.view.phase).toBe("postponed");
    const kickoffAt = scheduled().kickoffAt + 86_400_000;
    const moved = interruption("match.rescheduled", -30, { kickoffAt });
    expect(applyAll([moved], postponed).view).toMatchObject({ phase: "scheduled", kickoffAt });
    const cancelled = applyAll([scheduled(), interruption("match.cancelled", -60), moved]);
    expect(cancelled.view.phase).toBe("cancelled");
  });
});

describe("the machine", () => {
  test("handles each fact type that it names and no other", () => {
    const [before] = initialTransition(matchMachine, { matchId: "a" });
    const [after, actions] = transition(matchMachine, before, { type: "goal.dreamt" } as never);
    expect(after.context).toBe(before.context);
    expect(actions).toEqual([]);
    const entry = { seq: 1, recordedAt: 0, fact: scheduled() };
    const [, known] = transition(matchMachine, before, { type: "match.scheduled", entry });
    expect(known.map(({ type }) => type)).toContain("announce");
  });

  test("announces every entry once, however far it walks", () => {
    let [snapshot] = initialTransition(matchMachine, { matchId: "a" });
    for (const entry of applyAll(worldCupFinal).entries) {
      const event = { type: entry.fact.type, entry } as Parameters<typeof transition>[2];
      const [next, actions] = transition(matchMachine, snapshot, event as never);
      expect(actions.filter(({ type }) => type === "announce")).toHaveLength(1);
      snapshot = next;
    }
  });

  test("is the same after JSON at every entry", () => {
    const { entries, view } = applyAll(worldCupFinal);
    const whole = foldMatch(entries).context;
    for (const cut of entries.keys()) {
      const { value, context } = foldMatch(entries.slice(0, cut));
      const stored = JSON.parse(JSON.stringify({ value, context }));
      let snapshot = matchMachine.resolveState(stored);
      for (const entry of entries.slice(cut)) {
        [snapshot] = transition(matchMachine, snapshot, { type: entry.fact.type, entry } as never);
      }
      expect(snapshot.context).toEqual(whole);
      expect(snapshot.value).toEqual({ phase: view.phase, review: "none" });
    }
  });

  test("takes amended minutes back out of the second half", () => {
    const early = goal("home", 47);
    const before = applyAll([scheduled(), started("firstHalf"), early, ended("firstHalf")]);
    expect(before.view.phase).toBe("secondHalf");
    const change = amended(early, { minute: 45, stoppage: 2, period: "firstHalf" });
    expect(applyAll([change], before).view.phase).toBe("halfTime");
  });

  test("skips an entry in quarantine", () => {
    const { entries } = applyAll([scheduled(), started("firstHalf"), goal("home", 10)]);
    const bad = entries.at(-1)!.seq;
    const quarantined = {
      seq: bad + 1,
      recordedAt: 0,
      fact: {
        ...fact("match.resumed", "q", 0, {}),
        provider: "golazo",
        type: "entry.quarantined" as const,
        seq: bad,
        reason: "a bug",
      },
    };
    const { context } = foldMatch([...entries, quarantined]);
    expect(context.told.some(({ seq }) => seq === bad)).toBe(false);
    expect(context.seq).toBe(bad + 1);
  });
});
