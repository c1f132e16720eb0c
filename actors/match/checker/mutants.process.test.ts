/**
 * Every mutant is noticed: the rules are copied, one mistake is made in the
 * copy, and its tests must turn red there. The copy without a mistake is green,
 * or red would prove nothing.
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Mutant, MUTANTS } from "./mutants.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COPIED = ["actors", "runtime", "deno.json", "package.json", "tsconfig.json"];
const TESTS = ["actors/match/checker/rule_examples", "actors/match/checker/match_properties"];
const VITEST = "node_modules/vitest/vitest.mjs";
const UNDER_DENO = "deno" in process.versions;
const RUN = UNDER_DENO ? ["run", "-A", "--node-modules-dir=manual", VITEST] : [VITEST];

interface Report {
  numTotalTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

describe("mutants", () => {
  test("the rules as they are pass", async () => {
    expect(await redTests(null)).toEqual([]);
  });

  test("there are ten, with names of their own", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(10);
  });

  test("are all noticed", async () => {
    const waiting = [...MUTANTS];
    const unnoticed: string[] = [];
    const work = async () => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const red = await redTests(mutant);
        if (red.length === 0) unnoticed.push(mutant.name);
        console.log([`${mutant.name}: ${red.length} red`, ...red].join("\n    "));
      }
    };
    // Two at a time: one a core.
    await Promise.all([work(), work()]);
    expect(unnoticed).toEqual([]);
  });
});

/** Names of the tests that fail in a copy of the rules with `mutant` in it. */
async function redTests(mutant: Mutant | null): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "golazo-mutant-"));
  try {
    for (const name of COPIED) await cp(join(ROOT, name), join(folder, name), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    if (mutant !== null) await mutate(folder, mutant);
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function mutate(folder: string, { name, file, find, replace }: Mutant): Promise<void> {
  const path = join(folder, file);
  const parts = (await readFile(path, "utf8")).split(find);
  if (parts.length !== 2) {
    throw new Error(
      `Cannot make the mutant "${name}" as ${file} must hold this once: ${find}. ` +
        `Found ${parts.length - 1} times.`,
    );
  }
  await writeFile(path, parts.join(replace));
}

async function run(folder: string): Promise<string[]> {
  const output = join(folder, "report.json");
  const args = ["run", ...TESTS, "--maxWorkers=1", "--reporter=json", `--outputFile=${output}`];
  const child = spawn(process.execPath, [...RUN, ...args], {
    cwd: folder,
    // A quick look at many: few matches, the first failure is enough.
    env: { ...process.env, GOLAZO_TESTS: "", GOLAZO_RUNS: "40", GOLAZO_SHRINK: "no" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => errors += chunk);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const report: Report = JSON.parse(
    await readFile(output, "utf8").catch(() => {
      throw new Error(`The tests of a copy did not run (exit ${code}): ${errors}`);
    }),
  );
  if (report.numTotalTests === 0) throw new Error(`No test ran in a copy: ${errors}`);
  return report.testResults.flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
}
