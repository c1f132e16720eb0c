/**
 * `deno task test`: everything that can fail, with what it needs set up.
 *
 * Needs nothing but a fresh clone. What a test needs and the machine lacks is
 * installed by apt-get when that is possible, or named. Says how long each part
 * took, ends with one line `N passed, N failed` and exits non-zero where
 * anything failed.
 *
 *   deno task test          quick tests on Deno and on Node 24, then the slow ones:
 *                           processes, databases, browsers, a few runs of each drill
 *   deno task test quick    the quick ones on this runtime alone
 *   deno task test slow     the slow ones alone
 *   deno task test:long     each drill as often as its text says, or GOLAZO_DRILL_RUNS times
 *
 * REDIS_URL and DATABASE_URL are used where they are set; tests of faults start
 * servers of their own all the same. GOLAZO_TEST_INSTALL=0 forbids installing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { reasonOf } from "../../runtime/failure.ts";
import { programs } from "../debian_program.ts";
import { node24 } from "../node_24.ts";
import { providePrograms } from "../provide_programs.ts";

/** What the drills' texts promise to hold for. */
const DRILL_RUNS = {
  kill_server: 20,
  crash_match: 20,
  kill_owner: 50,
  zombie_owner: 10,
  redis_loss: 10,
  redis_failover: 10,
  mysql_loss: 11,
  bad_network: 3,
  hostile_sockets: 2,
  twins: 6,
  drain: 4,
  ban_delete: 5,
  ban_delete_sqlite: 5,
  room_kill: 10,
};
const DRILL_SEED = 7;

/** Where the tests' own servers and browsers are started from. */
const DEBIAN_FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/lib/python3/dist-packages"];
const SLOWEST_SHOWN = 8;
const FAILURE_LINES_SHOWN = 12;

/** As vitest.config.ts knows them. */
type Kind = "quick" | "programs" | "drills";
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    startTime: number;
    endTime: number;
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[];
  }[];
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const parts: string[] = [];
/** Told again at the end, as the last lines are what a long log is read for. */
const failures: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "golazo-test-"));
const deno = [process.execPath, "run", "-A"];
try {
  run(process.argv[2] ?? "all");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (totals.passed + totals.failed === 0) totals.failed += 1;
for (const line of [...parts, ...failures]) console.log(line);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 ? 1 : 0);

function run(asked: string): void {
  if (asked !== "quick") setUp();
  timed("the page", () => command("build the page", [...deno, "ops/commands/build_web.ts"]));
  switch (asked) {
    case "all":
      test("quick tests on Deno", "quick", [...deno, "npm:vitest"]);
      testOnNode();
      testSlowly();
      return;
    case "quick":
      test("quick tests", "quick", [...deno, "npm:vitest"]);
      return;
    case "slow":
      testSlowly();
      return;
    case "long":
      drill();
      return;
    default:
      fail(`Cannot run ${JSON.stringify(asked)}: needed quick, slow, long or nothing`);
  }
}

function setUp(): void {
  const missing = providePrograms(Object.values(programs), {
    folders: DEBIAN_FOLDERS,
    isRoot: process.getuid?.() === 0,
    mayInstall: process.env.GOLAZO_TEST_INSTALL !== "0",
    say: (line) => console.log(line),
  });
  if (missing !== null) fail(missing);
}

function testSlowly(): void {
  test("stores, programs and browsers", "programs", [...deno, "npm:vitest"]);
  test("drills", "drills", [...deno, "npm:vitest"]);
}

function testOnNode(): void {
  try {
    test("quick tests on Node 24", "quick", [node24(), "node_modules/vitest/vitest.mjs"]);
  } catch (error) {
    fail(reasonOf(error));
  }
}

function test(name: string, kind: Kind, vitest: string[]): void {
  const file = join(folder, `${parts.length}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const status = timed(name, () => call([...vitest, "run", ...reporters], { GOLAZO_TESTS: kind }));
  if (!existsSync(file)) {
    fail(`Cannot count the ${name} as vitest wrote no report: exit code ${status}`);
    return;
  }
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
  totals.skipped += report.numPendingTests + report.numTodoTests;
  // A file that does not load has no tests to fail.
  if (status !== 0 && report.numFailedTests === 0) totals.failed += 1;
  parts.push(...slowestOf(report));
  failures.push(...failuresOf(name, report));
}

function drill(): void {
  for (const [name, runs] of Object.entries(DRILL_RUNS)) {
    const times = process.env.GOLAZO_DRILL_RUNS ?? `${runs}`;
    const words = ["drills/drill.ts", name, "--seed", `${DRILL_SEED}`, "--runs", times];
    const isHeld = timed(
      `${name}, ${times} runs`,
      () => command(`hold ${name}`, [...deno, ...words]),
    );
    if (isHeld) totals.passed += 1;
  }
}

/** True where it ended well. */
function command(what: string, words: string[]): boolean {
  const status = call(words);
  if (status !== 0) fail(`Cannot ${what}: exit code ${status}`);
  return status === 0;
}

function call([program, ...args]: string[], settings: Record<string, string> = {}): number | null {
  const env = { ...process.env, ...settings };
  return spawnSync(program!, args, { stdio: ["ignore", "inherit", "inherit"], env }).status;
}

function timed<T>(name: string, task: () => T): T {
  const since = performance.now();
  const result = task();
  parts.push(`${seconds(performance.now() - since)} ${name}`);
  return result;
}

function slowestOf({ testResults }: Report): string[] {
  return testResults
    .map(({ name, startTime, endTime }) => ({ name: basename(name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST_SHOWN)
    .map(({ name, ms }) => `         ${seconds(ms)} ${name}`);
}

function failuresOf(part: string, { testResults }: Report): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const told = assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages?.join("\n") ?? ""}`);
    // A file that does not load has a message and no test.
    if (told.length === 0 && message) told.push(message);
    return told.map((text) => `FAILED in ${part}: ${basename(name)}: ${shortened(text)}`);
  });
}

function shortened(text: string): string {
  return text.split("\n").slice(0, FAILURE_LINES_SHOWN).join("\n  ");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}

function fail(why: string): void {
  console.error(why);
  failures.push(`FAILED: ${why}`);
  totals.failed += 1;
}
