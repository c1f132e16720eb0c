/**
 * `deno task cluster` with the rights of its task: processes that die come
 * back, a Ctrl-C ends all of them, and nothing outlives the launcher.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../drills/until.ts";
import { type Program, programs, ROOT } from "../../supervisors/main_test_kit.ts";

const NAMES = ["mariadb", "redis", "actors-1", "actors-2", "workers-1", "gateway-1", "gateway-2"];
const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
const [, ...command] = tasks.cluster.command.split(" ") as string[];
const isDeno = process.versions.deno !== undefined;
const RUNTIME = [process.execPath, ...isDeno ? command.slice(0, -1) : []];
const SOCKETS = 40;

interface Launched {
  name: string;
  pid: number;
  rest: string;
}

/** Each incarnation that a launcher has told of. */
function launchedBy(cluster: Program): Launched[] {
  return cluster.lines.flatMap((line) => {
    const [, name, pid, rest] = /^([a-z0-9-]+) pid (\d+) (?!ended)(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, pid: Number(pid), rest: rest! }];
  });
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is gone too: only who started it has yet to look.
    return !existsSync("/proc") ||
      !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function matchesAt(address: string): Promise<{ id: string; phase: string; seq: number }[]> {
  return (await (await fetch(`${address}/api/matches`)).json()).matches;
}

async function areThreeLive(address: string): Promise<boolean> {
  const matches = await matchesAt(address);
  return matches.filter(({ phase }) => phase !== "scheduled" && phase !== "finished").length === 3;
}

