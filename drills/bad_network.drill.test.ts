import { describe, expect, test } from "vitest";
import { BadNetwork } from "./bad_network.ts";
import { runDrill } from "./drill_run.ts";

describe("bad_network", () => {
  test("loses nothing that was answered, whichever way was bad", async () => {
    const drill = new BadNetwork([
      { fault: "reset", way: "gatewayRedis" },
      { fault: "halfOpen", way: "ownerRedis" },
      { fault: "stall", way: "ownerSql" },
    ]);
    const { violations, ok, counts } = await runDrill(drill, { seed: 7, runs: 1 }, console.log);
    expect(violations).toEqual([]);
    expect(ok).toBe(true);
    expect(counts.accepted).toBeGreaterThan(0);
  });
});
