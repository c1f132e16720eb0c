/**
 * The process we run in, by the few calls that both Deno and Node answer.
 *
 * The only file that asks the runtime about itself; everything else is told.
 */
import process from "node:process";

/** "deno 2.9.6" or "node 24.1.0". */
export function runtimeName(): string {
  const deno = (globalThis as { Deno?: { version: { deno: string } } }).Deno;
  return deno ? `deno ${deno.version.deno}` : `node ${process.versions.node}`;
}

export function environment(): Record<string, string | undefined> {
  return { ...process.env };
}

export function commandLine(): string[] {
  return process.argv.slice(2);
}

export function processId(): number {
  return process.pid;
}

/** Bytes of memory that the kernel counts as ours. */
export function residentBytes(): number {
  return process.memoryUsage().rss;
}

/** A Ctrl-C comes twice, from the terminal and from `deno task`, which passes it on. */
const SAME_SIGNAL_MS = 500;

/** Runs `task` on the first SIGTERM or SIGINT; a second one, meant as such, ends the process at once. */
export function onShutdownSignal(task: (signal: string) => void): void {
  let seenAt: number | null = null;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (seenAt !== null) {
        if (performance.now() - seenAt >= SAME_SIGNAL_MS) process.exit(130);
        return;
      }
      seenAt = performance.now();
      task(signal);
    });
  }
}

/** Hands over what nobody caught, instead of dying without a word. */
export function onUncaught(task: (error: unknown) => void): void {
  process.on("uncaughtException", task);
  process.on("unhandledRejection", task);
}

/** Keeps the process alive until it exits; our timers alone do not. */
export function holdOpen(): void {
  setInterval(() => {}, 60_000);
}

export function exitProcess(code: number): never {
  process.exit(code);
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}
