import { describe, expect, test } from "vitest";
import { parseFact, parseMatchId } from "./parse_fact.ts";

const AT = "2022-12-18T15:23:00Z";
const scored = {
  id: "g1",
  type: "goal.scored",
  occurredAt: AT,
  side: "home",
  method: "open",
  minute: 23,
};

function problemOf(value: unknown) {
  const parsed = parseFact("feed", value, "facts[2]");
  return "problem" in parsed ? `${parsed.problem.code} ${parsed.problem.field}` : "none";
}

describe("parseFact", () => {
  test("fills in revision, period, provider and milliseconds", () => {
    expect(parseFact("feed", scored, "")).toEqual({
      fact: {
        ...scored,
        provider: "feed",
        revision: 1,
        period: "firstHalf",
        occurredAt: Date.parse(AT),
      },
    });
  });

  test("names facts of the same provider by their id alone", () => {
    const annulled = { id: "a1", type: "goal.annulled", occurredAt: 0, target: "g1" };
    expect(parseFact("feed", annulled, "")).toMatchObject({
      fact: { target: { provider: "feed", id: "g1" } },
    });
    const target = { provider: "other", id: "g1" };
    expect(parseFact("feed", { ...annulled, target }, "")).toMatchObject({ fact: { target } });
  });

  test.each([
    ["not an object", null, "malformed facts[2]"],
    ["no type", { ...scored, type: undefined }, "malformed facts[2].type"],
    ["an unknown type", { ...scored, type: "goal.dreamt" }, "unknownKind facts[2].type"],
    ["an inherited name", { ...scored, type: "toString" }, "unknownKind facts[2].type"],
    ["an owner's type", { ...scored, type: "match.settled" }, "ownerOnly facts[2].type"],
    ["a typo", { ...scored, minut: 3 }, "malformed facts[2].minut"],
    ["a provider", { ...scored, provider: "other" }, "malformed facts[2].provider"],
    ["no id", { ...scored, id: undefined }, "malformed facts[2].id"],
    ["an id of 129 characters", { ...scored, id: "x".repeat(129) }, "malformed facts[2].id"],
    ["an unprintable id", { ...scored, id: "a\nb" }, "malformed facts[2].id"],
    ["revision 0", { ...scored, revision: 0 }, "malformed facts[2].revision"],
    [
      "a time without zone",
      { ...scored, occurredAt: "2022-12-18T15:23:00" },
      "malformed facts[2].occurredAt",
    ],
    ["no time", { ...scored, occurredAt: undefined }, "malformed facts[2].occurredAt"],
    [
      "a month 13",
      { ...scored, occurredAt: "2022-13-18T15:23:00Z" },
      "malformed facts[2].occurredAt",
    ],
    ["minute 151", { ...scored, minute: 151, period: "secondHalf" }, "malformed facts[2].minute"],
    ["minute 121 without period", { ...scored, minute: 121 }, "malformed facts[2].period"],
    ["stoppage 61", { ...scored, stoppage: 61 }, "malformed facts[2].stoppage"],
    ["a goal of the shootout", { ...scored, period: "shootout" }, "malformed facts[2].period"],
    ["a nameless player", { ...scored, player: { id: "p" } }, "malformed facts[2].player.name"],
    [
      "a long name",
      { ...scored, player: { name: "x".repeat(201) } },
      "malformed facts[2].player.name",
    ],
    ["a text for a number", { ...scored, minute: "23" }, "malformed facts[2].minute"],
    ["nothing wrong", scored, "none"],
  ])("tells %s", (_, value, problem) => expect(problemOf(value)).toBe(problem));

  test("takes ids, minutes and stoppage up to their edge", () => {
    const edge = {
      ...scored,
      id: "x".repeat(128),
      minute: 150,
      stoppage: 60,
      period: "secondHalf",
    };
    expect(problemOf(edge)).toBe("none");
  });

  test("refuses the owner's name", () => {
    expect(parseFact("golazo", scored, "f")).toMatchObject({ problem: { code: "ownerOnly" } });
  });

  test("says what was needed and what was found", () => {
    const parsed = parseFact("feed", { ...scored, side: "left" }, "facts[0]");
    expect(parsed).toEqual({
      problem: {
        code: "malformed",
        field: "facts[0].side",
        reason: 'needs one of home, away, found "left"',
      },
    });
  });

  test("checks line-ups, possession and fixtures", () => {
    const base = { id: "x", occurredAt: 0 };
    const players = Array.from({ length: 61 }, () => ({ name: "A", starting: true }));
    const lineup = { ...base, type: "lineup.published", side: "home", players };
    expect(problemOf(lineup)).toBe("malformed facts[2].players");
    expect(problemOf({ ...lineup, players: players.slice(1) })).toBe("none");
    const possession = { ...base, type: "possession.measured", home: 54, away: 47 };
    expect(problemOf(possession)).toBe("malformed facts[2].away");
    const team = { id: "arg", name: "Argentina" };
    const fixture = {
      ...base,
      type: "match.scheduled",
      competition: "Cup",
      stage: "",
      kickoffAt: AT,
      home: team,
      away: { id: "fra", name: "France" },
      format: { kind: "secondLeg", aggregate: { home: 1, away: 0 } },
    };
    expect(problemOf(fixture)).toBe("none");
    expect(problemOf({ ...fixture, away: team })).toBe("malformed facts[2].away.id");
    expect(problemOf({ ...fixture, format: { kind: "friendly" } })).toBe(
      "malformed facts[2].format",
    );
    expect(problemOf({ ...fixture, format: { kind: "secondLeg" } }))
      .toBe("malformed facts[2].format.aggregate");
  });
});

describe("an amendment's changes", () => {
  const change = (changes: unknown) =>
    problemOf({ id: "a", type: "event.amended", occurredAt: 0, target: "g1", changes });

  test.each([
    ["a known field", { minute: 24 }, "none"],
    ["a field that has two meanings", { reason: "goal" }, "none"],
    ["nothing", {}, "malformed facts[2].changes"],
    ["an unknown field", { minut: 24 }, "malformed facts[2].changes.minut"],
    ["a wrong value", { minute: "x" }, "malformed facts[2].changes.minute"],
    ["the type", { type: "card.shown" }, "malformed facts[2].changes.type"],
    ["the id", { id: "g2" }, "malformed facts[2].changes.id"],
    ["the provider", { provider: "other" }, "malformed facts[2].changes.provider"],
    ["other changes", { changes: { minute: 3 } }, "malformed facts[2].changes.changes"],
  ])("may be %s or not", (_, changes, problem) => expect(change(changes)).toBe(problem));

  test("bring the period along with the minute", () => {
    const value = {
      id: "a",
      type: "event.amended",
      occurredAt: 0,
      target: "g",
      changes: { minute: 46 },
    };
    expect(parseFact("feed", value, "")).toMatchObject({
      fact: { changes: { minute: 46, period: "secondHalf" } },
    });
  });
});

describe("parseMatchId", () => {
  test.each(["arg-fra-2022-12-18", "a", "x".repeat(64)])(
    "takes %s",
    (id) => expect(parseMatchId(id, "match")).toEqual({ matchId: id }),
  );
  test.each(["", "Arg", "a_b", "x".repeat(65), "a\n", 7, null])(
    "refuses %j",
    (id) =>
      expect(parseMatchId(id, "match")).toMatchObject({
        problem: { code: "malformed", field: "match" },
      }),
  );
});
