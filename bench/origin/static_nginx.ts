/**
 * The peer: nginx with one worker, giving out a folder by sendfile.
 */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { findProgram, programs } from "../../ops/debian_program.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { endProcess, startProcess } from "../child_process.ts";

const TRIES = 100;
const PAUSE_MS = 20;

export class StaticNginx {
  readonly address: string;
  readonly #child: ReturnType<typeof startProcess>;

  private constructor(program: string, root: string, port: number, core: number) {
    this.address = `http://127.0.0.1:${port}`;
    const configuration = join(root, "nginx.conf");
    writeFileSync(
      configuration,
      [
        "worker_processes 1; daemon off; pid nginx.pid; error_log stderr crit;",
        "events { worker_connections 1024; }",
        "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;",
        "types { image/webp webp; }",
        ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) =>
          `${kind}_temp_path temp-${kind};`
        ),
        `server { listen 127.0.0.1:${port}; root ${root}; add_header Cache-Control immutable; } }`,
      ].join("\n"),
    );
    const command = [program, "-p", root, "-c", configuration] as const;
    this.#child = startProcess(command, { stdio: ["ignore", "ignore", "inherit"] }, core);
  }

  static async start(root: string, core: number): Promise<StaticNginx> {
    const program = findProgram(programs.nginx);
    if (program === null) {
      throw new Failure("benchmarkFailed", "Cannot compare: needed nginx; apt-get install nginx");
    }
    const nginx = new StaticNginx(program, root, await freePort(), core);
    for (let tried = 0; tried < TRIES; tried++) {
      const answer = await fetch(`${nginx.address}/`).catch(() => null);
      await answer?.body?.cancel();
      if (answer !== null) return nginx;
      await pause(systemClock, PAUSE_MS);
    }
    await nginx.stop();
    throw new Failure("benchmarkFailed", "Cannot compare: nginx does not listen");
  }

  stop(): Promise<void> {
    return endProcess(this.#child);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
