/**
 * Two kinds of tests. Quick ones stand beside their source and need nothing.
 * Slow ones start real servers, browsers and faults. Those that look at stores,
 * programs and pages run four at once (`programs`): they wait half of their
 * time, so four keep two cores at work. Drills, and what must be there within a
 * moment (a share card), mostly wait for leases to end: two at once, which leave
 * each other a core.
 *
 * Quick files share their worker: a process of its own costs each 0.2 s of CPU,
 * which was half of all. So a quick file leaves nothing behind, and passes in
 * whatever order it comes.
 */
import process from "node:process";
import { defineConfig } from "vitest/config";
import { LongFirst } from "./ops/slow_tests_order.ts";

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
    fileParallelism: kind !== "slow",
    maxWorkers: kind === "programs" ? 4 : 2,
    sequence: isSlow ? { sequencer: LongFirst } : {},
    globalSetup: isSlow ? ["assets/shared_build_test_kit.ts"] : [],
    isolate: isSlow,
    testTimeout: isSlow ? 240_000 : 15_000,
    hookTimeout: isSlow ? 120_000 : 15_000,
  },
});
