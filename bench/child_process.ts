/**
 * Processes that a bench starts and that never outlive it.
 *
 * Whatever ends the bench, a throw, a signal or its last line, ends them by
 * their ids. One that is compared with another is given the same one core.
 */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import process from "node:process";
import { systemClock } from "../runtime/clock.ts";

/** A child that has not ended by itself is killed after this. */
const END_MS_MAX = 10_000;

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A program and its words. */
export type Command = readonly [program: string, ...words: string[]];

/** This runtime with `words`. */
export function runtimeCommand(...words: string[]): Command {
  return [process.execPath, ...words];
}

/** @param core the only one that it may use; absent: any */
export function startProcess(command: Command, options: SpawnOptions, core?: number): ChildProcess {
  const [program, ...words] = core === undefined
    ? command
    : ["taskset", "-c", `${core}`, ...command];
  const child = spawn(program!, words, options);
  running.add(child);
  child.once("exit", () => void running.delete(child));
  return child;
}

/** Asks it to end and resolves when it has. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const kill = systemClock.after(END_MS_MAX, () => child.kill("SIGKILL"));
  child.kill("SIGTERM");
  await ended;
  kill.cancel();
}
