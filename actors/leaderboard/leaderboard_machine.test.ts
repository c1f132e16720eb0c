import { describe, expect, test } from "vitest";
import { initialTransition, type SnapshotFrom, transition } from "xstate";
import { type LeaderboardEvent, leaderboardMachine } from "./leaderboard_machine.ts";

type Snapshot = SnapshotFrom<typeof leaderboardMachine>;

/** States and actions, one line for each event. */
function walk(...events: LeaderboardEvent[]): string[] {
  const line = ([{ value }, actions]: readonly [Snapshot, readonly { type: string }[]]) =>
    [value, ...actions.map(({ type }) => type)].join(" ");
  let [snapshot, actions] = initialTransition(leaderboardMachine);
  const lines = [line([snapshot, actions])];
  for (const event of events) {
    [snapshot, actions] = transition(leaderboardMachine, snapshot, event);
    lines.push(line([snapshot, actions]));
  }
  return lines;
}
const loaded = { type: "store.loaded", isFrozen: false } as const;

describe("leaderboardMachine", () => {
  test("loads, applies and is live again", () => {
    expect(walk(loaded, { type: "board.apply" }, { type: "chunks.applied" })).toEqual([
      "loading load",
      "live announce",
      "applying apply",
      "live announce",
    ]);
  });

  test("loads again after an outcome that nobody knows", () => {
    expect(walk(loaded, { type: "board.apply" }, { type: "outcome.lost" }, loaded).slice(2))
      .toEqual(["applying apply", "loading load", "live announce"]);
    expect(walk(loaded, { type: "board.freeze" }, { type: "outcome.lost" }).at(-1))
      .toBe("loading load");
  });

  test("refuses chunks and commands while it is rebuilt, and loads after it", () => {
    expect(
      walk(
        loaded,
        { type: "board.rebuild" },
        { type: "board.apply" },
        { type: "board.freeze" },
        { type: "board.rebuild" },
        { type: "rebuild.failed" },
      ).slice(2),
    ).toEqual([
      "rebuilding rebuild",
      "rebuilding refuse",
      "rebuilding refuse",
      "rebuilding refuse",
      "loading load",
    ]);
  });

  test("frozen it takes a rebuild but no chunk, and stays so when it is loaded", () => {
    expect(
      walk(
        { type: "store.loaded", isFrozen: true },
        { type: "board.apply" },
        { type: "board.rebuild" },
        { type: "rebuild.finished" },
        { type: "store.loaded", isFrozen: true },
        { type: "board.unfreeze" },
        { type: "board.freeze" },
      ).slice(1),
    ).toEqual([
      "frozen announce",
      "frozen refuse",
      "rebuilding rebuild",
      "loading load",
      "frozen announce",
      "live recordFreeze",
      "frozen recordFreeze",
    ]);
  });
});
