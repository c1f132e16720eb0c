import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { LockRace } from "./lock_race.ts";

describe("lock_race", () => {
  test("who was told ok has a row, nobody is in after the lock, and an earlier whistle moves it", async () => {
    const drill = await runDrill(new LockRace(), { seed: 5, runs: 3 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts.taken).toBeGreaterThan(0);
    expect(drill.counts.locked).toBeGreaterThan(0);
    expect(drill.counts.late).toBeGreaterThan(0);
  });
});
