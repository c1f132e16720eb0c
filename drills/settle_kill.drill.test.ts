import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { SettleKill } from "./settle_kill.ts";

// Each has stores of its own and waits most of the time, for leases to run out.
describe.concurrent("settle_kill", () => {
  test("workers and MariaDB killed on the way: points and ranks are the runs' own", async () => {
    const short = new SettleKill({ form: "cluster", fans: 16_000, heldKills: 1, drawnKills: 1 });
    const drill = await runDrill(short, { seed: 5, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.counts).toMatchObject({ held_kills: 2, drawn_kills: 1, sql_kills: 1 });
    expect(drill.counts.looks).toBeGreaterThan(20);
  }, 120_000);

  test("on SQLite the one process is killed, and goes on where the file is", async () => {
    const short = new SettleKill({ form: "embedded", fans: 2_000, heldKills: 1, drawnKills: 1 });
    const drill = await runDrill(short, { seed: 6, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.counts).toMatchObject({ held_kills: 2, drawn_kills: 1 });
  }, 120_000);
});
