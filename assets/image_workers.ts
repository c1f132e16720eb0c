/**
 * Image processes: as many as there are cores to use, fed from one queue.
 *
 * A process has one job at a time. One that takes too long or dies takes its
 * job with it and nothing else: the image that it was at is named, and the
 * next job gets a new process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import PQueue from "p-queue";
import type { Clock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { imageCommand, imageEnvironment } from "./image_command.ts";
import type { ImageAnswer, ImageJob } from "./image_job.ts";

export type Made = Extract<ImageAnswer, { kind: "made" | "probed" }>;

const ENTRY = fileURLToPath(new URL("./image_process.ts", import.meta.url));

export class ImageWorkers {
  readonly #clock: Clock;
  readonly #taskMsMax: number;
  readonly #queue: PQueue;
  readonly #idle: ImageProcess[] = [];
  readonly #all = new Set<ImageProcess>();
  #isStopped = false;

  constructor(
    { processes, clock, taskMsMax = limits.assetTaskMsMax }: {
      processes: number;
      clock: Clock;
      /** Past it a process is killed. */
      taskMsMax?: number;
    },
  ) {
    this.#clock = clock;
    this.#taskMsMax = taskMsMax;
    this.#queue = new PQueue({ concurrency: processes });
  }

  /** What images are made with. */
  async versions(): Promise<Record<string, string>> {
    const one = this.#take();
    const versions = await one.versions;
    this.#idle.push(one);
    return versions;
  }

  /** @throws {Failure} `badInput` naming the image; `imageProcess` where none can be run. */
  run(job: ImageJob): Promise<Made> {
    return this.#queue.add(async () => {
      if (this.#isStopped) throw new Failure("imageProcess", "Cannot make images: stopped");
      const one = this.#take();
      const answer = await one.run(job);
      if (answer.kind === "lost") {
        this.#all.delete(one);
        if (answer.name === "") throw new Failure("imageProcess", answer.reason);
        throw refusal(answer.name, answer.reason);
      }
      this.#idle.push(one);
      if (answer.kind !== "refused") return answer;
      const { name, reason } = answer;
      if (name === "") throw new Failure("imageProcess", `Cannot make images: ${reason}`);
      throw refusal(name, reason);
    });
  }

  /** Drops what waits and kills what runs; nothing of them is left. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#queue.clear();
    await Promise.all([...this.#all].map((one) => one.end()));
  }

  #take(): ImageProcess {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const one = new ImageProcess(this.#clock, this.#taskMsMax);
    this.#all.add(one);
    return one;
  }
}

type Lost = { kind: "lost"; name: string; reason: string };
type Outcome = Made | Extract<ImageAnswer, { kind: "refused" }> | Lost;

class ImageProcess {
  readonly versions: Promise<Record<string, string>>;
  readonly #clock: Clock;
  readonly #taskMsMax: number;
  readonly #child: ChildProcess;
  readonly #ended = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<Record<string, string>>();
  #job: PromiseWithResolvers<Outcome> | null = null;
  #at = "";
  #said = "";
  #isSlow = false;

  constructor(clock: Clock, taskMsMax: number) {
    this.#clock = clock;
    this.#taskMsMax = taskMsMax;
    this.versions = this.#ready.promise;
    this.versions.catch(() => {});
    this.#child = spawn(process.execPath, imageCommand(ENTRY), {
      stdio: ["pipe", "pipe", "pipe"],
      env: imageEnvironment(),
    });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#hear(line));
    this.#child.stderr!.on("data", (bytes) => (this.#said = `${this.#said}${bytes}`.slice(-500)));
    // Its end is what counts; a job that it no longer reads is lost with it.
    this.#child.stdin!.on("error", () => {});
    this.#child.once("error", (error) => this.#end(error.message));
    this.#child.once("close", (code, signal) => this.#end(signal ?? `exit code ${code}`));
  }

  async run(job: ImageJob): Promise<Outcome> {
    this.#job = Promise.withResolvers();
    this.#at = "";
    const slow = this.#clock.after(this.#taskMsMax, () => {
      this.#isSlow = true;
      this.#child.kill("SIGKILL");
    });
    this.#child.stdin!.write(`${JSON.stringify(job)}\n`);
    const outcome = await this.#job.promise;
    slow.cancel();
    return outcome;
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended.promise;
  }

  #hear(line: string): void {
    const answer = JSON.parse(line) as ImageAnswer;
    if (answer.kind === "ready") this.#ready.resolve(answer.versions);
    else if (answer.kind === "at") this.#at = answer.name;
    else this.#job?.resolve(answer);
  }

  #end(how: string): void {
    const why = this.#isSlow ? `no answer within ${this.#taskMsMax} ms` : how;
    const reason = `the image process ended: ${why} ${this.#said.trim()}`.trim();
    this.#job?.resolve({ kind: "lost", name: this.#at, reason });
    this.#ready.reject(new Failure("imageProcess", `Cannot make images: ${reason}`));
    this.#ended.resolve();
  }
}

function refusal(name: string, reason: string): Failure {
  return new Failure("badInput", `Cannot use ${name}: ${reason}; export it again or remove it`);
}
