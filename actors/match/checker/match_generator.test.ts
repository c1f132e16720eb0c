/** The generator reaches what the properties are there to check. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GeneratedMatch, generatedMatch } from "./match_generator.ts";
import { reduceMatch } from "./reference_reducer.ts";

const SAMPLES = 1_000;
const FLOOR_PERCENT = 5;

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

describe("generatedMatch", () => {
  const matches = fc.sample(generatedMatch, { numRuns: SAMPLES, seed: 2026 });

  test.each(Object.entries(RARE))("contains often enough: %s", (name, contains) => {
    const percent = matches.filter(contains).length * 100 / SAMPLES;
    console.log(`${name}: ${percent.toFixed(1)} % of ${SAMPLES} matches`);
    expect(percent).toBeGreaterThanOrEqual(FLOOR_PERCENT);
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
