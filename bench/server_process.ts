/**
 * The server as a bench meets it: a process of its own, started by the command
 * of `deno task start` with its permissions, its limits and its durable writes.
 *
 * Data lie in a new folder below ./data, where that command may write, and go
 * with the process. No setting of the surroundings gets in.
 */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { pause, systemClock } from "../runtime/clock.ts";
import { assert } from "../runtime/failure.ts";
import { type Command, endProcess, runtimeCommand, startProcess } from "./child_process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START_MS_MAX = 20_000;
const SETTING = /^(GOLAZO_|OTEL_|REDIS_URL$|DATABASE_URL$|PORT$|ADMIN_LISTEN$)/;
/** Of its log, for when it does not start. */
const LINES_KEPT = 20;

export interface ServerProcess {
  pid: number;
  /** Of the public listener; 0 where its role has none. */
  port: number;
  /** `http://127.0.0.1:<port>` of the admin listener. */
  admin: string;
  /** Of its data; gone once it has stopped. */
  folder: string;
  stop(): Promise<void>;
}

/**
 * @param core the only one that it may use; absent: any
 * @throws where it does not listen in time; the message holds its last words.
 */
export async function startServer(
  settings: Record<string, string>,
  core?: number,
): Promise<ServerProcess> {
  mkdirSync(join(ROOT, "data"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "data", "bench-"));
  const child = startProcess(taskCommand("start"), {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...withoutSettings(),
      PORT: "0",
      ADMIN_LISTEN: "127.0.0.1:0",
      GOLAZO_DATA: folder,
      ...settings,
    },
  }, core);
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", clear);
  const stop = async () => {
    await endProcess(child);
    process.off("exit", clear);
    clear();
  };
  const said: string[] = [];
  let admin = "";
  createInterface({ input: child.stderr! }).on("line", (line) => {
    said.push(line);
    if (said.length > LINES_KEPT) said.shift();
    admin = /^admin (http:\S+)$/.exec(line)?.[1] ?? admin;
  });
  let port = 0;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const found = /^listening http:\/\/.*:(\d+)$/.exec(line);
    if (found !== null) port = Number(found[1]);
  });
  // Said on the other pipe, so the one may overtake the other.
  const needed = settings.GOLAZO_ROLE === "actors" || settings.GOLAZO_ROLE === "workers" ? 0 : 1;
  await until(() => child.exitCode !== null || (admin !== "" && port >= needed));
  if (admin !== "" && port >= needed) return { pid: child.pid!, port, admin, folder, stop };
  await stop();
  throw new Error(`the server does not listen; it said: ${said.join("\n")}`);
}

/** Brings the tables of a database to the newest. @throws with what it said where it could not. */
export async function migrate(databaseUrl: string): Promise<void> {
  const child = startProcess(taskCommand("migrate"), {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...withoutSettings(), DATABASE_URL: databaseUrl },
  });
  let said = "";
  child.stderr!.on("data", (bytes) => (said += bytes));
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the database could not be migrated; it said: ${said}`);
}

/** A part of the house alone: the runtime as that command sets it, with every right. */
export function partCommand(program: URL): Command {
  const flags = taskCommand("start").filter((word) => word.startsWith("--v8-flags="));
  return runtimeCommand("run", "-A", ...flags, fileURLToPath(program));
}

/** Resolves once it is so, or at the end of all patience. */
async function until(isSo: () => boolean): Promise<void> {
  const endsAt = systemClock.monotonic() + START_MS_MAX;
  while (!isSo() && systemClock.monotonic() < endsAt) await pause(systemClock, 20);
}

/** What the task runs by which people do it. */
function taskCommand(name: "start" | "migrate"): Command {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
  // A shell would put the runtime's path there.
  const command = tasks[name].command.replace(
    '$(deno eval -p "Deno.execPath()")',
    process.execPath,
  );
  const [runtime, ...words] = command.split(" ");
  assert(runtime === "deno" && words[0] === "run", `the task ${name} is one deno run`);
  return runtimeCommand(...words);
}

function withoutSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));
}
