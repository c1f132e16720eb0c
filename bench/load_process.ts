/**
 * Load in a process of its own, in TypeScript or in C: commands in as JSON lines
 * on stdin, answers out as JSON lines on stdout.
 *
 * Processes do not share a clock here: each runtime counts its milliseconds
 * from its own start. So each child's clock is compared with ours by an echo
 * over the pipe, as NTP does: what the child read lies between sending and
 * receiving, and the shortest of many round trips bounds the error by its half.
 */
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { systemClock } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { type Command, endProcess, runtimeCommand, startProcess } from "./child_process.ts";
import { nativeProgram } from "./native_program.ts";

const ECHOES = 300;

export interface ClockReading {
  /** The child's clock minus ours, in ms. */
  offsetMs: number;
  /** Half of the shortest round trip. */
  errorMs: number;
}

interface Asked {
  resolve(answer: unknown): void;
  reject(failure: Failure): void;
}

export class LoadProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;

  /**
   * @param program a script that calls `obey`, a C file that answers likewise, or a command
   * @param core the only one that it may use; absent: any
   */
  constructor(name: string, program: URL | Command, core?: number) {
    this.#name = name;
    const command = program instanceof URL ? commandOf(program) : program;
    this.#child = startProcess(command, { stdio: ["pipe", "pipe", "inherit"] }, core);
    createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#hear(line));
    this.#child.once("exit", () => this.#rejectAll("its process has ended"));
  }

  /** @throws {Failure} `loadFailed` where the child cannot, or does not within `msMax`. */
  ask<T>(command: string, argument: unknown = null, msMax = 30_000): Promise<T> {
    const id = this.#lastId += 1;
    this.#child.stdin!.write(`${JSON.stringify({ id, command, argument })}\n`);
    return new Promise<T>((resolve, reject) => {
      const late = systemClock.after(msMax, () => {
        this.#asked.delete(id);
        reject(this.#failure(`no answer to ${command} within ${msMax} ms`));
      });
      const done = <V>(settle: (value: V) => void) => (value: V) => {
        late.cancel();
        settle(value);
      };
      this.#asked.set(id, { resolve: done(resolve as Asked["resolve"]), reject: done(reject) });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async readClock(): Promise<ClockReading> {
    let best: ClockReading = { offsetMs: 0, errorMs: Infinity };
    for (let echo = 0; echo < ECHOES; echo++) {
      const sentAt = systemClock.monotonic();
      const theirs = await this.ask<number>("echo");
      const halfMs = (systemClock.monotonic() - sentAt) / 2;
      if (halfMs < best.errorMs) best = { offsetMs: theirs - sentAt - halfMs, errorMs: halfMs };
    }
    return best;
  }

  stop(): Promise<void> {
    return endProcess(this.#child);
  }

  #hear(line: string): void {
    const { id, answer, reason } = JSON.parse(line);
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (reason === undefined) asked?.resolve(answer);
    else asked?.reject(this.#failure(reason));
  }

  #rejectAll(reason: string): void {
    for (const { reject } of this.#asked.values()) reject(this.#failure(reason));
    this.#asked.clear();
  }

  #failure(reason: string): Failure {
    return new Failure("loadFailed", `Cannot go on without ${this.#name}: ${reason}`);
  }
}

function commandOf(program: URL): Command {
  if (program.pathname.endsWith(".c")) return [nativeProgram(program)];
  return runtimeCommand("run", "-A", program.pathname);
}

// deno-lint-ignore no-explicit-any -- the two ends of a pipe agree by their tests' eyes
type Commands = Record<string, (argument: any) => unknown>;

/** In the child: answers commands until its parent is gone. */
export function obey(commands: Commands): void {
  const all: Commands = { ...commands, echo: () => systemClock.monotonic() };
  const answer = async (line: string) => {
    const { id, command, argument } = JSON.parse(line);
    try {
      say({ id, answer: await all[command]!(argument) ?? null });
    } catch (error) {
      say({ id, reason: reasonOf(error) });
    }
  };
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => void answer(line));
  lines.on("close", () => process.exit(0));
}

function say(words: unknown): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}
