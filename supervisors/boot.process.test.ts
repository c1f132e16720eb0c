/**
 * The process as whoever runs it meets it: when it does not start it says why,
 * by name and with the way out, and its exit code says of which kind that is.
 */
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { ProcessGroup, type ServerProcess } from "../drills/process_group.ts";
import { until } from "../drills/until.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COMMAND = "Deno" in globalThis ? ["run", "-A", "main.ts"] : ["main.ts"];
/** A provider, so that nothing is replayed. */
const PROVIDER = { GOLAZO_FEED_SECRET_ACME: `whsec_${"c2VjcmV0".repeat(6)}` };
const KICKOFF = "2026-06-11T19:00:00Z";

let folder: TemporaryFolder;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Runs the command to its end. */
function run(
  words: string[],
  settings: Record<string, string>,
  cwd = ROOT,
): Promise<{ code: number | null; out: string; err: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DENO_DIR: process.env.DENO_DIR,
    ...{ PORT: "0", ADMIN_LISTEN: "127.0.0.1:0", GOLAZO_DATA: folder.path("data"), ...settings },
  };
  const child = spawn(process.execPath, [...COMMAND, ...words], {
    ...{ cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] },
  });
  const said = { out: "", err: "" };
  child.stdout!.on("data", (chunk) => (said.out += chunk));
  child.stderr!.on("data", (chunk) => (said.err += chunk));
  // What starts although it should not must not outlive the test.
  const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
  return new Promise((resolve) =>
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, ...said });
    })
  );
}

/** A server on a folder of its own, ended with the test. */
async function serving(
  task: (server: ServerProcess, group: ProcessGroup) => Promise<void>,
): Promise<void> {
  const group = new ProcessGroup(PROVIDER);
  let said = "";
  onTestFailed(() => console.error(`the server said: ${said}`));
  try {
    const server = await group.start();
    await task(server, group).finally(() => (said = server.log().slice(-2_000)));
  } finally {
    group.end();
  }
}

/** As clients do: a server that is late, as this machine is busy, sends who comes away for a while. */
async function opened(address: string): Promise<WebSocket> {
  let socket!: WebSocket;
  await until("a socket is open", () =>
    new Promise<boolean>((resolve) => {
      socket = new WebSocket(`${address.replace("http", "ws")}/ws`, "golazo.v1.json");
      socket.addEventListener("open", () => resolve(true));
      socket.addEventListener("close", () => resolve(false));
    }), 60_000);
  return socket;
}

async function json(address: string, path: string) {
  const reply = await fetch(`${address}${path}`);
  return { status: reply.status, body: await reply.json() };
}

/** A match with a goal, by the operator's hand. */
async function play({ adminAddress }: ServerProcess, { dataFolder }: ProcessGroup): Promise<void> {
  const token = readFileSync(join(dataFolder, "operator.token"), "utf8").trim();
  const team = (name: string) => ({ id: name.toLowerCase(), name });
  const facts = [
    {
      ...{ type: "match.scheduled", id: "fixture", competition: "World Cup", stage: "Group A" },
      ...{ kickoffAt: KICKOFF, home: team("Mexico"), away: team("Chile"), format: { kind: "cup" } },
    },
    { type: "period.started", id: "start", period: "firstHalf" },
    {
      ...{ type: "goal.scored", id: "goal", side: "home", method: "open" },
      ...{ period: "firstHalf", minute: 9, player: { name: "Hirving Lozano" } },
    },
  ];
  const reply = await fetch(`${adminAddress}/api/ops/matches/mex-chi/facts`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ facts }),
  });
  expect(await reply.json()).toMatchObject({
    facts: [1, 2, 3].map(() => ({ outcome: "accepted" })),
  });
}

describe("a server that cannot start", () => {
  test("names every bad setting: 78", async () => {
    const { code, err, out } = await run([], { PORT: "seventy", GOLAZO_COLOUR: "red" });
    expect(code).toBe(78);
    expect(err).toContain("PORT needs");
    expect(err).toContain('"seventy"');
    expect(err).toContain("GOLAZO_COLOUR");
    expect(out).toBe("");
  });

  test("refuses production without keys, origins and secrets, naming each: 78", async () => {
    const { code, err } = await run([], { GOLAZO_MODE: "production" });
    expect(code).toBe(78);
    for (const name of ["GOLAZO_TOKEN_SECRET", "GOLAZO_ORIGINS", "GOLAZO_FEED_SECRET_"]) {
      expect(err).toContain(name);
    }
  });

  test("names an unknown command: 78", async () => {
    const { code, err } = await run(["play"], {});
    expect(code).toBe(78);
    expect(err).toContain('"play"');
  });

  for (const [setting, value] of [["PORT", "%"], ["ADMIN_LISTEN", "127.0.0.1:%"]] as const) {
    test(`names a port that is taken and ${setting}, the way out: 69`, async () => {
      const other = createServer();
      await new Promise<void>((listening) => other.listen(0, "0.0.0.0", listening));
      const port = String((other.address() as AddressInfo).port);
      const { code, err, out } = await run([], {
        ...PROVIDER,
        [setting]: value.replace("%", port),
      });
      other.close();
      expect(code).toBe(69);
      expect(err).toContain(`:${port}`);
      expect(err).toContain(setting);
      expect(err).not.toContain("    at ");
      expect(out).toBe("");
    });
  }

  for (
    const [what, spoil, says] of [
      [
        "missing",
        (bundled: string) => rmSync(join(bundled, readdirSync(bundled)[0]!)),
        /at least 5 bundled matches are needed: found 4\. Restore feed\/bundled\//,
      ],
      [
        "corrupt",
        (bundled: string) => writeFileSync(join(bundled, readdirSync(bundled)[0]!), '{"id": "a'),
        /arg-fra-2022-12-18\.json as it must be JSON.*Restore the file from the release/,
      ],
    ] as const
  ) {
    test(`names a bundled match that is ${what}, and the way out: 69`, async () => {
      const checkout = folder.path("checkout");
      const skipped = ["node_modules", ".git", "data", "artefacts"];
      cpSync(ROOT, checkout, {
        recursive: true,
        filter: (path) => !skipped.includes(relative(ROOT, path)),
      });
      symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
      spoil(join(checkout, "feed/bundled"));
      const { code, err } = await run([], {}, checkout);
      expect(code).toBe(69);
      expect(err).toMatch(says);
    });
  }

  test("names who holds its data folder: 69", async () => {
    await serving(async (server, { dataFolder }) => {
      const { code, err } = await run([], { ...PROVIDER, GOLAZO_DATA: dataFolder });
      expect(code).toBe(69);
      expect(err).toMatch(new RegExp(`as ${server.pid}-[0-9a-z]+ holds it.*stop that process`));
      expect((await json(server.address, "/healthz")).status).toBe(200);
    });
  });
});

