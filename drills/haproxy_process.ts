/**
 * Debian's HAProxy with the very configuration that we hand out, in front of
 * gateways on this machine.
 *
 * Its port is found before and taken again, as HAProxy takes none that is free.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, connect, createServer } from "node:net";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findProgram, programs } from "../ops/debian_program.ts";
import { atEnd } from "./at_end.ts";
import { until } from "./until.ts";

const CONFIGURATION = fileURLToPath(new URL("../ops/haproxy.cfg", import.meta.url));

export class HaproxyProcess {
  readonly port: number;
  #child: ChildProcess;
  #said = "";
  readonly #forget = atEnd(() => this.#child.kill("SIGKILL"));

  private constructor(port: number, gateways: readonly string[]) {
    this.port = port;
    this.#child = this.#spawn(gateways);
  }

  /** `gateways`: two addresses, `http://127.0.0.1:8080`. */
  static async start(gateways: readonly string[]): Promise<HaproxyProcess> {
    const haproxy = new HaproxyProcess(await freePort(), gateways);
    await haproxy.#serves();
    return haproxy;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The same proxy in front of others: who was connected has to come again. */
  async follow(gateways: readonly string[]): Promise<void> {
    await this.#end();
    this.#child = this.#spawn(gateways);
    await this.#serves();
  }

  async stop(): Promise<void> {
    await this.#end();
    this.#forget();
  }

  #spawn([first, second]: readonly string[]): ChildProcess {
    const program = findProgram(programs.haproxy);
    if (program === null) throw new Error("Cannot start HAProxy: apt-get install haproxy");
    const child = spawn(program, ["-db", "-f", CONFIGURATION], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        GOLAZO_BIND: `127.0.0.1:${this.port}`,
        GOLAZO_GATEWAY_1: new URL(first!).host,
        GOLAZO_GATEWAY_2: new URL(second!).host,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (bytes) => (this.#said += bytes));
    }
    return child;
  }

  #serves(): Promise<void> {
    return until("HAProxy serves", async () => {
      if (this.#child.exitCode !== null) throw new Error(`HAProxy ended: ${this.#said}`);
      return await isOpen(this.port) && (await fetch(`${this.address}/healthz`)).ok;
    });
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
