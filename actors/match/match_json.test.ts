import { describe, expect, test } from "vitest";
import {
  applyAll,
  correction,
  goal,
  kicks,
  MATCH_ID,
  scheduled,
  started,
} from "./match.testing.ts";
import { initialView } from "./match_actor.ts";
import { matchJson } from "./match_json.ts";

describe("matchJson", () => {
  test("writes the match as JSON can hold it", () => {
    const added = goal("home", 45, { stoppage: 2, player: { name: "Messi" } });
    const twice = goal("home", 45, { id: "twice" });
    const { view } = applyAll([
      scheduled(),
      started("firstHalf"),
      added,
      twice,
      correction("event.voided", twice),
    ]);
    const json = matchJson(view);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).toMatchObject({
      id: MATCH_ID,
      seq: view.seq,
      phase: "firstHalf",
      kickoffAt: "2022-12-18T15:00:00.000Z",
      score: { home: 1, away: 0 },
      shootout: null,
      winner: null,
    });
    const goals = json.timeline.filter(({ kind }) => kind === "goal");
    expect(goals.map(({ label }) => label)).toEqual(["45+2"]);
  });

  test("tells who is left to kick when sides are not equal", () => {
    const view = applyAll([scheduled(), started("shootout"), ...kicks("home", "+-")]).view;
    expect(matchJson(view).shootout).toMatchObject({ kickersPerSide: 11, kickedTooEarly: [] });
  });

  test("writes a match of which nothing is known", () => {
    expect(matchJson(initialView("a-b"))).toMatchObject({ id: "a-b", phase: "scheduled", seq: 0 });
  });
});
