/**
 * Programs in C, compiled when a bench needs them: load that is lighter than any
 * runtime's, and the least work that a peer could do.
 *
 * Compiled once for each state of the sources and kept below ./data, under a
 * name that follows from them; so an old program is never taken for a new one.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Failure } from "../runtime/failure.ts";

const COMPILER = "gcc";
const OPTIONS = ["-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE"];
const FOLDER = fileURLToPath(new URL("../data/bench-native/", import.meta.url));

export function hasCompiler(): boolean {
  return spawnSync(COMPILER, ["--version"], { stdio: "ignore" }).status === 0;
}

/**
 * The path of the program that `source`, a C file, becomes.
 * @throws {Failure} `notCompiled`
 */
export function nativeProgram(source: URL): string {
  const name = basename(source.pathname, ".c");
  const program = join(FOLDER, `${name}-${stateOf(new URL(".", source))}`);
  if (existsSync(program)) return program;
  if (!hasCompiler()) {
    const reason = `Cannot compile ${name}.c: needed ${COMPILER}, found none; ` +
      "install it (Debian: apt-get install gcc libc6-dev)";
    throw new Failure("notCompiled", reason);
  }
  mkdirSync(FOLDER, { recursive: true });
  // Another process may compile the same: a program appears whole.
  const draft = `${program}-${process.pid}`;
  const words = [...OPTIONS, "-o", draft, fileURLToPath(source)];
  const { status, stderr } = spawnSync(COMPILER, words, { encoding: "utf8" });
  if (status !== 0) throw new Failure("notCompiled", `Cannot compile ${name}.c: ${stderr}`);
  renameSync(draft, program);
  return program;
}

/** Of every file in the folder, as they include each other. */
function stateOf(folder: URL): string {
  const hash = createHash("sha256").update(OPTIONS.join(" "));
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(new URL(name, folder)));
  return hash.digest("hex").slice(0, 16);
}
