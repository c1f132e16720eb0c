import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { HostileSockets } from "./hostile_sockets.ts";

describe("hostile_sockets", () => {
  test("every attack has its one outcome, in time, counted, and costs little", async () => {
    const drill = await runDrill(new HostileSockets(), { seed: 7, runs: 1 }, console.log);
    expect(drill.violations).toEqual([]);
    expect(drill.ok).toBe(true);
    expect(drill.counts.attacks).toBeGreaterThan(50);
  });
});
