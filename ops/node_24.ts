/**
 * The other runtime that everything must run on, by npx where this is not it.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";

const ASK = ["-y", "-p", "node@24", "node", "-p", "process.execPath"];

/** The path of a Node 24. @throws {Error} where npx brings none. */
export function node24(): string {
  const isThis = process.versions.deno === undefined && process.version.startsWith("v24.");
  if (isThis) return process.execPath;
  const { status, stdout, stderr, error } = spawnSync("npx", ASK, { encoding: "utf8" });
  if (status === 0) return stdout.trim();
  throw new Error(
    `Cannot run Node 24 as npx must bring it: npx ${ASK.join(" ")} ended with ${status}: ` +
      (error?.message ?? stderr),
  );
}
