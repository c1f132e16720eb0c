/**
 * What a drill does last, whatever ends it: its last line, a throw, a signal.
 *
 * Synchronous, as a process that is leaving waits for nothing.
 */
import { constants } from "node:os";
import process from "node:process";

const acts = new Set<() => void>();
let isWatching = false;

/** Calls `act` when this process ends; calling the answer calls that off. */
export function atEnd(act: () => void): () => void {
  watch();
  acts.add(act);
  return () => void acts.delete(act);
}

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  process.on("exit", endAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      endAll();
      process.exit(128 + constants.signals[signal]);
    });
  }
}

function endAll(): void {
  for (const act of [...acts]) act();
}
