import { describe, expect, test } from "vitest";
import { projectedBoard, projectedStanding } from "./projected_rank.ts";

interface Pick {
  home: number;
  away: number;
}
/** Three for the score, one for the winner. */
const ifItEnded = (home: number, away: number) => (pick: Pick) =>
  pick.home === home && pick.away === away
    ? 3
    : Number(Math.sign(pick.home - pick.away) === Math.sign(home - away));

const cells = [
  { picks: { home: 1, away: 0 }, members: 40 },
  { picks: { home: 2, away: 0 }, members: 10 },
  { picks: { home: 0, away: 0 }, members: 25 },
];

describe("projected rank", () => {
  test("follows the score from the same cells", () => {
    const pick = { home: 2, away: 0 };
    const at = (home: number, away: number) => {
      const points = ifItEnded(home, away);
      return projectedStanding(pick, points, projectedBoard(cells, points));
    };
    expect(at(0, 0)).toEqual({ points: 0, rank: null });
    expect(at(1, 0)).toEqual({ points: 1, rank: 41 });
    expect(at(2, 0)).toEqual({ points: 3, rank: 1 });
  });

  test("the board has everyone who would have points", () => {
    expect(projectedBoard(cells, ifItEnded(2, 0)).page()).toEqual([
      { score: 3, members: 10, rank: 1 },
      { score: 1, members: 40, rank: 11 },
    ]);
    expect(projectedBoard([], ifItEnded(2, 0)).members).toBe(0);
  });
});
