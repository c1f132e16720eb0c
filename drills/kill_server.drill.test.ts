import { describe, expect, test } from "vitest";
import { killServer } from "./kill_server.ts";
import { runDrill } from "./drill_run.ts";

describe("kill_server", () => {
  test("loses nothing that it answered, killed four times and cut twice", async () => {
    const drill = await runDrill(killServer, { seed: 7, runs: 2 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts).toMatchObject({ kills: 4, cuts: 2 });
    expect(drill.counts.kills_at_goal).toBeGreaterThan(0);
    expect(drill.counts.accepted).toBeGreaterThan(0);
  });
});
