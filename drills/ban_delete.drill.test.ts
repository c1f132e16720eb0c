import { describe, expect, test } from "vitest";
import { BanDelete } from "./ban_delete.ts";
import { runDrill } from "./drill_run.ts";

// Each has stores of its own and waits most of the time, for windows to end.
describe.concurrent("ban_delete", () => {
  test.each(["cluster", "embedded"] as const)(
    "%s: who is banned is not heard, who is purged is nowhere",
    async (form) => {
      const drill = await runDrill(new BanDelete(form), { seed: 7, runs: 1 }, console.log);
      expect(drill.violations).toEqual([]);
      expect(drill.ok).toBe(true);
      expect(drill.counts.banned).toBeGreaterThan(0);
      expect(drill.counts.slow_held).toBeGreaterThan(0);
    },
    120_000,
  );
});
