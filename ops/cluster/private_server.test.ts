import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../db/embedded/temporary_folder.ts";
import type { Random } from "../../runtime/random.ts";
import { privateServer } from "./private_server.ts";

/** A shell that plays a server: port 20000 is taken, 29000 breaks, on all others it is ready. */
function plan(...draws: number[]) {
  const folder = temporaryFolder();
  const printed: string[] = [];
  const random: Random = {
    fraction: () => (draws.shift()! - 20_000) / 10_000,
    bytes: (count) => new Uint8Array(count),
  };
  const script = `case $1 in
    20000) echo "bind: Address already in use"; exit 1;;
    29000) echo "no disk"; exit 1;;
    *) echo "ready on $1"; exec sleep 60;;
  esac`;
  const server = privateServer({
    ...{ id: "ball", logPath: folder.path("log"), random, ready: /^ready/ },
    command: (port) => ["/bin/sh", "-c", script, "sh", `${port}`],
    url: (port) => `redis://:secret@127.0.0.1:${port}/0`,
    print: (line) => void printed.push(line.replace(/pid \d+/, "pid N")),
    write: (line) => void printed.push(line.replace(/pid \d+/, "pid N")),
    signal: new AbortController().signal,
  });
  return { server, printed, folder };
}

describe("privateServer", () => {
  test("draws another port where one is taken, and keeps the one that it found", async () => {
    const { server, printed, folder } = plan(20_000, 25_000, 26_000);
    const first = await server.spec.start();
    expect(server.url()).toBe("redis://:secret@127.0.0.1:25000/0");
    await first.stop("over");
    const second = await server.spec.start();
    await second.stop("over");
    expect(printed).toEqual([
      "ball pid N redis://127.0.0.1:25000/0",
      "ball pid N ended",
      "ball pid N redis://127.0.0.1:25000/0",
      "ball pid N ended",
    ]);
    folder.remove();
  });

  test("gives up after five ports that are taken", async () => {
    const { server, folder } = plan(20_000, 20_000, 20_000, 20_000, 20_000, 25_000);
    await expect(server.spec.start()).rejects.toMatchObject({ code: "portTaken" });
    folder.remove();
  });

  test("does not try again over anything else, and says where its last words are", async () => {
    const { server, folder } = plan(29_000, 25_000);
    await expect(server.spec.start()).rejects.toThrow(
      `Cannot start ball: it ended with exit code 1; its last words are in ${folder.path("log")}`,
    );
    expect(readFileSync(folder.path("log"), "utf8")).toBe("no disk\n");
    folder.remove();
  });
});
