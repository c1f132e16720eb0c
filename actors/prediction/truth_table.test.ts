/** Points of picks on real matches, by hand; nothing of the table comes from the rules. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isMarket, pickProblem } from "./market.ts";
import { marketOutcome } from "./market_outcome.ts";
import { pointsOf } from "./points_table.ts";
import {
  isReal,
  playedOut,
  readTruthMatches,
  readTruthTable,
  REAL_FOLDER,
  type TruthRow,
} from "./truth_table.testing.ts";

/** The version that the table was written for; a later one needs a table of its own. */
const VERSION = 1;
const isThere = existsSync(REAL_FOLDER);
if (!isThere) console.log(`Real matches are left out: ${REAL_FOLDER.pathname} is not there.`);

describe("the truth table", async () => {
  const rows = readTruthTable();
  const matches = await readTruthMatches();

  function expectAll(rows: TruthRow[]): void {
    const wrong = rows.filter((row) => {
      const { points, mark } = settle(row);
      return String(points) !== row.points || mark !== row.mark;
    });
    expect(wrong.map((row) => ({ ...row, found: settle(row) }))).toEqual([]);
    console.log(`${rows.length} rows of the truth table ran.`);
    expect(rows.length).toBeGreaterThan(0);
  }

  function settle({ match, also, market, pick }: TruthRow) {
    const facts = matches.get(match);
    if (facts === undefined) throw new Error(`there is no match ${match}`);
    if (!isMarket(market) || pickProblem(market, pick) !== null) {
      throw new Error(`${pick} is no pick of ${market}`);
    }
    const { ledger, phase } = playedOut(facts, also);
    return pointsOf(market, pick, marketOutcome(market, ledger, phase), VERSION);
  }

  test("holds for the matches that come with Golazo", () => {
    expectAll(rows.filter((row) => !isReal(row)));
  });

  test.skipIf(!isThere)("holds for real matches", () => {
    expectAll(rows.filter(isReal));
  });

  test("says why and where every rule comes from", () => {
    expect(rows.filter(({ why, source }) => why === "" || source === "")).toEqual([]);
    expect(rows.length).toBeGreaterThan(150);
  });
});
