import { expect, test } from "vitest";
import type { Kick } from "../../protocol/golazo_codec.ts";
import { roundsInSight } from "./shootout_view.ts";

/** `+` scored, `-` missed, home first. */
function shootoutOf(results: string) {
  const score = { home: 0, away: 0 };
  const kicks = [...results].map((result, index): Kick => {
    const side = index % 2 === 0 ? "home" : "away";
    const scored = result === "+";
    if (scored) score[side]++;
    return { number: index + 1, side, scored, ...score, player: "" };
  });
  return { kicks, ...score, first: "home" as const };
}

test.each([
  ["", 5],
  ["+-+-", 5],
  ["+++++++++", 5],
  ["++++++++++", 6],
  ["+++++++++++", 6],
  ["++++++++++--", 7],
])("roundsInSight of %j is %i", (results, rounds) => {
  expect(roundsInSight(shootoutOf(results))).toBe(rounds);
});
