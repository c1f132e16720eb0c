/**
 * Two kinds of tests. Quick ones stand beside their source and need nothing.
 * Slow ones start real servers, browsers and faults. Those that look at stores,
 * programs and pages run two at once (`programs`); drills would measure each
 * other, so they run one file after another.
 */
import process from "node:process";
import { defineConfig } from "vitest/config";

const PROGRAMS = ["process", "redis", "mysql", "browser"].map((kind) => `**/*.${kind}.test.ts`);
const DRILLS = ["**/*.drill.test.ts"];
const SLOW = [...PROGRAMS, ...DRILLS];
const NEVER = ["**/node_modules/**", "data/**", "artefacts/**"];
const kind = process.env.GOLAZO_TESTS ?? "quick";
const isSlow = kind !== "quick";
const INCLUDED: Record<string, string[]> = {
  quick: ["**/*.test.ts"],
  programs: PROGRAMS,
  drills: DRILLS,
  slow: SLOW,
};

export default defineConfig({
  test: {
    include: INCLUDED[kind],
    exclude: isSlow ? NEVER : [...NEVER, ...SLOW],
    fileParallelism: kind === "quick" || kind === "programs",
    maxWorkers: 2,
    testTimeout: isSlow ? 240_000 : 15_000,
    hookTimeout: isSlow ? 120_000 : 15_000,
  },
});
