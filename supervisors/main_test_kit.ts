/**
 * main.ts as a process of a test: what it says, line by line, and how it ends.
 *
 * No setting of the surroundings gets in. Whatever the test came to, its
 * processes are ended by their own pid and its folders removed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { until } from "../drills/until.ts";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SETTING = /^(GOLAZO_|OTEL_|REDIS_URL$|DATABASE_URL$|PORT$|ADMIN_LISTEN$)/;

/** How a runtime runs a program of ours. */
export const THIS_RUNTIME = process.versions.deno === undefined
  ? [process.execPath]
  : [process.execPath, "run", "-A"];

export interface ProgramOptions {
  runtime?: string[];
  program?: string;
  settings?: Record<string, string>;
}

export class Program {
  readonly pid: number;
  readonly lines: string[] = [];
  /** Null where a signal ended it. */
  readonly exitCode: Promise<number | null>;
  #isOver = false;

  constructor(child: ChildProcess) {
    this.pid = child.pid!;
    for (const input of [child.stdout!, child.stderr!]) {
      createInterface({ input }).on("line", (line) => void this.lines.push(line));
    }
    this.exitCode = new Promise((resolve) =>
      child.once("close", (code) => {
        this.#isOver = true;
        resolve(code);
      })
    );
  }

  /** Resolves with what the pattern found in a line. @throws {Error} with all that was said. */
  async says(pattern: RegExp, msMax = 30_000): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null | undefined;
    const isSaid = () => {
      found = this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
      return found != null || this.#isOver;
    };
    await until(`it says ${pattern}`, isSaid, msMax).catch(() => {});
    if (found == null) throw new Error(`It never said ${pattern}; it said:\n${this.said()}`);
    return found;
  }

  said(): string {
    return this.lines.join("\n");
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.#isOver) process.kill(this.pid, signal);
  }

  async stop(): Promise<number | null> {
    this.kill("SIGTERM");
    return await this.exitCode;
  }
}

/** Starts programs and folders for one file of tests, gone after it. */
export function programs() {
  const folder = temporaryFolder();
  const started: Program[] = [];
  afterAll(async () => {
    for (const program of started) program.kill("SIGKILL");
    await Promise.all(started.map(({ exitCode }) => exitCode));
    folder.remove();
  });
  return {
    folder,
    start(words: string[], options: ProgramOptions = {}): Program {
      const { runtime = THIS_RUNTIME, program = "main.ts", settings = {} } = options;
      const [command, ...args] = [...runtime, program, ...words];
      const surroundings = Object.entries(process.env).filter(([name]) => !SETTING.test(name));
      const child = spawn(command!, args, {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...Object.fromEntries(surroundings),
          PORT: "0",
          ADMIN_LISTEN: "127.0.0.1:0",
          GOLAZO_DATA: folder.path(`data-${started.length + 1}`),
          ...settings,
        },
      });
      const running = new Program(child);
      started.push(running);
      return running;
    },
  };
}
