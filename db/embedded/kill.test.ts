import { spawn } from "node:child_process";
import { statSync, truncateSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentEvents } from "../../runtime/business_events.ts";
import { Failure } from "../../runtime/failure.ts";
import { systemRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { textOf } from "../contract/payload.ts";
import { MemoryBroker } from "./memory_broker.ts";
import { openOrSetAside, SqliteFile } from "./sqlite_file.ts";
import { SqliteStream } from "./sqlite_stream.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary_folder.ts";

const CHILD = fileURLToPath(new URL("./appending_child.ts", import.meta.url));
const STREAM = "ledger/match/a";

let folder: TemporaryFolder;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = folder.path("hot.db");
});
afterEach(() => folder.remove());

/** Runs the child until it has promised `promises` tops, kills it, answers the last one it printed. */
function killedAfter(promises: number): Promise<number> {
  const runtime = "Deno" in globalThis ? ["run", "-A", CHILD] : [CHILD];
  const child = spawn(process.execPath, [...runtime, path], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaint = "";
  child.stderr.on("data", (chunk) => complaint += chunk);
  child.stdout.on("data", (chunk) => {
    printed += chunk;
    if (printed.split("\n").length > promises) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("close", (_code, signal) => {
      const whole = printed.slice(0, printed.lastIndexOf("\n") + 1).trim().split("\n");
      if (signal === "SIGKILL") resolve(Number(whole.at(-1)));
      else reject(new Error(`the child ended by itself: ${complaint}`));
    });
  });
}

async function held(file: SqliteFile): Promise<{ top: number; positions: number[] }> {
  const store = new SqliteStream(file, new MemoryBroker(silentEvents), systemRandom);
  const entries = await store.read(STREAM, 0, 1_000_000);
  for (const { position, bytes } of entries) {
    expect(textOf(bytes)).toBe(`${position}`.padEnd(300, "."));
  }
  const top = (await store.position(STREAM))?.top ?? 0;
  return { top, positions: entries.map(({ position }) => position) };
}

test("SqliteStream holds every acknowledged append after SIGKILL, three times over", async () => {
  for (const promises of [5, 40, 150]) {
    const promised = await killedAfter(promises);
    const file = new SqliteFile(path, { synchronous: "full" });
    const { top, positions } = await held(file);
    file.close();
    expect(promised).toBeGreaterThan(0);
    expect(top).toBeGreaterThanOrEqual(promised);
    expect(top % 3).toBe(0);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
    expect(positions.length).toBe(top);
  }
}, 30_000);

test("a file cut by 100 bytes after SIGKILL opens without a gap or is set aside", async () => {
  for (const cut of ["hot.db-wal", "hot.db"]) {
    await killedAfter(50);
    const newest = folder.path(cut);
    truncateSync(newest, statSync(newest).size - 100);
    const options = { synchronous: "full", clock: new SimulatedClock() } as const;
    try {
      const { file, setAside } = openOrSetAside(path, options, silentEvents);
      const { top, positions } = await held(file);
      file.close();
      if (setAside !== null) expect(top).toBe(0);
      expect(positions).toEqual(positions.map((_, index) => index + 1));
      expect(positions.length).toBe(top);
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
    }
  }
}, 30_000);
