/**
 * Two kinds of tests. Quick ones stand beside their source and need nothing.
 * Slow ones start real servers, browsers and faults. Those that look at stores
 * and programs run two at once (`stores`); drills and browsers (`faults`) would
 * measure each other, so they run one file after another.
 */
import process from "node:process";
import { defineConfig } from "vitest/config";

const STORES = ["**/*.process.test.ts", "**/*.redis.test.ts", "**/*.mysql.test.ts"];
const FAULTS = ["**/*.browser.test.ts", "**/*.drill.test.ts"];
const SLOW = [...STORES, ...FAULTS];
const NEVER = ["**/node_modules/**", "data/**", "artefacts/**"];
const kind = process.env.GOLAZO_TESTS ?? "quick";
const isSlow = kind !== "quick";
const INCLUDED: Record<string, string[]> = {
  quick: ["**/*.test.ts"],
  stores: STORES,
  faults: FAULTS,
  slow: SLOW,
};

export default defineConfig({
  test: {
    include: INCLUDED[kind],
    exclude: isSlow ? NEVER : [...NEVER, ...SLOW],
    fileParallelism: kind === "quick" || kind === "stores",
    maxWorkers: 2,
    testTimeout: isSlow ? 240_000 : 15_000,
    hookTimeout: isSlow ? 120_000 : 15_000,
  },
});
