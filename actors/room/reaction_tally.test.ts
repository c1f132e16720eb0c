/** What is told of a second's reactions. */
import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { ReactionTally } from "./reaction_tally.ts";

describe("the tally", () => {
  test("tells the most given, of equals in one order everywhere, and begins anew", () => {
    const tally = new ReactionTally();
    for (const reaction of ["clap", "goal", "f", "e", "d", "c", "goal"]) tally.add(reaction);
    tally.add("clap", 5);
    expect(tally.take()).toEqual([
      { reaction: "clap", count: 6 },
      { reaction: "goal", count: 2 },
      { reaction: "c", count: 1 },
      { reaction: "d", count: 1 },
      { reaction: "e", count: 1 },
    ]);
    expect(tally.take()).toEqual([]);
  });

  test("is bounded whatever is sent, and goes on counting what it knows", () => {
    const tally = new ReactionTally();
    for (let at = 0; at < 2 * limits.roomReactionKindsMax; at++) tally.add(`r${at}`);
    tally.add("r0", 2);
    tally.add("late", 99);
    expect(tally.take()[0]).toEqual({ reaction: "r0", count: 3 });
  });
});
