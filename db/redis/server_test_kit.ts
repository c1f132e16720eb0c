/**
 * A private Redis server for tests, on a free port in a temporary folder.
 *
 * A shell stands between us and the server and ends it when we are gone, however
 * that came about.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import process from "node:process";
import { Redis } from "ioredis";
import { reasonOf } from "../../runtime/failure.ts";
import type { TemporaryFolder } from "../embedded/temporary_folder.ts";

const BINARY = "/usr/bin/redis-server";
/** Says the server's process id, and ends it when we close the shell's input or are gone. */
const GUARD = '"$@" >/dev/null & echo $!; read -r _; kill -KILL $!; wait';

export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly #args: string[];
  readonly #folder: string;
  #shell: ChildProcess;
  #pid = 0;

  private constructor(port: number, folder: string, options: string[]) {
    this.port = port;
    this.#folder = folder;
    this.url = `redis://127.0.0.1:${port}`;
    this.#args = [
      ...["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder],
      ...["--save", "", "--maxmemory-policy", "noeviction", ...options],
    ];
    mkdirSync(folder);
    this.#shell = this.#spawn();
  }

  static async start(folder: TemporaryFolder, options: string[] = []): Promise<RedisServer> {
    const port = await freePort();
    const server = new RedisServer(port, folder.path(`${port}`), options);
    await server.#answers();
    return server;
  }

  get pid(): number {
    return this.#pid;
  }

  /** Runs commands on a connection of its own. */
  async tell<T>(talk: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.port, "127.0.0.1", { lazyConnect: true, retryStrategy: null });
    redis.on("error", () => {});
    try {
      await redis.connect();
      return await talk(redis);
    } finally {
      redis.disconnect();
    }
  }

  freeze(): void {
    process.kill(this.#pid, "SIGSTOP");
  }

  thaw(): void {
    process.kill(this.#pid, "SIGCONT");
  }

  /** By SIGKILL, frozen or not; harmless twice. */
  async kill(): Promise<void> {
    const isOver = this.#shell.exitCode !== null || this.#shell.signalCode !== null;
    const ended = isOver ? null : once(this.#shell, "exit");
    this.#shell.stdin!.end();
    await ended;
  }

  /** On the same port, with what its folder holds. */
  async startAgain(): Promise<void> {
    this.#shell = this.#spawn();
    await this.#answers();
  }

  /** On the same port, with nothing. */
  async startEmpty(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    mkdirSync(this.#folder);
    await this.startAgain();
  }

  #spawn(): ChildProcess {
    const shell = spawn("/bin/sh", ["-c", GUARD, "sh", BINARY, ...this.#args], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    shell.stdout!.once("data", (line) => (this.#pid = Number(line)));
    return shell;
  }

  async #answers(): Promise<void> {
    await until(`the Redis on port ${this.port} answers`, () => isAnswering(this.port));
  }
}

/** Whether it serves, be it to those with a password alone. */
function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, "127.0.0.1", () => void socket.write("PING\r\n"));
    socket.once("error", reject);
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(/^(\+PONG|-NOAUTH)/.test(String(answer)));
    });
  });
}

/** @throws after 20 s, naming what did not come true. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    let found = "it does not";
    try {
      if (await holds()) return;
    } catch (error) {
      found = reasonOf(error);
    }
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}: ${found}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The port is free again when this resolves, and ours if nobody is quicker. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
