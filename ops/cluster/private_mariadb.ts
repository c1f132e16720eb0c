/**
 * A MariaDB of a cluster's own.
 *
 * Its data folder is made whole or not at all. A file that the server reads at
 * each start gives its one user the password of this start, so none is kept;
 * nobody else has a password, so nobody else gets in over the network.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "../../runtime/failure.ts";
import { randomId, systemRandom } from "../../runtime/random.ts";
import type { PrivateServerOptions } from "./private_redis.ts";
import { type PrivateServer, privateServer } from "./private_server.ts";

export interface PrivateMariadbOptions extends PrivateServerOptions {
  /** Path of the program that makes a data folder. */
  installer: string;
}

const DATABASE = "golazo";

export function privateMariadb(options: PrivateMariadbOptions): PrivateServer {
  const { program, installer, folder } = options;
  const data = join(folder, "mariadb");
  const temporary = join(folder, "mariadb-tmp");
  const welcome = join(folder, "mariadb.sql");
  const password = randomId(systemRandom, 32);
  // A server that is root's has to be told that this is meant.
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  return privateServer({
    ...options,
    id: "mariadb",
    logPath: join(folder, "mariadb.log"),
    ready: /ready for connections/,
    command(port) {
      // A server that starts empties its folder of temporary tables, also of another's.
      mkdirSync(temporary, { recursive: true });
      const settings = [`--tmpdir=${temporary}`, ...asRoot];
      if (!existsSync(data)) makeData(installer, data, settings);
      const statements = [
        `CREATE DATABASE IF NOT EXISTS ${DATABASE};`,
        `CREATE OR REPLACE USER golazo@'%' IDENTIFIED BY '${password}';`,
        `GRANT ALL ON ${DATABASE}.* TO golazo@'%';`,
      ];
      writeFileSync(welcome, `${statements.join("\n")}\n`, { mode: 0o600 });
      return [
        ...[program, "--no-defaults", `--datadir=${data}`, ...settings, `--port=${port}`],
        ...["--bind-address=127.0.0.1", "--skip-name-resolve", "--socket=mariadb.sock"],
        ...["--pid-file=mariadb.pid", `--init-file=${welcome}`],
      ];
    },
    url: (port) => `mysql://golazo:${password}@127.0.0.1:${port}/${DATABASE}`,
  });
}

function makeData(installer: string, data: string, settings: string[]): void {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  const args = ["--no-defaults", `--datadir=${unfinished}`, "--skip-test-db", ...settings];
  const { status, stdout, stderr } = spawnSync(installer, args, { encoding: "utf8" });
  if (status !== 0) {
    throw new Failure(
      "databaseNotStarted",
      `Cannot make a MariaDB in ${data} as ${installer} ended with ${status}: ${stdout}${stderr}`,
    );
  }
  renameSync(unfinished, data);
}
