import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { MysqlLoss } from "./mysql_loss.ts";

describe("mysql_loss", () => {
  test("scores go on without SQL, which has everything afterwards", async () => {
    const losses = new MysqlLoss({ stopMs: 15_000 });
    const drill = await runDrill(losses, { seed: 7, runs: 2 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts).toMatchObject({ kills: 1, stops: 1, takeovers: 1 });
    expect(drill.counts.pending).toBeGreaterThanOrEqual(200);
  });
});
