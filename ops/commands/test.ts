/**
 * `deno task test`: everything that can fail, with what it needs set up.
 *
 * Needs nothing but a fresh clone. What a test needs and the machine lacks is
 * installed by apt-get when that is possible, or named. Ends with one line
 * `N passed, N failed` and exits non-zero where anything failed.
 *
 *   deno task test          quick tests, then processes, browsers and drills
 *   deno task test quick    the quick ones alone
 *   deno task test slow     the others alone
 *
 * GOLAZO_TEST_INSTALL=0 forbids installing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const folder = mkdtempSync(join(tmpdir(), "golazo-test-"));
const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
const asked = process.argv[2];
try {
  if (asked !== "quick") {
    needs("chromium", ["/usr/bin/chromium", "/usr/bin/chromium-browser"], "the page's tests");
  }
  step("build the page", ["ops/commands/build_web.ts"]);
  for (const kind of asked === undefined ? ["quick", "slow"] : [asked]) run(kind);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (totals.passed + totals.failed === 0) totals.failed += 1;
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 ? 1 : 0);

/** Installs Debian's package where none of the paths is there. */
function needs(debianPackage: string, paths: string[], why: string): void {
  if (paths.some(existsSync)) return;
  const isAllowed = process.env.GOLAZO_TEST_INSTALL !== "0";
  const isPossible = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!isAllowed || !isPossible) {
    const remedy = isAllowed
      ? "run as root on Debian"
      : "unset GOLAZO_TEST_INSTALL to let this install it";
    console.error(
      `Cannot run ${why} as ${paths[0]} is missing: apt-get install ${debianPackage}, or ${remedy}`,
    );
    totals.failed += 1;
    return;
  }
  console.log(`installing Debian's ${debianPackage} for ${why}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", debianPackage];
  for (const args of [["update", "-qq"], install]) {
    spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env });
  }
}

function step(name: string, args: string[]): void {
  const { status } = spawnSync(process.execPath, ["run", "-A", ...args], { stdio: "inherit" });
  if (status === 0) return;
  console.error(`Cannot ${name}: exit code ${status}`);
  totals.failed += 1;
}

function run(kind: string): void {
  const report = join(folder, `${kind}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      "run",
      "-A",
      "npm:vitest",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, GOLAZO_TESTS: kind } },
  );
  if (!existsSync(report)) {
    console.error(`Cannot count the ${kind} tests as vitest wrote no report: exit code ${status}`);
    totals.failed += 1;
    return;
  }
  const counts = JSON.parse(readFileSync(report, "utf8"));
  totals.passed += counts.numPassedTests;
  totals.failed += counts.numFailedTests;
  totals.skipped += counts.numPendingTests + counts.numTodoTests;
  // A file that does not load has no tests to fail.
  if (status !== 0 && counts.numFailedTests === 0) totals.failed += 1;
}
