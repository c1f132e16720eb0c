/**
 * A MariaDB of a test's own: real server, own folder, free port, gone with the test.
 *
 * Promises are kept as in production (a commit is on the disk); what makes a
 * server slow to start is left out. A shell stands between us and the server and
 * ends it when we are gone, however that came about. Making a data folder takes
 * 3 s, copying one does not: it is made once a version and kept among the
 * system's temporary files.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { systemClock } from "../../runtime/clock.ts";
import { mysqlDatabase } from "./mysql_dialect.ts";

const SERVER = "/usr/sbin/mariadbd";
const START_MS_MAX = 20_000;
/** The data folder depends on the first three: they are given whenever it is made or used. */
const SETTINGS = [
  "--innodb-log-file-size=10M",
  "--innodb-data-file-path=ibdata1:10M:autoextend",
  ...process.getuid?.() === 0 ? ["--user=root"] : [],
  "--innodb-buffer-pool-size=32M",
  "--innodb-flush-log-at-trx-commit=1",
  "--performance-schema=OFF",
  "--bind-address=127.0.0.1",
  "--skip-name-resolve",
];
const ADMIN = { user: "referee", password: "p@ss/word" };

export interface Mariadb {
  readonly port: number;
  readonly pid: number;
  /** Of `schema`, as somebody who may do everything; or as `user`. */
  url(schema: string, user?: { user: string; password: string }): string;
  /** Runs a statement as somebody who may do everything. */
  run<T>(statement: string): Promise<T[]>;
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
  /** On the same port and data, after it was killed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const STOPPED_MS_MAX = 2_000;

/** A signal reaches a process's threads one after the other: until then some still answer. */
function untilStopped(pid: number): void {
  const moment = new Int32Array(new SharedArrayBuffer(4));
  const isStopped = (thread: string) =>
    / T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8").slice(0, 64));
  const since = performance.now();
  while (!readdirSync(`/proc/${pid}/task`).every(isStopped)) {
    if (performance.now() - since > STOPPED_MS_MAX) throw new Error(`${pid} does not stop`);
    Atomics.wait(moment, 0, 0, 1);
  }
}

export async function startMariadb(...options: string[]): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), "golazo-mariadb-"));
  cpSync(template(), join(folder, "data"), { recursive: true });
  mkdirSync(join(folder, "tmp"));
  const port = await freePort();
  let server = await run(folder, port, options);
  const url = (schema: string, { user, password } = ADMIN) =>
    `mysql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${schema}`;
  const admin = mysqlDatabase(url("mysql"), { clock: systemClock }).kysely;
  return {
    port,
    get pid() {
      return server.pid;
    },
    url,
    async run<T>(statement: string) {
      return (await sql.raw<T>(statement).execute(admin)).rows;
    },
    signal(name) {
      process.kill(server.pid, name);
      if (name === "SIGSTOP") untilStopped(server.pid);
    },
    async restart() {
      await end(server);
      server = await run(folder, port, options);
    },
    async stop() {
      await admin.destroy();
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Running {
  shell: ChildProcess;
  pid: number;
}

async function run(folder: string, port: number, options: string[]): Promise<Running> {
  const log = join(folder, "server.err");
  const pidFile = join(folder, "pid");
  for (const path of [log, pidFile]) rmSync(path, { force: true });
  const args = [
    "--no-defaults",
    ...SETTINGS,
    `--datadir=${join(folder, "data")}`,
    // A server that starts empties its folder of temporary tables, also of another's.
    `--tmpdir=${join(folder, "tmp")}`,
    `--socket=${join(folder, "socket")}`,
    `--pid-file=${pidFile}`,
    `--port=${port}`,
    `--log-error=${log}`,
    ...options,
  ];
  // The shell reads until we close its input or are gone.
  const guard = '"$@" & read -r _; kill -KILL $! 2>/dev/null; wait';
  const shell = spawn("/bin/sh", ["-c", guard, "sh", SERVER, ...args], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const since = systemClock.monotonic();
  while (!existsSync(log) || !readFileSync(log, "utf8").includes("ready for connections")) {
    const said = existsSync(log) ? readFileSync(log, "utf8") : "";
    if (/\[ERROR\] Aborting/.test(said) || systemClock.monotonic() - since > START_MS_MAX) {
      shell.stdin?.end();
      throw new Error(`Cannot start ${SERVER}: ${said}`);
    }
    await wait(20);
  }
  return { shell, pid: Number(readFileSync(pidFile, "utf8")) };
}

async function end({ shell }: Running): Promise<void> {
  const exited = shell.exitCode === null ? once(shell, "exit") : null;
  shell.stdin?.end();
  await exited;
}

/** A data folder with `ADMIN` in it, whose path names the version that made it. */
function template(): string {
  const [version] = execFileSync(SERVER, ["--version"], { encoding: "utf8" })
    .match(/\d+\.\d+\.\d+[\w.+-]*/)!;
  const path = join(tmpdir(), `golazo-mariadb-template-${version}-${process.getuid?.()}`);
  if (existsSync(path)) return path;
  const fresh = mkdtempSync(join(tmpdir(), "golazo-mariadb-"));
  const data = join(fresh, "data");
  const folders = [`--datadir=${data}`, `--tmpdir=${fresh}`];
  const settings = ["--no-defaults", ...SETTINGS.slice(0, 3), ...folders];
  execFileSync("mariadb-install-db", [
    ...settings,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ], { stdio: "ignore" });
  const grants = `
    FLUSH PRIVILEGES;
    CREATE USER ${ADMIN.user}@'%' IDENTIFIED BY '${ADMIN.password}';
    GRANT ALL ON *.* TO ${ADMIN.user}@'%' WITH GRANT OPTION;`;
  execFileSync(SERVER, [...settings, "--bootstrap", "--silent-startup"], { input: grants });
  try {
    renameSync(data, path);
  } catch (error) {
    // Another test was quicker.
    if (!existsSync(path)) throw error;
  }
  rmSync(fresh, { recursive: true, force: true });
  return path;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
