import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { RedisLoss } from "./redis_loss.ts";

describe("redis_loss", () => {
  test("fans start anew, nothing that was answered is lost", async () => {
    const drill = await runDrill(new RedisLoss(), { seed: 7, runs: 2 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts).toMatchObject({ flushes: 1, deaths: 1 });
    expect(drill.counts.accepted).toBeGreaterThan(0);
  });
});
