/**
 * `deno task bench origin`: the CDN's origin beside nginx on the same folder.
 *
 * Ours on core 0, wrk on core 1, the same file in turn; then a 304. Last, 500
 * clients that have nothing ask the nginx of ops/cdn/ for a list's files at
 * once, while a build replaces the manifest: what reached the origin is counted
 * by it.
 */
import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { contentName, parseContentName } from "../assets/content_name.ts";
import { findProgram } from "../ops/debian_program.ts";
import { NginxProcess } from "../ops/cdn/nginx_process.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { figureOf, printFigure } from "./figure.ts";
import { cpuMs } from "./kernel.ts";
import { LoadProcess } from "./load_process.ts";
import { StaticNginx } from "./origin/static_nginx.ts";

const BENCH = "origin";
const RUNS = 5;
const SECONDS = 3;
const SERVER_CORE = 0;
const LOAD_CORE = 1;
const CONNECTIONS = 32;
const CLIENTS = 500;
/** As the sheet of flags at 1x. */
const FILE_BYTES = 61_000;

interface Load {
  requests: number;
  perSecond: number;
  p99Ms: number;
}

interface OurLoad extends Load {
  /** Of the server's process, user and system: what a request costs whatever else runs. */
  cpuUs: number;
}

/** Options: `--runs N`, `--full`: 9. */
export async function origin(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { full: { type: "boolean", default: false }, runs: { type: "string" } },
  });
  const runs = Number(values.runs ?? (values.full ? 9 : RUNS));
  assert(runs >= 1, "there is at least one run");
  const folder = mkdtempSync(join(tmpdir(), "golazo-bench-origin-"));
  chmodSync(folder, 0o755);
  const names = writeFiles(join(folder, "assets"));
  const server = new LoadProcess(
    "the origin",
    new URL("origin/server.ts", import.meta.url),
    SERVER_CORE,
  );
  const peer = await StaticNginx.start(folder, SERVER_CORE);
  try {
    const port = await server.ask<number>("listen", join(folder, "assets"));
    const ours = `http://127.0.0.1:${port}/assets/${names[0]}`;
    const etag = `"${parseContentName(names[0]!)!.hash}"`;
    const spent = async (load: Promise<Load>): Promise<OurLoad> => {
      const before = cpuMs(server.pid);
      const found = await load;
      return { ...found, cpuUs: (cpuMs(server.pid) - before) * 1_000 / found.requests };
    };
    const found: { file: OurLoad; nginx: Load; known: OurLoad }[] = [];
    for (let run = 0; run <= runs; run++) {
      const one = {
        file: await spent(load(ours)),
        nginx: await load(`${peer.address}/assets/${names[0]}`),
        known: await spent(load(ours, `If-None-Match: ${etag}`)),
      };
      printError(JSON.stringify({ run, ...one }));
      // The first is for the compiler.
      if (run > 0) found.push(one);
    }
    const print = (metric: string, unit: string, of: (one: typeof found[number]) => number) =>
      printFigure(figureOf(BENCH, metric, unit, found.map(of)));
    print("file_per_s", "1/s", ({ file }) => file.perSecond);
    print("file_p99_ms", "ms", ({ file }) => file.p99Ms);
    print("file_cpu_us", "us", ({ file }) => file.cpuUs);
    print("nginx_file_per_s", "1/s", ({ nginx }) => nginx.perSecond);
    print("not_modified_per_s", "1/s", ({ known }) => known.perSecond);
    print("not_modified_p99_ms", "ms", ({ known }) => known.p99Ms);
    print("not_modified_cpu_us", "us", ({ known }) => known.cpuUs);
    await server.ask("requests");
    await coldCrowd(port, join(folder, "assets"), names);
    const requests = Object.values(await server.ask<Record<string, number>>("requests"));
    assert(requests.length === names.length + 1, "every file was asked for");
    printFigure(figureOf(BENCH, "origin_requests_per_file", "requests", requests));
  } finally {
    await peer.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFiles(folder: string): string[] {
  mkdirSync(folder);
  writeFileSync(join(folder, "manifest.json"), '{"version":"first"}');
  return ["flags@1x", "reactions@1x"].map((stem, at) => {
    const bytes = new Uint8Array(FILE_BYTES).map((_, byte) => (byte * 31 + at) % 251);
    const name = contentName(stem, bytes, "webp");
    writeFileSync(join(folder, name), bytes);
    return name;
  });
}

/** @throws {Failure} `benchmarkFailed` also where anything but 2xx and 3xx was answered. */
async function load(url: string, header = "Accept: */*"): Promise<Load> {
  const program = findProgram({ name: "wrk" });
  if (program === null) {
    const reason = "Cannot load the origin: needed wrk, found none; apt-get install wrk";
    throw new Failure("benchmarkFailed", reason);
  }
  const words = ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, "--latency", "-H", header, url];
  const pinned = ["-c", `${LOAD_CORE}`, program, ...words];
  const { stdout } = await promisify(execFile)("taskset", pinned);
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  const [, p99 = "", unit = ""] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const [, requests] = /(\d+) requests in/.exec(stdout) ?? [];
  if (
    perSecond === undefined || requests === undefined || unit === "" ||
    /Non-2xx|Socket errors/.test(stdout)
  ) {
    throw new Failure("benchmarkFailed", `Cannot read what wrk found: ${stdout}`);
  }
  return {
    requests: Number(requests),
    perSecond: Number(perSecond),
    p99Ms: Number(p99) * ({ us: 0.001, ms: 1, s: 1000 }[unit]!),
  };
}

async function coldCrowd(port: number, folder: string, names: string[]): Promise<void> {
  const nginx = await NginxProcess.start(port);
  try {
    const all = [...names, "manifest.json"];
    const clients = Array.from({ length: CLIENTS }, async () => {
      for (const name of all) {
        const answer = await fetch(`${nginx.address}/assets/${name}`);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        assert(answer.status === 200, "every client gets every file");
        const isWhole = name === "manifest.json" ||
          Buffer.compare(bytes, readFileSync(join(folder, name))) === 0;
        assert(isWhole, "and gets it whole");
      }
    });
    writeFileSync(join(folder, "aside"), '{"version":"second"}');
    renameSync(join(folder, "aside"), join(folder, "manifest.json"));
    await Promise.all(clients);
  } finally {
    await nginx.stop();
  }
}
