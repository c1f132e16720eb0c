/** The rules and their reference, on the bundled matches that had to be corrected. */
import { describe, expect, test } from "vitest";
import { parseFact } from "../parse_fact.ts";
import type { ProviderFact } from "../match_event.ts";
import {
  type BundledCorrections,
  partExpected,
  readBundledCorrections,
} from "./bundled_corrections.ts";
import { referencePart, tellAll, type Told, viewOf } from "./match_telling.ts";
import { reduceMatch } from "./reference_reducer.ts";

const bundled = readBundledCorrections();

test("bundled corrections are there", () => {
  expect(bundled.length).toBeGreaterThanOrEqual(18);
});

describe.each(bundled)("$id", (match) => {
  const facts = parsed(match);

  test("ends as it did", () => {
    expectEnd(tellAll(facts), match);
  });

  test("ends so too when it is told backwards", () => {
    const [fixture, ...rest] = facts;
    expectEnd(tellAll([fixture!, ...rest.reverse()]), match);
  });

  test("is what the reference makes of it", () => {
    const told = tellAll(facts);
    expect(referencePart(viewOf(told))).toEqual(reduceMatch(told.accepted));
  });
});

function parsed({ facts }: BundledCorrections): ProviderFact[] {
  return facts.map((value, index) => {
    const result = parseFact("archive", value, `facts[${index}]`);
    if ("problem" in result) throw new Error(JSON.stringify(result.problem));
    return result.fact;
  });
}

function expectEnd(told: Told, { expected }: BundledCorrections): void {
  const view = viewOf(told);
  const shown = { ...view, kickoffAt: new Date(view.kickoffAt).toISOString() };
  expect(partExpected(shown, expected)).toEqual(expected);
}
