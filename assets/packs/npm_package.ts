/**
 * Images of an installed npm package, by its name and not by where it lies.
 */
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import type { SourceImage } from "../pack.ts";

const require = createRequire(import.meta.url);
const VERSIONS = require("../../package.json").dependencies as Record<string, string>;

/** As a credit names it: `flag-icons 7.5.0`. */
export function packageSource(name: string): string {
  return `npm ${name} ${VERSIONS[name]}`;
}

/** Names of the files of a package's folder, in one order everywhere. */
export async function packageFiles(name: string, folder: string): Promise<string[]> {
  return (await readdir(join(packageFolder(name), folder))).sort();
}

/** @throws {Failure} `badInput` */
export async function packageImage(name: string, path: string, id: string): Promise<SourceImage> {
  const shown = `${name}/${path}`;
  try {
    const bytes = await readFile(join(packageFolder(name), path));
    return { id, name: shown, format: "svg", bytes };
  } catch (cause) {
    const reason = `Cannot read ${shown}: ${reasonOf(cause)}; install the dependencies again: ` +
      "deno install";
    throw new Failure("badInput", reason, { cause });
  }
}

/** A package of nothing but images names no entry and may not export its package.json. */
function packageFolder(name: string): string {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch (cause) {
    const reason = `Cannot find the package ${name}: install the dependencies: deno install`;
    throw new Failure("badInput", reason, { cause });
  }
}
