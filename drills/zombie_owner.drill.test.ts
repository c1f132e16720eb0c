import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { ZombieOwner } from "./zombie_owner.ts";

describe("zombie_owner", () => {
  test("is refused by every store, with Redis as it was and emptied", async () => {
    const drill = await runDrill(new ZombieOwner(), { seed: 7, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts).toMatchObject({ frozen: 2, emptied: 1 });
    expect(drill.counts.accepted).toBeGreaterThan(0);
  });
});
