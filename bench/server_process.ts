/**
 * The server as a bench meets it: a process of its own, started by the command
 * of `deno task start` with its permissions, its limits and its durable writes.
 *
 * Data lie in a new folder below ./data, where that command may write, and go
 * with the process. No setting of the surroundings gets in.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock } from "../runtime/clock.ts";
import { assert } from "../runtime/failure.ts";
import { type Command, endProcess, runtimeCommand, startProcess } from "./child_process.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START_MS_MAX = 20_000;
const SETTING = /^(GOLAZO_|OTEL_|REDIS_URL$|DATABASE_URL$|PORT$|ADMIN_LISTEN$)/;
/** Of its log, for when it does not start. */
const LINES_KEPT = 20;

export interface ServerProcess {
  pid: number;
  port: number;
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
  const child = startProcess(startCommand(), {
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
  createInterface({ input: child.stderr! }).on("line", (line) => {
    said.push(line);
    if (said.length > LINES_KEPT) said.shift();
  });
  const port = await new Promise<number | null>((resolve) => {
    systemClock.after(START_MS_MAX, () => resolve(null));
    child.once("exit", () => resolve(null));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const found = /^listening http:\/\/.*:(\d+)$/.exec(line);
      if (found !== null) resolve(Number(found[1]));
    });
  });
  if (port !== null) return { pid: child.pid!, port, stop };
  await stop();
  throw new Error(`the server does not listen; it said: ${said.join("\n")}`);
}

/** What the task runs that people start the server with. */
function startCommand(): Command {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
  const [runtime, ...words] = tasks.start.command.split(" ");
  assert(runtime === "deno" && words[0] === "run", "the task start is one deno run");
  return runtimeCommand(...words);
}

function withoutSettings(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING.test(name)));
}
