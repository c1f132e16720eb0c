import { describe, expect, test } from "vitest";
import { parseFact } from "../../actors/match/parse_fact.ts";
import { loadBundledMatches } from "../../feed/bundled_match.ts";
import { burstAround, type FinalScript, finalScript, PROVIDER } from "./final_script.ts";

const match = (await loadBundledMatches()).find(({ id }) => id === "arg-fra-2022-12-18")!;
const script = finalScript(match, 1_671_375_600_000);
const acts = Object.keys(script) as (keyof FinalScript)[];

describe("finalScript", () => {
  test("tells every fact of the match once, and goals that are taken back besides", () => {
    const ids = acts.flatMap((act) => script[act].map(({ fact }) => fact.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(1 + match.facts.length + 3 * 4);
    for (const { value } of match.facts) expect(ids).toContain(value.id);
  });

  test("has goals of names of their own in every act but two", () => {
    const goals = (act: keyof FinalScript) => script[act].flatMap(({ goal }) => goal ?? []);
    const names = acts.flatMap(goals).map(({ kind, minute }) => `${kind} ${minute}`);
    expect(new Set(names).size).toBe(names.length);
    expect(acts.map((act) => goals(act).length)).toEqual([0, 4, 2, 3, 3, 0]);
  });

  test("says what a provider may say, twelve facts at a goal of the second half", () => {
    const goals = script.burst.filter(({ goal }) => goal !== null);
    const around = goals.flatMap(burstAround);
    expect(around.length).toBe(goals.length * 11);
    const facts = [...acts.flatMap((act) => script[act]), ...around].map(({ fact }) => fact);
    for (const fact of facts) {
      expect(parseFact(PROVIDER, fact, "fact")).not.toHaveProperty("problem");
    }
  });
});
