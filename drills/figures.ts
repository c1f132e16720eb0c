/**
 * What drills have measured, kept for the documents: the last record of each.
 *
 * Only runs that held are kept, with what it takes to repeat them: seed, number
 * of runs, and the commit, with a "+" where files were changed since.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DrillOutcome } from "./drill_run.ts";

export interface Figures {
  drill: string;
  runs: number;
  seed: number;
  /** Day of the runs, `2026-11-22`. */
  date: string;
  commit: string;
  /** Milliseconds over all runs, by name. */
  times: Record<string, { median: number; max: number }>;
  /** Sums over all runs, by name. */
  counts: Record<string, number>;
}

const PATH = fileURLToPath(new URL("./figures.json", import.meta.url));

export function readFigures(path = PATH): Figures[] {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
}

/** Puts a record in the place of the drill's last one. */
export function keepFigures(figures: Figures, path = PATH): void {
  const others = readFigures(path).filter(({ drill }) => drill !== figures.drill);
  const all = [...others, figures].toSorted((a, b) => a.drill < b.drill ? -1 : 1);
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
}

export function figuresOf(
  drill: string,
  { seed, runs }: { seed: number; runs: number },
  { times, counts }: DrillOutcome,
): Figures {
  return {
    ...{ drill, runs, seed },
    date: new Date().toISOString().slice(0, 10),
    commit: commitOfToday(),
    times: Object.fromEntries(
      Object.entries(times).map(([name, { p50, max }]) => [name, { median: p50, max }]),
    ),
    counts,
  };
}

function commitOfToday(): string {
  const git = (...words: string[]) => spawnSync("git", words, { encoding: "utf8" }).stdout ?? "";
  const commit = git("rev-parse", "--short", "HEAD").trim();
  return git("--no-optional-locks", "status", "--porcelain", "--untracked-files=no") === ""
    ? commit
    : `${commit}+`;
}
