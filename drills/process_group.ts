/**
 * The servers of one drill: real processes on a data folder of their own.
 *
 * Started by the command that people use, waited for until they listen, killed
 * with real signals by their own pid. Whatever ends the drill (its last line, a
 * throw, a signal) also ends them and removes the folder; no setting of the
 * surroundings gets in.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;
const SETTING = /^(GOLAZO_|OTEL_|REDIS_URL$|DATABASE_URL$|PORT$|ADMIN_LISTEN$)/;

export interface ServerExit {
  code: number | null;
  signal: string | null;
}

export interface ServerProcess {
  readonly pid: number;
  /** `http://127.0.0.1:<port>` of the public listener. */
  readonly address: string;
  readonly adminAddress: string;
  readonly exited: Promise<ServerExit>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
  /** What it said on stderr so far. */
  log(): string;
}

const groups = new Set<ProcessGroup>();

export class ProcessGroup {
  readonly dataFolder: string;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  readonly #running = new Set<ChildProcess>();
  #started = 0;

  /** `settings` by the names of the environment; ports and folder are the group's own. */
  constructor(settings: Record<string, string>) {
    this.#settings = settings;
    this.#folder = mkdtempSync(join(tmpdir(), "golazo-drill-"));
    this.dataFolder = join(this.#folder, "data");
    mkdirSync(this.dataFolder);
    watchForInterruption();
    groups.add(this);
  }

  /** @throws {Error} where it does not listen in time; the message holds its last words. */
  async start(): Promise<ServerProcess> {
    const logPath = join(this.#folder, `stderr-${++this.#started}.log`);
    const log = () => readFileSync(logPath, "utf8");
    const stderr = openSync(logPath, "w");
    const child = spawn(process.execPath, ["run", "-A", "main.ts"], {
      cwd: ROOT,
      // A signal from the keyboard is the drill's to hear, and the drill ends its servers.
      detached: true,
      stdio: ["ignore", "pipe", stderr],
      env: {
        ...withoutSettings(),
        ...this.#settings,
        GOLAZO_DATA: this.dataFolder,
        PORT: "0",
        ADMIN_LISTEN: "127.0.0.1:0",
      },
    });
    closeSync(stderr);
    this.#running.add(child);
    const exited = new Promise<ServerExit>((resolve) =>
      child.once("exit", (code, signal) => {
        this.#running.delete(child);
        resolve({ code, signal });
      })
    );
    const port = await within(START_MS_MAX, Promise.race([portOf(child), exited.then(() => null)]));
    if (port === null) {
      child.kill("SIGKILL");
      throw new Error(`Cannot drill a server that does not listen; it said:\n${log()}`);
    }
    return {
      pid: child.pid!,
      address: `http://127.0.0.1:${port}`,
      adminAddress: readFileSync(join(this.dataFolder, "admin.address"), "utf8").trim(),
      exited,
      kill: (signal) => void process.kill(child.pid!, signal),
      log,
    };
  }

  /** Asks the server to end, and answers how it did; one that does not is killed. */
  async stop(server: ServerProcess): Promise<ServerExit> {
    server.kill("SIGTERM");
    const exit = await within(STOP_MS_MAX, server.exited);
    if (exit !== null) return exit;
    server.kill("SIGKILL");
    return server.exited;
  }

  /** Kills what still runs and removes the folder; synchronous, as it is also the last act. */
  end(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    this.#running.clear();
    rmSync(this.#folder, { recursive: true, force: true });
    groups.delete(this);
  }
}

let isWatching = false;

function watchForInterruption(): void {
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
  for (const group of groups) group.end();
}

function withoutSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) =>
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const found = /^listening http:\/\/.*:(\d+)$/.exec(line);
      if (found !== null) resolve(Number(found[1]));
    })
  );
}

/** Null where it takes longer. */
async function within<T>(ms: number, task: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}