describe("a cluster", () => {
  const { start } = programs();
  let data: string;
  let cluster: Program;
  let address: string;

  const begin = () => {
    const settings = { GOLAZO_DATA: data };
    return start([], { runtime: RUNTIME, program: command.at(-1)!, settings });
  };
  const present = (name: string) => launchedBy(cluster).findLast((one) => one.name === name)!;
  const newer = (name: string, { pid }: Launched) =>
    until(`${name} is back`, () => present(name).pid !== pid, 30_000);

  beforeAll(async () => {
    mkdirSync(join(ROOT, "data"), { recursive: true });
    data = mkdtempSync(join(ROOT, "data", "cluster-"));
    cluster = begin();
    address = (await cluster.says(/^listening (http:\S+)$/, 60_000))[1]!;
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(data, { recursive: true, force: true });
  });

  test("is seven processes, each told of in a line, and plays matches", async () => {
    expect(launchedBy(cluster).map(({ name }) => name)).toEqual(NAMES);
    for (const name of ["gateway-1", "gateway-2"]) {
      expect(present(name).rest).toMatch(new RegExp(`^${address} admin http://127.0.0.1:\\d+$`));
    }
    await until("three matches are live", () => areThreeLive(address), 30_000);
    expect((await (await fetch(`${address}/`)).text()).toLowerCase()).toContain("<!doctype html>");
  });

  test.runIf(isDeno)("lets only the launcher start any program, and the worker paint", () => {
    const rightsOf = (pid: number) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")
        .filter((word) => word.startsWith("-A") || word.startsWith("--allow"));
    const namesOf = (pid: number) => rightsOf(pid).map((word) => word.split("=")[0]);
    const least = ["--allow-net", "--allow-env", "--allow-read"];
    for (const name of NAMES.slice(2).filter((name) => !name.startsWith("workers"))) {
      expect(namesOf(present(name).pid)).toEqual(least);
    }
    const worker = rightsOf(present("workers-1").pid);
    expect(worker.map((word) => word.split("=")[0])).toEqual([
      ...[...least, "--allow-write", "--allow-run"],
    ]);
    expect(worker.at(-2)).toMatch(/=.*\/cards$/);
    expect(worker.at(-1)).toBe(`--allow-run=${process.execPath}`);
    expect(namesOf(cluster.pid)).toEqual([
      ...["--allow-run", "--allow-env", "--allow-read", "--allow-write", "--allow-sys"],
    ]);
  });

  test("shares fans out over both gateways of the one port", async () => {
    const sockets = Array.from(
      { length: SOCKETS },
      () => new WebSocket(`${address.replace("http", "ws")}/ws`, "golazo.v1.json"),
    );
    await Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.addEventListener("open", resolve))),
    );
    const counts = await Promise.all(["gateway-1", "gateway-2"].map(async (name) => {
      const [admin] = /http:\S+$/.exec(present(name).rest)!;
      const text = await (await fetch(`${admin}/metrics`)).text();
      return Number(/^golazo_connections (\d+)$/m.exec(text)![1]);
    }));
    for (const socket of sockets) socket.close();
    console.log(`${SOCKETS} sockets on two gateways: ${counts.join(" + ")}`);
    expect(counts[0]! + counts[1]!).toBe(SOCKETS);
    expect(Math.min(...counts)).toBeGreaterThan(SOCKETS / 8);
  });

  test("brings back an owner, a gateway and a Redis that were killed", async () => {
    const before = await matchesAt(address);
    const killed = ["actors-1", "gateway-1", "redis"].map(present);
    for (const { pid } of killed) process.kill(pid, "SIGKILL");
    await Promise.all(killed.map((one) => newer(one.name, one)));
    expect(cluster.said()).toMatch(/child\.restarted id=actors-1 reason="SIGKILL ended it"/);
    expect(present("gateway-1").rest).toContain(address);
    expect(present("redis").rest).toBe(killed[2]!.rest);
    await until("a match goes on", async () => {
      const now = await matchesAt(address).catch(() => []);
      return now.some(({ id, seq }) => before.some((one) => one.id === id && one.seq < seq));
    }, 30_000);
  });

  test("refuses another one in its folder: exit 69", async () => {
    const second = begin();
    expect(await second.exitCode).toBe(69);
    expect(second.said()).toMatch(/Cannot start a cluster in .* as another one runs there/);
  });

  test("says what to install where a database's program is missing: exit 69", async () => {
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    const settings = { GOLAZO_DATA: join(data, "elsewhere"), DATABASE_URL: "mysql://a:b@c/d" };
    const poor = start([], { runtime: RUNTIME, program: command.at(-1)!, settings });
    process.env.PATH = PATH;
    expect(await poor.exitCode).toBe(69);
    expect(poor.said()).toContain("redis-server must be installed: apt-get install redis-server");
  });

  test("ends in reverse order on Ctrl-C, also one that hangs: exit 0, nothing is left", async () => {
    const pids = launchedBy(cluster).map(({ pid }) => pid);
    process.kill(present("workers-1").pid, "SIGSTOP");
    const since = performance.now();
    cluster.kill("SIGINT");
    // Under `deno task` it comes twice: that passes on what the terminal has sent already.
    await pause(50);
    cluster.kill("SIGINT");
    expect(await cluster.exitCode).toBe(0);
    console.log(
      `a cluster with a frozen worker ended in ${Math.round(performance.now() - since)} ms`,
    );
    expect(cluster.said()).toMatch(/^workers-1 did not end within 10000 ms: killed$/m);
    expect(pids.filter(isThere)).toEqual([]);
    const ended = cluster.lines.flatMap((line) => /^(\S+) pid \d+ ended$/.exec(line)?.[1] ?? []);
    expect(ended.slice(-NAMES.length)).toEqual(NAMES.toReversed());
  });

  test("gives up when its processes die too often: exit 70, nothing is left", async () => {
    cluster = begin();
    await cluster.says(/^listening (http:\S+)$/, 60_000);
    for (let round = 0; round < 2; round++) {
      const all = NAMES.slice(2).map(present);
      for (const { pid } of all) process.kill(pid, "SIGKILL");
      if (round === 0) await Promise.all(all.map((one) => newer(one.name, one)));
    }
    expect(await cluster.exitCode).toBe(70);
    expect(cluster.said()).toMatch(/cluster gave up after more than 7 restarts in 60 s/);
    expect(launchedBy(cluster).map(({ pid }) => pid).filter(isThere)).toEqual([]);
  });

  test.runIf(existsSync("/usr/bin/setpriv"))(
    "starts again on what it left, and leaves nothing behind when the launcher is killed",
    async () => {
      cluster = begin();
      address = (await cluster.says(/^listening (http:\S+)$/, 60_000))[1]!;
      await until("three matches are live", () => areThreeLive(address), 30_000);
      const pids = launchedBy(cluster).map(({ pid }) => pid);
      cluster.kill("SIGKILL");
      await until("all have ended", () => !pids.some(isThere), 30_000);
    },
  );
});
