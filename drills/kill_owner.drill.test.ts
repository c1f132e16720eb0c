import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { KillOwner } from "./kill_owner.ts";

describe("kill_owner", () => {
  test("its matches publish again within 5 s, and nothing that was told is lost", async () => {
    const drill = await runDrill(new KillOwner(), { seed: 7, runs: 3 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts.kills).toBe(3);
    expect(drill.counts.accepted).toBeGreaterThan(0);
    expect(drill.times.silence_all_ms!.max).toBeLessThanOrEqual(5_000);
  });
});
