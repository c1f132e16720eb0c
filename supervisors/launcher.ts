/**
 * A whole installation on one machine: two gateways that share a port, two
 * owners, one worker, each a process that is started again when it dies.
 *
 * The launcher opens no socket and reads no input; it alone may start any
 * program, and what it starts may compute, read and talk, but write no file
 * and start nothing: but for the worker, which starts the process that paints
 * share cards and writes those down. Stopped in reverse, fans are sent away first and owners
 * give their matches back last.
 */
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import { assetsFolder } from "./asset_children.ts";
import { CARDS_FOLDER } from "./card_door.ts";
import { auditKey } from "./audit_key.ts";
import { type Child, type ChildSpec, lastingChild } from "./child_spec.ts";
import type { Config } from "./config.ts";
import { ProcessChild } from "./process_child.ts";
import { announceServer } from "./running_server.ts";
import { Supervisor } from "./supervisor.ts";

export interface StoreUrls {
  redisUrl: string;
  databaseUrl: string;
}

export interface LauncherOptions {
  config: Config;
  /** Of the command line, passed on as they are. */
  flags: readonly string[];
  /** Data folder of all processes; none writes there. */
  folder: string;
  /** What runs before them and ends after them. */
  databases: readonly ChildSpec[];
  /** Asked once those run. */
  urls(): StoreUrls;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
  /** Takes a line for each process that is there. */
  print(line: string): void;
  /** Takes what they say, each line with its process's name in front. */
  write(line: string): void;
  signal: AbortSignal;
}

export interface Launched extends Child {
  /** What the gateways share. */
  readonly address: string;
}

type LaunchedRole = "gateway" | "actors" | "workers";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** As in deno.json's start: see README, "Run it". */
const YOUNG_GENERATION = "--v8-flags=--max-semi-space-size=4";
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const ROLES: readonly [id: string, role: LaunchedRole][] = [
  ["actors-1", "actors"],
  ["actors-2", "actors"],
  ["workers-1", "workers"],
  ["gateway-1", "gateway"],
  ["gateway-2", "gateway"],
];

/** @throws {Failure} `childNotStarted`, `supervisorStopped`. */
export async function launch(options: LauncherOptions): Promise<Launched> {
  const launcher = new Launcher(options);
  return await launcher.start();
}

class Launcher {
  readonly #options: LauncherOptions;
  /** Calls off whatever starts when all is to end, a restart too. */
  readonly #ending = new AbortController();
  #address = "";
  #withdraw = () => {};

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  async start(): Promise<Launched> {
    const { databases, clock, random, events, signal } = this.#options;
    signal.addEventListener("abort", () => this.#ending.abort());
    const root = await Supervisor.start({
      ...{ id: "cluster", clock, random, events, signal },
      strategy: "one_for_one",
      whenExceeded: "escalate",
      intensity: { restartsMax: limits.launchedRestartsMax, windowMs: limits.launchedWindowMs },
      children: [
        ...databases,
        specOf("migrate", () => this.#migrate()),
        ...ROLES.map(([id, role]) => specOf(id, () => this.#launch(id, role))),
      ],
    });
    return {
      address: this.#address,
      exited: root.exited,
      stop: async (reason) => {
        this.#ending.abort();
        await root.stop(reason);
        this.#withdraw();
      },
    };
  }

  async #migrate(): Promise<Child> {
    await ProcessChild.run({
      ...this.#surroundings("migrate"),
      hears: (line) => this.#pass("migrate", line),
    });
    return lastingChild(() => {});
  }

  async #launch(id: string, role: LaunchedRole): Promise<Child> {
    const { print, write, folder } = this.#options;
    const port = this.#address === "" ? [] : ["--port", new URL(this.#address).port];
    const found = { listening: "", admin: "" };
    const child = await ProcessChild.start({
      ...this.#surroundings(id, "--role", role, "--admin-listen", "127.0.0.1:0", ...port),
      hears: (line) => {
        const [, door, url] = /^(listening|admin) (http:\S+)$/.exec(line) ?? [];
        if (door === undefined) return this.#pass(id, line);
        found[door as keyof typeof found] = url!;
        return found.admin !== "" && (role !== "gateway" || found.listening !== "");
      },
    });
    if (role === "gateway") {
      this.#address = found.listening;
      // For commands such as import.
      this.#withdraw = announceServer(folder, found.admin);
    }
    const { listening, admin } = found;
    print(`${id} pid ${child.pid} ${listening === "" ? "" : `${listening} `}admin ${admin}`);
    void child.exited.then(() => write(`${id} pid ${child.pid} ended`));
    return child;
  }

  #surroundings(id: string, ...words: string[]) {
    const { config, flags, folder, clock, random } = this.#options;
    const { redisUrl, databaseUrl } = this.#options.urls();
    // One for all: their audit is one.
    const key = auditKey(config, random);
    // Built once, beside the data of whatever runs here, embedded or not.
    const assets = resolve(assetsFolder(config));
    const main = id === "migrate" ? [MAIN, "migrate"] : [MAIN];
    return {
      id,
      command: [
        ...runtimeFor(id, [folder, assets]),
        ...main,
        ...flags,
        ...["--data", folder, "--assets", assets],
        ...words,
      ],
      cwd: process.cwd(),
      // A secret in the command line would be everybody's.
      env: {
        ...process.env,
        PORT: `${config.port}`,
        REDIS_URL: redisUrl,
        DATABASE_URL: databaseUrl,
        ...key === null ? {} : { GOLAZO_AUDIT_KEY: key },
      },
      clock,
      signal: this.#ending.signal,
    };
  }

  #pass(id: string, line: string): false {
    this.#options.write(`${id} ${line}`);
    return false;
  }
}

/** On Deno with no right but to listen, connect and read what it needs. */
function runtimeFor(id: string, folders: [data: string, assets: string]): string[] {
  if (process.versions.deno === undefined) return [process.execPath];
  const readable = [ROOT, ...folders, process.cwd()].join(",");
  const rights = [YOUNG_GENERATION, "--allow-net", "--allow-env", `--allow-read=${readable}`];
  if (id.startsWith("workers")) {
    const cards = join(folders[0], CARDS_FOLDER);
    rights.push(`--allow-write=${cards}`, `--allow-run=${process.execPath}`);
  }
  return [process.execPath, "run", "--no-prompt", ...rights];
}

function specOf(id: string, start: () => Promise<Child>): ChildSpec {
  // A process has its own deadline and is gone when its stop resolves.
  return { id, start, restart: "permanent", shutdownMs: Number.POSITIVE_INFINITY };
}
