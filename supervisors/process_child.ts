/**
 * A process as a supervisor's child: started, listened to, ended for certain.
 *
 * It runs in a group of its own, so a Ctrl-C reaches only us and its turn to
 * end comes with its place in the order. Told to end and not ending, it is
 * killed: when `stop` resolves nothing of it is left. Where Linux has `setpriv`
 * it is also told to end when we are gone without a word.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Clock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { Child, Exit } from "./child_spec.ts";
import { withDeadline } from "./deadline.ts";

export interface ProcessOptions {
  /** For messages: `gateway-1`. */
  id: string;
  command: readonly string[];
  cwd: string;
  env: Record<string, string | undefined>;
  /** Hears every line; true once it is ready. */
  hears(line: string): boolean;
  clock: Clock;
  /** Calls the start off. */
  signal?: AbortSignal;
  startMsMax?: number;
  stopMsMax?: number;
}

const SETPRIV = "/usr/bin/setpriv";
const ENDS_WITH_US = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "TERM", "--"] : [];

export class ProcessChild implements Child {
  readonly exited: Promise<Exit>;
  readonly #options: ProcessOptions;
  readonly #child: ChildProcess;
  readonly #ready = Promise.withResolvers<void>();
  #isOver = false;
  #stopping: Promise<void> | null = null;

  private constructor(options: ProcessOptions) {
    this.#options = options;
    const [program, ...args] = [...ENDS_WITH_US, ...options.command];
    const { cwd, env } = options;
    this.#child = spawn(program!, args, {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const input of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input }).on("line", (line) => {
        if (options.hears(line)) this.#ready.resolve();
      });
    }
    this.exited = new Promise((resolve) => {
      const end = (exit: Exit) => {
        this.#isOver = true;
        resolve(this.#stopping === null ? exit : { kind: "shutdown" });
      };
      const crash = (reason: string) => end({ kind: "crash", reason });
      this.#child.once("error", (error) => crash(`it could not be run: ${error.message}`));
      // Its last words are heard before its end.
      this.#child.once("close", (code, signal) => {
        if (code === 0) end({ kind: "normal" });
        else crash(signal === null ? `it ended with exit code ${code}` : `${signal} ended it`);
      });
    });
  }

  /**
   * Resolves when it is ready.
   * @throws {Failure} `processNotReady` where it ends before, or takes too long.
   */
  static async start(options: ProcessOptions): Promise<ProcessChild> {
    const { id, clock, signal, startMsMax = limits.processStartMsMax } = options;
    const child = new ProcessChild(options);
    const callOff = () => void child.stop();
    signal?.addEventListener("abort", callOff);
    if (signal?.aborted) callOff();
    let end: Exit | undefined;
    const over = child.exited.then((exit) => void (end = exit));
    const first = Promise.race([child.#ready.promise, over]);
    const outcome = await withDeadline(clock, startMsMax, first);
    signal?.removeEventListener("abort", callOff);
    if (outcome === "inTime" && end === undefined && child.#stopping === null) return child;
    const late = `it was not ready within ${startMsMax} ms`;
    const why = outcome === "late" ? late : wordOf(end ?? { kind: "shutdown" });
    await child.stop();
    throw new Failure("processNotReady", `Cannot start ${id}: ${why}`);
  }

  /**
   * Resolves when it has done its work.
   * @throws {Failure} `processFailed`.
   */
  static async run(options: ProcessOptions): Promise<void> {
    const { signal } = options;
    const child = new ProcessChild(options);
    const callOff = () => void child.stop();
    signal?.addEventListener("abort", callOff);
    if (signal?.aborted) callOff();
    const exit = await child.exited;
    signal?.removeEventListener("abort", callOff);
    if (exit.kind === "normal") return;
    throw new Failure("processFailed", `Cannot run ${options.id}: ${wordOf(exit)}`);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#isOver ? Promise.resolve() : this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    const { clock, hears, stopMsMax = limits.processStopMsMax } = this.#options;
    const over = this.exited.then(() => {});
    this.#tell("SIGTERM");
    if (await withDeadline(clock, stopMsMax, over) === "inTime") return;
    hears(`did not end within ${stopMsMax} ms: killed`);
    this.#tell("SIGKILL");
    await over;
  }

  /** Deno's own `child.kill` would have us told of this signal, whatever the process ends with. */
  #tell(signal: "SIGTERM" | "SIGKILL"): void {
    if (!this.#isOver) process.kill(this.pid, signal);
  }
}

function wordOf(exit: Exit): string {
  switch (exit.kind) {
    case "crash":
      return exit.reason;
    case "normal":
      return "it ended with exit code 0";
    case "shutdown":
      return "it was called off";
  }
}
