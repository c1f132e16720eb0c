import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { RedisFailover } from "./redis_failover.ts";

describe("redis_failover", () => {
  test("a lost master takes nothing with it that was answered", async () => {
    const drill = await runDrill(new RedisFailover(), { seed: 7, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts).toMatchObject({ failovers: 1 });
    expect(drill.counts.accepted).toBeGreaterThan(0);
  });
});
