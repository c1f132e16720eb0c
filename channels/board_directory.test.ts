import { expect, test } from "vitest";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { limits } from "../runtime/limits.ts";
import { BoardDirectory } from "./board_directory.ts";
import type { MatchReading } from "./match_reader.ts";

function open(competitions: Record<string, string>) {
  const clock = new SimulatedClock();
  let looks = 0;
  const directory = new BoardDirectory(
    {
      read: (id) =>
        Promise.resolve(
          id in competitions
            ? { view: { competition: competitions[id] } } as unknown as MatchReading
            : null,
        ),
    },
    {
      ids() {
        looks += 1;
        return Promise.resolve(Object.keys(competitions));
      },
    },
    clock,
  );
  return { clock, directory, looks: () => looks };
}

test("has the global board, those of known matches and of their competitions, and no others", async () => {
  const { directory } = open({ one: "liga", two: "cup" });
  const asked = ["global", "one", "three", "competition_liga", "competition_other", "No board", ""];
  const found = await Promise.all(asked.map((board) => directory.has(board)));
  expect(found).toEqual([true, true, false, true, false, false, false]);
});

test("looks for guessed competitions once in a while, and finds new ones then", async () => {
  const competitions: Record<string, string> = { one: "liga" };
  const { clock, directory, looks } = open(competitions);
  for (let guess = 0; guess < 20; guess++) await directory.has(`competition_guess${guess}`);
  expect(looks()).toBe(1);
  competitions.two = "cup";
  expect(await directory.has("competition_cup")).toBe(false);
  await clock.advance(limits.boardDirectoryMs);
  expect(await directory.has("competition_cup")).toBe(true);
});