describe("a server that starts", () => {
  test("with a damaged hot.db puts it aside, says so and shows the same from SQL", async () => {
    await serving(async (server, group) => {
      await play(server, group);
      const before = await json(server.address, "/api/matches/mex-chi");
      expect(before.body).toMatchObject({ score: { home: 1, away: 0 }, phase: "firstHalf" });
      expect((await group.stop(server)).code).toBe(0);
      writeFileSync(join(group.dataFolder, "hot.db"), "no database at all".repeat(1_000));
      const again = await group.start();
      expect(await json(again.address, "/api/matches/mex-chi")).toEqual(before);
      const { matches } = (await json(again.address, "/api/matches")).body;
      expect(matches.map(({ id }: { id: string }) => id)).toEqual(["mex-chi"]);
      expect(again.log()).toMatch(/hot\.db aside as .*hot\.db\.corrupt-\d+/);
      expect(readdirSync(group.dataFolder).join()).toMatch(/hot\.db\.corrupt-\d+/);
    });
  });

  test("ends on SIGTERM within 10 s: goodbye, 4014, exit 0", async () => {
    await serving(async (server) => {
      const socket = await opened(server.address);
      const frames: Record<string, unknown>[] = [];
      const closed = new Promise<number>((resolve) =>
        socket.addEventListener("close", ({ code }) => resolve(code))
      );
      socket.addEventListener("message", ({ data }) => void frames.push(JSON.parse(String(data))));
      socket.send(JSON.stringify({ hello: { deviceId: "phone", instanceId: "tab", attempt: 1 } }));
      await expect.poll(() => frames.some((frame) => "welcome" in frame), { timeout: 5_000 })
        .toBe(true);
      const askedAt = performance.now();
      server.kill("SIGTERM");
      expect(await closed).toBe(4014);
      expect(frames.at(-1)).toMatchObject({ goodbye: { code: 4014 } });
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(performance.now() - askedAt).toBeLessThan(10_000);
    });
  });
});

describe("import", () => {
  const file = () => folder.path("fixtures.json");
  const write = (change: object = {}) => {
    const squad = [{ id: "9", name: "A Striker", number: 9 }];
    writeFileSync(
      file(),
      JSON.stringify({
        competitions: [{ id: "wc", name: "World Cup", format: { kind: "cup" } }],
        teams: [
          { id: "mex", name: "Mexico", squad },
          { id: "chi", name: "Chile", squad: [] },
        ],
        fixtures: [
          {
            ...{ matchId: "mex-chi", competition: "wc", stage: "Group A", kickoffAt: KICKOFF },
            ...{ home: "mex", away: "chi", ...change },
          },
        ],
      }),
    );
  };

  test("goes to the server that runs, which shows it at once; twice changes nothing", async () => {
    write();
    await serving(async (server, { dataFolder }) => {
      const settings = { ...PROVIDER, GOLAZO_DATA: dataFolder };
      const first = await run(["import", file()], settings);
      expect(first.out).toContain("1 fixtures");
      expect(first.out).toContain("2 facts accepted, 0 known before, 0 rejected");
      expect(first.code).toBe(0);
      expect((await json(server.address, "/api/matches/mex-chi")).body)
        .toMatchObject({ id: "mex-chi", home: { name: "Mexico" } });
      const second = await run(["import", file()], settings);
      expect(second.out).toContain("0 facts accepted, 2 known before, 0 rejected");
      expect(second.code).toBe(0);
    });
  });

  test("without a server starts one for the moment; the next server has it", async () => {
    write();
    await serving(async (server, group) => {
      await group.stop(server);
      const { code, out } = await run(["import", file()], {
        ...PROVIDER,
        GOLAZO_DATA: group.dataFolder,
      });
      expect([code, out]).toEqual([0, expect.stringContaining("2 facts accepted")]);
      const next = await group.start();
      expect((await json(next.address, "/api/matches/mex-chi")).status).toBe(200);
    });
  });

  test("names everything that is wrong with the file, and takes nothing", async () => {
    write({ home: "nobody", kickoffAt: "soon" });
    const { code, err } = await run(["import", file()], PROVIDER);
    expect(code).toBe(69);
    expect(err).toContain("fixtures[0].kickoffAt");
    const missing = await run(["import", folder.path("none.json")], PROVIDER);
    expect([missing.code, missing.err]).toEqual([69, expect.stringContaining("none.json")]);
    const unnamed = await run(["import"], PROVIDER);
    expect([unnamed.code, unnamed.err]).toEqual([69, expect.stringContaining("needed a file")]);
  });
});
