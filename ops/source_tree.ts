/**
 * The project's source files and their imports, for the tests that hold the
 * house together.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface SourceFile {
  /** From the project's root: `actors/fold.ts`. */
  path: string;
  text: string;
  /** Files of ours, from the root. */
  imports: string[];
  /** Packages and built-ins. */
  packages: string[];
  isTest: boolean;
}

const SKIPPED = new Set(["node_modules", ".git", "data", "artefacts", "dist"]);
const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|import\("([^"]+)"\)/g;

export function sourceFiles(): SourceFile[] {
  return walk(ROOT).map((file) => {
    const path = relative(ROOT, file);
    const text = readFileSync(file, "utf8");
    const named = [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!);
    const ours = named.filter((name) => name.startsWith("."));
    return {
      path,
      text,
      imports: ours.map((name) => relative(ROOT, join(dirname(file), name))),
      packages: named.filter((name) => !name.startsWith(".")),
      isTest:
        /\.test\.ts$|\.contract\.ts$|_test_kit|_child\.ts$|scripted_|checker\/|\.testing\.ts$|\/testing\//
          .test(path),
    };
  });
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}
