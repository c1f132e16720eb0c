/** The rules and their reference, on matches whose end is known. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseFact } from "../parse_fact.ts";
import type { ProviderFact, Score } from "../match_event.ts";
import { referencePart, tellAll, viewOf } from "./match_telling.ts";
import { readRealMatches, type RealMatch, type RealResult } from "./real_matches.ts";
import { reduceMatch, type Reference } from "./reference_reducer.ts";

const FOLDER = new URL("../../../../shared/data/matches/", import.meta.url);
const isThere = existsSync(FOLDER);
if (!isThere) console.log(`Real matches are left out: ${FOLDER.pathname} is not there.`);

describe.skipIf(!isThere)("real matches", async () => {
  const matches = isThere ? await readRealMatches(FOLDER) : [];

  test("end as they really did, told in order, and shootouts backwards too", () => {
    for (const match of matches) {
      const facts = parsed(match);
      const [fixture, ...rest] = facts;
      // Backwards only where it is hardest: with kicks to count.
      const backwards = match.expected.shootout ? [[fixture!, ...rest.reverse()]] : [];
      for (const arrived of [facts, ...backwards]) {
        const told = tellAll(arrived);
        expect(told.rejected, match.id).toEqual([]);
        const view = referencePart(viewOf(told));
        expect(resultOf(view), match.id).toEqual(match.expected);
        expect(view.phase, match.id).toBe("finished");
        expect(view, match.id).toEqual(reduceMatch(told.accepted));
      }
    }
    console.log(`${matches.length} real matches folded.`);
    expect(matches.length).toBeGreaterThan(0);
  });

  test("are all there: two World Cups and every shootout", () => {
    expect(matches.length).toBe(145);
    expect(matches.filter(({ expected }) => expected.shootout !== null).length).toBe(26);
  });
});

function parsed({ id, facts }: RealMatch): ProviderFact[] {
  return facts.map((value, index) => {
    const result = parseFact("archive", JSON.parse(JSON.stringify(value)), `facts[${index}]`);
    if ("problem" in result) throw new Error(`${id}: ${JSON.stringify(result.problem)}`);
    return result.fact;
  });
}

function resultOf(view: Reference): RealResult {
  const { regular, extraTime, score, shootout, winner, decidedBy } = view;
  const pair = ({ home, away }: Score) => ({ home, away });
  return {
    regular,
    extraTime,
    score,
    shootout: shootout && { ...pair(shootout), kicks: shootout.kicks.map(pair) },
    winner,
    decidedBy,
    goals: view.goals.map(({ score }) => score!),
  };
}
