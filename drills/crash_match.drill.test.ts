import { describe, expect, test } from "vitest";
import { crashMatch } from "./crash_match.ts";
import { runDrill } from "./drill_run.ts";

describe("crash_match", () => {
  test("parks a match that crashes six times, unnoticed by its neighbours", async () => {
    const drill = await runDrill(crashMatch, { seed: 7, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts).toMatchObject({ restarts: 5, parked: 1, dead_letters: 5, replayed: 5 });
    expect(drill.counts.injected).toBeGreaterThan(5);
  });
});
