import { expect, test } from "vitest";
import { pictureFromJson } from "./match_json.ts";
import type { MatchJson } from "./match_json.ts";

const json: MatchJson = {
  id: "arg-fra",
  competition: "World Cup",
  stage: "Final",
  home: { id: "arg", name: "Argentina", code: "ARG" },
  away: { id: "fra", name: "France" },
  kickoffAt: "2022-12-18T15:00:00.000Z",
  clockRate: 1,
  phase: "scheduled",
  phaseStartedAt: null,
  running: false,
  stoppageAnnounced: 0,
  review: null,
  score: { home: 0, away: 0 },
  shootout: null,
  winner: null,
  feedSilentSince: null,
};

test("pictureFromJson says absence as the protocol does", () => {
  const { state, away, venue } = pictureFromJson(json);
  expect(away.code).toBe("");
  expect(venue).toBe("");
  expect(state).toMatchObject({
    phaseStartedAt: 0,
    feedSilentSince: 0,
    winner: "undecided",
    kickoffAt: 1_671_375_600_000,
    stale: false,
  });
  expect(state.review).toBeUndefined();
  expect(state.shootout).toBeUndefined();
});

test("pictureFromJson keeps who won and the kicks", () => {
  const kicks = [{ number: 1, side: "away" as const, scored: true }];
  const { state } = pictureFromJson({
    ...json,
    winner: "away",
    shootout: { home: 0, away: 1, kicks },
  });
  expect(state.winner).toBe("awayWins");
  expect(state.shootout).toMatchObject({ home: 0, away: 1, first: "away", kicks });
});
