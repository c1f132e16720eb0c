import { describe, expect, test } from "vitest";
import { DrainDrill } from "./drain.ts";
import { runDrill } from "./drill_run.ts";

describe("drain", () => {
  test("a gateway says goodbye in slices and nobody misses a goal", async () => {
    const drill = await runDrill(new DrainDrill(), { seed: 7, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts.farewells).toBeGreaterThanOrEqual(200);
    expect(drill.counts.slices).toBeGreaterThanOrEqual(5);
  });
});
