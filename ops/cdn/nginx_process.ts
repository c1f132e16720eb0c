/**
 * Debian's nginx with the very configuration that we hand out, in front of an
 * origin on this machine.
 *
 * Only its port and its origin are set; the cache lies in a folder of its own
 * that is gone with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pause, systemClock } from "../../runtime/clock.ts";
import { findProgram, programs } from "../debian_program.ts";

const CONFIGURATION = fileURLToPath(new URL("./nginx.conf", import.meta.url));
const START_MS_MAX = 5_000;
const ASK_MS = 20;

export class NginxProcess {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #said = "";

  private constructor(program: string, port: number, origin: number) {
    this.port = port;
    this.#folder = mkdtempSync(join(tmpdir(), "golazo-nginx-"));
    // As root its workers are somebody else, whose folders lie in ours.
    chmodSync(this.#folder, 0o755);
    const configuration = join(this.#folder, "nginx.conf");
    writeFileSync(configuration, configurationFor(port, origin));
    const words = ["-p", this.#folder, "-c", configuration, "-g", "daemon off;"];
    this.#child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child.stderr!.on("data", (bytes) => (this.#said += bytes));
  }

  /** @param origin the port of who is asked for what is not in the cache */
  static async start(origin: number): Promise<NginxProcess> {
    const program = findProgram(programs.nginx);
    if (program === null) throw new Error("Cannot start nginx: apt-get install nginx");
    const nginx = new NginxProcess(program, await freePort(), origin);
    const until = systemClock.monotonic() + START_MS_MAX;
    while (!await nginx.#serves()) {
      if (nginx.#child.exitCode !== null || systemClock.monotonic() > until) {
        await nginx.stop();
        throw new Error(`nginx does not serve: ${nginx.#said}`);
      }
      await pause(systemClock, ASK_MS);
    }
    return nginx;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serves(): Promise<boolean> {
    try {
      return (await fetch(`${this.address}/`)).status === 404;
    } catch {
      return false;
    }
  }
}

function configurationFor(port: number, origin: number): string {
  return readFileSync(CONFIGURATION, "utf8")
    .replace("listen 8081;", `listen 127.0.0.1:${port};`)
    .replace("server 127.0.0.1:8080;", `server 127.0.0.1:${origin};`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
