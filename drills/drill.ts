/**
 * `deno task drill NAME --seed S --runs N [--embedded]`: injects faults into
 * real servers and holds what they promise.
 *
 * Prints one JSON line a run and a last one for all; exit code 0 only where
 * everything held. Drills run on the embedded stores, which is what `--embedded`
 * says.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { drills, runDrill } from "./drill_run.ts";

const EXIT_USAGE = 64;

const { values, positionals: [name] } = readArguments();
const drill = drills.find((one) => one.name === name);
const [seed, runs] = [Number(values.seed), Number(values.runs)];
if (drill === undefined) {
  const names = drills.map((one) => one.name).join(", ");
  refuse(`Cannot run the drill ${JSON.stringify(name ?? "")}: needed one of ${names}`);
}
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(runs) || runs < 1) {
  refuse(`Cannot run ${drill.name}: needed whole --seed and --runs, found ${seed} and ${runs}`);
}
const { ok } = await runDrill(drill, { seed, runs }, (line) => console.log(line));
process.exit(ok ? 0 : 1);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: "string", default: "1" },
        runs: { type: "string", default: "3" },
        embedded: { type: "boolean", default: true },
      },
    });
  } catch (error) {
    refuse(`Cannot run a drill: ${error instanceof Error ? error.message : error}`);
  }
}

function refuse(why: string): never {
  console.error(why);
  process.exit(EXIT_USAGE);
}
