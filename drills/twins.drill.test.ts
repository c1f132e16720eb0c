import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { TwinsDrill } from "./twins.ts";

describe("twins", () => {
  test("exactly one of two stays, with Redis awake and stalled, and tabs live", async () => {
    const drill = await runDrill(new TwinsDrill(), { seed: 7, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts.twins).toBe(20);
    expect(drill.counts.twins_while_stalled).toBeGreaterThan(10);
  });
});
