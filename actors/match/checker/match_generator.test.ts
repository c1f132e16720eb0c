/** The generator reaches what the properties are there to check. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProviderFact } from "../match_event.ts";
import { type GeneratedMatch, generatedMatch } from "./match_generator.ts";
import { reduceMatch } from "./reference_reducer.ts";

const SAMPLES = 1_000;
const FLOOR_PERCENT = 5;
const RAREST_FLOOR_PERCENT = 1;

const RARE: Record<string, (match: GeneratedMatch) => boolean> = {
  "annulment after full time": ({ facts }) =>
    facts.some((fact, index) =>
      fact.type === "goal.annulled" && reduceMatch(facts.slice(0, index)).phase === "finished"
    ),
  "retaken kick": ({ facts }) => facts.some(({ type }) => type === "kick.retaken"),
  "suspension": ({ facts }) => facts.some(({ type }) => type === "match.suspended"),
  "sudden death": ({ facts }) => (reduceMatch(facts).shootout?.kicks.length ?? 0) > 10,
  "void before its target": ({ arrived }) =>
    arrived.some((fact, index) => {
      if (fact.type !== "event.voided") return false;
      const first = arrived.findIndex(({ provider, id }) =>
        provider === fact.target.provider && id === fact.target.id
      );
      return first > index;
    }),
};

/** Rules about equal times, and one that few formats have: enough to be met in every run. */
const RAREST: typeof RARE = {
  "stop and its end in one second": ({ facts, wholeMinutes }) =>
    !wholeMinutes && areOfOneTime(facts, ["match.suspended", "match.postponed"], [
      "match.resumed",
      "match.rescheduled",
    ]),
  "two annulments in one second": ({ facts, wholeMinutes }) =>
    !wholeMinutes && areOfOneTime(facts, ["goal.annulled"], ["goal.annulled"]),
  "abandonment dated after an award": ({ facts }) => {
    const award = facts.find(({ type }) => type === "match.awarded");
    const abandoned = facts.find(({ type }) => type === "match.abandoned");
    return award !== undefined && abandoned !== undefined &&
      award.occurredAt < abandoned.occurredAt;
  },
  "kicks where a golden goal would have ended it": ({ facts }) => {
    const [fixture] = facts;
    const isGolden = fixture?.type === "match.scheduled" && fixture.format.kind === "cup" &&
      fixture.format.goldenGoal === true;
    return isGolden && reduceMatch(facts).shootout !== null;
  },
};

function areOfOneTime(facts: ProviderFact[], types: string[], otherTypes: string[]): boolean {
  return facts.some((fact) =>
    types.includes(fact.type) &&
    facts.some(({ type, id, occurredAt }) =>
      otherTypes.includes(type) && id !== fact.id && occurredAt === fact.occurredAt
    )
  );
}

describe("generatedMatch", () => {
  const matches = fc.sample(generatedMatch, { numRuns: SAMPLES, seed: 2026 });

  test.each([
    ...Object.entries(RARE).map((rare) => [...rare, FLOOR_PERCENT] as const),
    ...Object.entries(RAREST).map((rarest) => [...rarest, RAREST_FLOOR_PERCENT] as const),
  ])("contains often enough: %s", (name, contains, floorPercent) => {
    const percent = matches.filter(contains).length * 100 / SAMPLES;
    console.log(`${name}: ${percent.toFixed(1)} % of ${SAMPLES} matches`);
    expect(percent).toBeGreaterThanOrEqual(floorPercent);
  });

  test("draws every phase, winner and way to win", () => {
    const results = matches.map(({ facts }) => reduceMatch(facts));
    const seen = (values: unknown[]) => [...new Set(values)].sort();
    expect(seen(results.map(({ phase }) => phase)).length).toBe(16);
    expect(seen(results.map(({ decidedBy }) => String(decidedBy)))).toEqual(
      ["award", "extraTime", "null", "regulation", "shootout"],
    );
    expect(seen(results.map(({ winner }) => String(winner)))).toEqual(
      ["away", "draw", "home", "null"],
    );
  });
});
