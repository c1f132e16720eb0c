import { describe, expect, test } from "vitest";
import {
  applyAll,
  card,
  correction,
  goal,
  missed,
  scheduled,
  started,
} from "../match/match.testing.ts";
import type { ProviderFact } from "../match/match_event.ts";
import { suspendedBy } from "./suspension.ts";

const before = [scheduled(), started("firstHalf"), goal("home", 3)];
const viewAfter = (...facts: ProviderFact[]) => applyAll([...before, ...facts]).view;

describe("suspendedBy", () => {
  test.each<[string, ProviderFact, string | null]>([
    ["a goal", goal("away", 12), "goal"],
    ["a penalty", goal("home", 12, { method: "penalty" }), "penalty"],
    ["a penalty that was missed", missed("home", 12), "penalty"],
    ["a red card", card("home", 12, "red"), "redCard"],
    ["a second yellow card", card("home", 12, "secondYellow"), "redCard"],
    ["a yellow card", card("home", 12), null],
    ["a goal that is taken back", correction("goal.annulled", before[2]!), "goal"],
  ])("%s", (_, fact, expected) => {
    expect(suspendedBy(viewAfter(), viewAfter(fact))).toBe(expected);
  });

  test("nothing new suspends nothing", () => {
    expect(suspendedBy(viewAfter(), viewAfter())).toBeNull();
  });
});
