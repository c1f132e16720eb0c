/**
 * A database server of a cluster's own, on a port of its own.
 *
 * Nobody here opens a socket, so a free port is found by trying: drawn, given
 * to the server, and drawn again where that finds it taken. Once found it
 * stays, as the others know it. What the server says goes into a file.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import type { Child, ChildSpec } from "../../supervisors/child_spec.ts";
import { ProcessChild, type ProcessOptions } from "../../supervisors/process_child.ts";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { type Random, systemRandom } from "../../runtime/random.ts";

export interface PrivateServer {
  spec: ChildSpec;
  /** Once it runs. */
  url(): string;
}

export interface ServerPlan {
  id: string;
  /** Of everything that the server says. */
  logPath: string;
  /** What makes it ready. */
  ready: RegExp;
  /** Called before each start. */
  command(port: number): string[];
  url(port: number): string;
  /** Takes a line when it is there, … */
  print(line: string): void;
  /** … and one when it has ended. */
  write(line: string): void;
  signal: AbortSignal;
  clock?: Clock;
  random?: Random;
}

/** Below the ports that systems give to connections. */
const PORT_MIN = 20_000;
const PORTS = 10_000;
const TRIES = 5;
const PORT_TAKEN = /address already in use/i;

export function privateServer(plan: ServerPlan): PrivateServer {
  const { id, random = systemRandom } = plan;
  let port: number | null = null;
  const start = async (): Promise<Child> => {
    if (port !== null) return await startOn(plan, port);
    for (let attempt = 1;; attempt++) {
      const drawn = PORT_MIN + Math.floor(random.fraction() * PORTS);
      try {
        const child = await startOn(plan, drawn);
        port = drawn;
        return child;
      } catch (error) {
        const isTaken = error instanceof Failure && error.code === "portTaken";
        if (!isTaken || attempt === TRIES) throw error;
      }
    }
  };
  return {
    spec: { id, start, restart: "permanent", shutdownMs: Number.POSITIVE_INFINITY },
    url: () => plan.url(port!),
  };
}

async function startOn(plan: ServerPlan, port: number): Promise<Child> {
  const { id, logPath, ready, print, write, signal, clock = systemClock } = plan;
  let isTaken = false;
  writeFileSync(logPath, "");
  const options: ProcessOptions = {
    id,
    command: plan.command(port),
    cwd: "/",
    env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
    hears(line) {
      appendFileSync(logPath, `${line}\n`);
      isTaken ||= PORT_TAKEN.test(line);
      return ready.test(line);
    },
    clock,
    signal,
  };
  try {
    const child = await ProcessChild.start(options);
    const { protocol, host, pathname } = new URL(plan.url(port));
    print(`${id} pid ${child.pid} ${protocol}//${host}${pathname}`);
    void child.exited.then(() => write(`${id} pid ${child.pid} ended`));
    return child;
  } catch (error) {
    throw new Failure(
      isTaken ? "portTaken" : "databaseNotStarted",
      `${reasonOf(error)}; its last words are in ${logPath}`,
      { cause: error },
    );
  }
}
