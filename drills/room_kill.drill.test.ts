import { describe, expect, test } from "vitest";
import { runDrill } from "./drill_run.ts";
import { RoomKill } from "./room_kill.ts";

describe("room_kill", () => {
  test(
    "its owner dies in a burst: what was acknowledged is once, and the same for all",
    async () => {
      const drill = await runDrill(new RoomKill(), { seed: 7, runs: 1 }, console.log);
      expect(drill.violations).toEqual([]);
      expect(drill.ok).toBe(true);
      expect(drill.counts.kills).toBe(1);
      expect(drill.counts.acknowledged).toBeGreaterThan(400);
    },
    120_000,
  );
});
