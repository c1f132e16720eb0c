import { describe, expect, test } from "vitest";
import { limits } from "../runtime/limits.ts";
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
