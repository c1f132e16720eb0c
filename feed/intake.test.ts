import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
import { stagesInto } from "../runtime/stage.testing.ts";
import { feedKit, fixture, goal, MATCH } from "./feed_test_kit.ts";

const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function kit() {
  const made = feedKit();
  const submit = (values: unknown[], matchId = MATCH) =>
    made.intake.submit({ provider: "acme", matchId, values, receivedAt: 7, trace: TRACE });
  return { ...made, submit };
}

describe("Intake.submit", () => {
  test("answers every fact in its place", async () => {
    const { submit, answers, owners } = kit();
    await submit([fixture(), goal("g1")]);
    owners.rejects = "card.shown";
    const { period, minute, occurredAt } = goal("c1");
    const card = { type: "card.shown", side: "home", card: "yellow", period, minute, occurredAt };
    const result = await submit([
      goal("bad", { minute: "x" }),
      goal("g1"),
      { id: "c1", revision: 1, ...card },
      goal("g2", { revision: 4 }),
      "nonsense",
    ]);
    expect(result).toMatchObject({
      outcome: "answered",
      results: [
        { id: "bad", revision: 1, outcome: "rejected", field: expect.stringMatching(/minute$/) },
        { id: "g1", revision: 1, outcome: "duplicate" },
        { id: "c1", revision: 1, outcome: "rejected", code: "noRoom", reason: "full" },
        { id: "g2", revision: 4, outcome: "accepted" },
        { id: null, revision: null, outcome: "rejected", field: "facts[4]" },
      ],
    });
    expect(answers.map((answer) => answer.split(" ").slice(0, 3).join(" "))).toEqual([
      `${MATCH} acme accepted`,
      `${MATCH} acme accepted`,
      `${MATCH} acme rejected`,
      `${MATCH} acme duplicate`,
      `${MATCH} acme rejected`,
      `${MATCH} acme accepted`,
      `${MATCH} acme rejected`,
    ]);
    expect(owners.ids()).toEqual(["fixture", "g1", "g2"]);
  });

  test("hands on who said it, and the trace", async () => {
    const { submit, owners } = kit();
    await submit([fixture()]);
    expect(owners.accepted[0]).toMatchObject({ fact: { provider: "acme" }, trace: TRACE });
  });

  test("stores nothing of an unknown match", async () => {
    const { submit, owners, queue, answers } = kit();
    expect(await submit([goal("g1")])).toEqual({ outcome: "unknownMatch", results: [] });
    expect(await submit([])).toEqual({ outcome: "unknownMatch", results: [] });
    expect(await queue.matches()).toEqual([]);
    expect([owners.accepted, owners.heartbeats, answers]).toEqual([[], [], []]);
  });

  test("says what is wrong with the fixture of an unknown match", async () => {
    const { submit, queue } = kit();
    expect(await submit([fixture({ home: 7 }), goal("g1")])).toMatchObject({
      outcome: "unknownMatch",
      results: [{ id: "fixture", outcome: "rejected", field: expect.stringMatching(/home/) }],
    });
    expect(await queue.matches()).toEqual([]);
  });

  test("offers the fixture of a new match first, and answers in the order asked", async () => {
    const { submit, owners } = kit();
    const result = await submit([goal("g1"), goal("g2"), fixture()]);
    expect(owners.ids()).toEqual(["fixture", "g1", "g2"]);
    expect(result).toMatchObject({ results: [{ id: "g1" }, { id: "g2" }, { id: "fixture" }] });
  });

  test("takes no facts at all as a word from the provider", async () => {
    const { submit, owners } = kit();
    await submit([fixture()]);
    expect(await submit([])).toEqual({ outcome: "answered", results: [] });
    expect(owners.heartbeats).toEqual([{ matchId: MATCH, provider: "acme" }]);
  });

  test("does not wait for an owner longer than a provider would, nor lose the fact", async () => {
    const { submit, owners, queue, clock } = kit();
    await submit([fixture()]);
    owners.state = "silent";
    const late = expect(submit([goal("g1")])).rejects.toMatchObject({
      code: "ownerUnavailable",
      retryable: true,
    });
    await clock.advance(limits.intakeAnswerMsMax);
    await late;
    expect(await queue.pending(MATCH)).toHaveLength(1);

    owners.answerAgain();
    await clock.advance(0);
    expect(owners.ids()).toEqual(["fixture", "g1"]);
    expect(await queue.pending(MATCH)).toEqual([]);
    expect(await submit([goal("g1")])).toMatchObject({ results: [{ outcome: "duplicate" }] });
  });
});

describe("Intake.submit: the first stage of a fact's way", () => {
  function traced() {
    const stages: string[] = [];
    const made = feedKit();
    Object.assign(made.events, stagesInto(stages));
    const submit = (...values: unknown[]) =>
      made.intake.submit({ provider: "acme", matchId: MATCH, values, receivedAt: 7, trace: TRACE });
    return { ...made, stages, submit };
  }
  const notes = (facts: number) => `match=${MATCH} provider=acme facts=${facts}`;

  test("begins when the first byte came, and what follows carries its trace", async () => {
    const { submit, stages, owners } = traced();
    await submit(fixture());
    await submit(goal("g1"));
    expect(stages).toEqual([
      `provider.receive of ${TRACE} at 7 ${notes(1)}`,
      `provider.receive of ${TRACE} at 7 notable ${notes(1)}`,
    ]);
    expect(owners.accepted.map(({ trace }) => trace)).toEqual(["own", "own"]);
  });

  test("fails where a fact is refused, a match is unknown, or nobody answers", async () => {
    const { submit, stages, owners, clock } = traced();
    await submit(goal("g0"));
    await submit(fixture(), goal("bad", { minute: "x" }));
    owners.state = "silent";
    const late = expect(submit(goal("g1"))).rejects.toThrow();
    await clock.advance(limits.intakeAnswerMsMax);
    await late;
    expect(stages.map((line) => / failed (\w+)/.exec(line)?.[1])).toEqual([
      "unknownMatch",
      "malformed",
      "ownerUnavailable",
    ]);
  });

  test("is none for a sign of life", async () => {
    const { submit, stages } = traced();
    await submit(fixture());
    await submit();
    expect(stages).toHaveLength(1);
  });

  test.each([
    { type: "card.shown", side: "home", card: "red", period: "firstHalf", minute: 3 },
    { type: "review.opened", reason: "goal" },
    { type: "goal.annulled", target: "g1" },
    { type: "shootout.kicked", side: "home", number: 1, scored: true },
  ])("$type is notable, possession is not", async (fact) => {
    const { submit, stages } = traced();
    const { occurredAt } = goal("g1");
    const possession = { type: "possession.measured", home: 50, away: 50 };
    await submit(fixture(), { id: "x", revision: 1, occurredAt, ...fact });
    await submit({ id: "p", revision: 1, occurredAt, ...possession });
    expect(stages.map((line) => / notable /.test(line))).toEqual([true, false]);
    expect(stages.join()).not.toContain("failed");
  });
});
