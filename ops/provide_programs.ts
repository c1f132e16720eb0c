/**
 * Brings the programs that tests need and the machine lacks, or says exactly
 * which, and what to do about it.
 *
 * They are installed by apt-get where we are root on Debian and nobody forbade
 * it; what is there already is left as it is.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { type DebianProgram, findProgram, packagesOf } from "./debian_program.ts";

export interface Machine {
  /** Where programs are looked for, apt-get too. */
  folders: string[];
  isRoot: boolean;
  mayInstall: boolean;
  say(line: string): void;
}

/** What is missing in the end, as a sentence with the way out; null where nothing is. */
export function providePrograms(needed: readonly DebianProgram[], machine: Machine): string | null {
  const missing = () => needed.filter((program) => findProgram(program, machine.folders) === null);
  const before = missing();
  if (before.length === 0) return null;
  const aptGet = findProgram({ name: "apt-get" }, machine.folders);
  if (machine.mayInstall && machine.isRoot && aptGet !== null) {
    machine.say(`installing ${packagesOf(before)} by apt-get, as tests need what is missing here`);
    install(aptGet, before);
  }
  const after = missing();
  if (after.length === 0) return null;
  const names = after.map(({ name }) => name).join(", ");
  return `Cannot run every test as ${names} must be installed: apt-get install ` +
    `${packagesOf(after)}; ${wayOut(machine, aptGet !== null)}`;
}

function wayOut({ mayInstall, isRoot }: Machine, hasAptGet: boolean): string {
  if (!hasAptGet) return "this is no Debian, so find them by your own system's way";
  if (!mayInstall) return "or unset GOLAZO_TEST_INSTALL, which forbids that this does it";
  if (!isRoot) return "this does it by itself as root";
  return "apt-get was tried and did not bring them";
}

function install(aptGet: string, missing: readonly DebianProgram[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const names = packagesOf(missing).split(" ");
  for (
    const words of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", ...names],
    ]
  ) {
    spawnSync(aptGet, words, { stdio: ["ignore", "ignore", "inherit"], env });
  }
}
