/**
 * Two kinds of tests. Quick ones stand beside their source and need nothing.
 * Slow ones start real servers, browsers and faults; two at once would measure
 * each other, so they run one file after another.
 */
import process from "node:process";
import { defineConfig } from "vitest/config";

const SLOW = [
  "**/*.process.test.ts",
  "**/*.redis.test.ts",
  "**/*.mysql.test.ts",
  "**/*.browser.test.ts",
  "**/*.drill.test.ts",
];
const NEVER = ["**/node_modules/**", "data/**", "artefacts/**"];
const isSlow = process.env.GOLAZO_TESTS === "slow";

export default defineConfig({
  test: {
    include: isSlow ? SLOW : ["**/*.test.ts"],
    exclude: isSlow ? NEVER : [...NEVER, ...SLOW],
    fileParallelism: !isSlow,
    maxWorkers: 2,
    testTimeout: isSlow ? 240_000 : 15_000,
    hookTimeout: isSlow ? 120_000 : 15_000,
  },
});
