import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram, programs } from "../ops/debian_program.ts";
import { opening } from "./opening.ts";
import { ProcessGroup, type ServerProcess } from "./process_group.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

/** Debian's own: another Python on the PATH does not see Debian's modules. */
const PYTHON = "/usr/bin/python3";
const MODULES = ["/usr/lib/python3/dist-packages"];

const clients = [
  { library: "websockets", needs: programs.pythonWebsockets },
  { library: "wsproto", needs: programs.pythonWsproto },
];

let group: ProcessGroup;
let server: ServerProcess;
beforeAll(async () => {
  group = new ProcessGroup({ ...WebhookSource.settings, GOLAZO_REPLAY_SPEED: "0" });
  server = await group.start();
});
afterAll(() => group.end());

describe("a client that is not ours", () => {
  for (const { library, needs } of clients) {
    const isThere = findProgram(programs.python, ["/usr/bin"]) !== null &&
      findProgram(needs, MODULES) !== null;
    const mayMiss = process.env.GOLAZO_TEST_INSTALL === "0";
    if (!isThere && mayMiss) console.log(`skipped: ${needs.debianPackage} is not installed`);
    test.skipIf(!isThere && mayMiss)(
      `${library} says hello, hears the goal and closes`,
      async () => {
        const source = new WebhookSource(() => server.address);
        const match = `seen-by-${library}`;
        const [scheduled] = await source.post(match, opening());
        expect(scheduled!.answer).toBe("accepted");

        const heard: Record<string, unknown>[] = [];
        const client = watch(library, server, `match:${match}`, heard);
        const first = (name: string) => heard.find((line) => name in line)?.[name];
        await until("it is subscribed and its ping answered", () => {
          if (client.exitCode !== null) throw new Error(`${library} ended with ${client.exitCode}`);
          return first("subscribed") !== undefined && first("pong") !== undefined;
        });
        expect(first("welcome")).toMatchObject({ pingEveryMs: expect.any(Number) });
        expect(first("subscribed")).toMatchObject({ id: 1, channel: `match:${match}` });
        expect(first("pong")).toBe("ninety-minutes");

        const goal = { id: "g1", revision: 1, occurredAt: Date.now(), type: "goal.scored" };
        await source.post(match, [{ ...goal, side: "home", method: "open", minute: 7 }]);
        await until("it closed and ended", () => client.exitCode !== null);
        expect(client.exitCode).toBe(0);
        expect(first("publication")).toMatchObject({
          goal: { side: "home", home: 1, minute: 7 },
        });
        expect(first("closed")).toBe(1000);
      },
    );
  }
});

/** Puts each line that the client prints into `heard`. */
function watch(
  library: string,
  { address }: ServerProcess,
  channel: string,
  heard: Record<string, unknown>[],
): ChildProcess {
  const program = fileURLToPath(new URL(`interop/${library}_client.py`, import.meta.url));
  const url = `${address.replace("http", "ws")}/ws`;
  const child = spawn(PYTHON, [program, url, channel], { stdio: ["ignore", "pipe", "inherit"] });
  let rest = "";
  child.stdout!.on("data", (bytes) => {
    const lines = (rest + bytes).split("\n");
    rest = lines.pop()!;
    heard.push(...lines.map((line) => JSON.parse(line)));
  });
  return child;
}
