/**
 * One server of a drill: a real process, started by the command that people use.
 *
 * Whatever it says goes into a log of its own, from which its addresses are
 * read. It is signalled by its own pid and nothing else; no setting of the
 * surroundings gets in.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;
const COMPLAINTS_TOLD = 40;
/** This runtime's own way to run the server. */
const COMMAND = process.versions.deno === undefined ? ["main.ts"] : ["run", "-A", "main.ts"];
const SETTING = /^(GOLAZO_|OTEL_|REDIS_URL$|DATABASE_URL$|PORT$|ADMIN_LISTEN$)/;

export interface ServerExit {
  code: number | null;
  signal: string | null;
}

export type Signal = "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT";

export class ServerProcess {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  /** `http://127.0.0.1:<port>` of the public listener; empty where its role has none. */
  address = "";
  adminAddress = "";
  readonly #logPath: string;
  #isOver = false;

  private constructor(child: ChildProcess, logPath: string) {
    this.pid = child.pid!;
    this.#logPath = logPath;
    this.exited = new Promise((resolve) =>
      child.once("exit", (code, signal) => {
        this.#isOver = true;
        resolve({ code, signal });
      })
    );
  }

  /** `settings` by the names of the environment, `words` as on the command line. */
  static spawn(
    settings: Record<string, string>,
    logPath: string,
    words: string[] = [],
  ): ServerProcess {
    const log = openSync(logPath, "w");
    const child = spawn(process.execPath, [...COMMAND, ...words], {
      cwd: ROOT,
      // A signal from the keyboard is the drill's to hear, and the drill ends its servers.
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...withoutSettings(), ...settings, PORT: "0", ADMIN_LISTEN: "127.0.0.1:0" },
    });
    closeSync(log);
    return new ServerProcess(child, logPath);
  }

  /** Resolves once it listens. @throws {Error} where it does not; the message holds its last words. */
  async listens(): Promise<this> {
    await until("the server listens", () => this.#isOver || this.#findAdmin(), START_MS_MAX)
      .catch(() => {});
    if (this.adminAddress !== "" && !this.#isOver) return this;
    this.kill("SIGKILL");
    throw new Error(`Cannot drill a server that does not listen; it said:\n${this.log()}`);
  }

  get isAlive(): boolean {
    return !this.#isOver;
  }

  kill(signal: Signal): void {
    if (!this.#isOver) process.kill(this.pid, signal);
  }

  /** What it said so far. */
  log(): string {
    return readFileSync(this.#logPath, "utf8");
  }

  /** The last warnings and errors that it told, and whatever names one of these. */
  complaints(named: readonly string[] = []): string {
    const isOne = (line: string) =>
      / (warn|error) /.test(line) || named.some((name) => line.includes(name));
    return this.log().split("\n").filter(isOne).slice(-COMPLAINTS_TOLD).join("\n");
  }

  /** Asks it to end, and answers how it did; one that does not is killed. */
  async stop(): Promise<ServerExit> {
    this.kill("SIGTERM");
    const late = new AbortController();
    const deadline = pause(STOP_MS_MAX, null, { signal: late.signal }).catch(() => null);
    const exit = await Promise.race([this.exited, deadline]);
    late.abort();
    if (exit !== null) return exit;
    this.kill("SIGKILL");
    return this.exited;
  }

  /** The admin's address is the last that a server says of itself. */
  #findAdmin(): boolean {
    const said = this.log();
    const [, admin] = /^admin (http:\S+)$/m.exec(said) ?? [];
    if (admin === undefined) return false;
    const [, port] = /^listening http:\/\/.*:(\d+)$/m.exec(said) ?? [];
    if (port !== undefined) this.address = `http://127.0.0.1:${port}`;
    this.adminAddress = admin;
    return true;
  }
}

function withoutSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));
}
