import { describe, expect, test } from "vitest";
import type { Side } from "./match_event.ts";
import {
  countKicks,
  kickedAgainTooEarly,
  kickersPerSide,
  type StandingKick,
} from "./shootout_rules.ts";

function taken(results: string, first: Side = "home"): StandingKick[] {
  const second = first === "home" ? "away" : "home";
  return [...results].map((result, index) => ({
    number: index + 1,
    side: index % 2 === 0 ? first : second,
    player: { name: `${index % 2} ${Math.floor(index / 2)}` },
    scored: result === "+",
  }));
}

describe("countKicks", () => {
  test.each([
    ["in the middle of a pair, once out of reach", "+-+-+-", "home", 6],
    ["in the middle of the fourth pair", "+-+++-+", "home", 7],
    ["after the first kick of the fifth pair", "+-+++--++", "home", 9],
    ["at 3-0 after three", "-+-+-+", "away", 6],
    ["not while the other can still draw level", "+-+++--+", null, 8],
    ["after five each", "+++++++++-", "home", 10],
  ])("decides %s", (_, results, winner, kicks) => {
    const count = countKicks(taken(results), 0);
    expect(count.winner).toBe(winner);
    expect(count.kicks).toHaveLength(kicks);
    expect(count.next).toBe(winner === null ? kicks + 1 : null);
  });

  test("compares sudden death only after both have kicked", () => {
    const level = "++++++++++";
    expect(countKicks(taken(level + "+"), 0).winner).toBeNull();
    expect(countKicks(taken(level + "-"), 0).winner).toBeNull();
    expect(countKicks(taken(level + "+-"), 0).winner).toBe("home");
    expect(countKicks(taken(level + "-+"), 0).winner).toBe("away");
    expect(countKicks(taken(level + "--"), 0).winner).toBeNull();
  });

  test("counts nothing after the decision", () => {
    expect(countKicks(taken("+-+-+-+++"), 0)).toMatchObject({ home: 3, away: 0, waiting: [] });
  });

  test("waits for a missing number until it is released", () => {
    const gap = taken("+++").filter(({ number }) => number !== 2);
    expect(countKicks(gap, 0)).toMatchObject({ home: 1, next: 2, waiting: [3] });
    expect(countKicks(gap, 3)).toMatchObject({ home: 2, next: 4, waiting: [] });
  });

  test("knows who kicks first, even from the second kick alone", () => {
    expect(countKicks(taken("++", "away").slice(1), 2).first).toBe("away");
  });
});

describe("kickers", () => {
  test("are as many as the smaller side has", () => {
    expect(kickersPerSide({ home: 11, away: 9 })).toBe(9);
  });

  test("kick again only when all others have", () => {
    const kicks = countKicks(
      taken("++++++++++").map((kick) =>
        kick.number === 7 ? { ...kick, player: { name: "0 0" } } : kick
      ),
      0,
    ).kicks;
    expect(kickedAgainTooEarly(kicks, 11)).toEqual([7]);
    expect(kickedAgainTooEarly(kicks, 3)).toEqual([]);
  });
});
