/**
 * `deno task cluster`: the distributed form on one machine, from nothing.
 *
 * Two gateways on one port, two owners and a worker, as supervisors/launcher.ts
 * runs them, on REDIS_URL and DATABASE_URL where those are set, else on a Redis
 * and a MariaDB of its own in <data>/cluster. Prints a line for each process
 * and then `listening http://…`; Ctrl-C ends all of it. For a look at how it
 * works and for drills: in production each process is your platform's.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { commandLine, exitProcess, printError, printLine } from "../../runtime/platform.ts";
import { systemRandom } from "../../runtime/random.ts";
import { fail, readSources } from "../../supervisors/boot.ts";
import { parseConfig } from "../../supervisors/config.ts";
import { launch } from "../../supervisors/launcher.ts";
import { operatorToken } from "../../supervisors/operator_key.ts";
import { liveWith } from "../../supervisors/shutdown.ts";
import { Starting } from "../../supervisors/starting.ts";
import { createTelemetry } from "../../supervisors/telemetry_sink.ts";
import { chooseDatabases } from "../cluster/databases.ts";

try {
  await startCluster();
} catch (error) {
  exitProcess(fail(error));
}

async function startCluster(): Promise<void> {
  const config = parseConfig(readSources());
  const folder = resolve(config.data, "cluster");
  mkdirSync(folder, { recursive: true });
  const lock = claim(folder);
  // Made here, as the processes that read it may write nothing.
  if (config.mode === "development") operatorToken(folder, systemRandom);
  const parts = { clock: systemClock, random: systemRandom };
  const { events, log } = createTelemetry({
    ...{ clock: parts.clock, mode: config.mode, write: printError },
    tracing: { endpoint: null, random: parts.random, process: {} },
  });
  const place = { folder, print: printLine, write: printError };
  const starting = new Starting((signal) =>
    launch({
      ...parts,
      ...place,
      ...chooseDatabases(config, { ...place, signal }),
      ...{ config, events, signal },
      flags: commandLine(),
    })
  );
  liveWith(starting, log);
  const cluster = await starting.started;
  if (cluster === null) return;
  void cluster.exited.then(() => lock.close());
  printLine(`listening ${cluster.address}`);
}

/** Held for as long as we live, however that ends: two clusters would ruin each other's files. */
function claim(folder: string): SqliteFile {
  const lock = new SqliteFile(join(folder, "lock.db"), { synchronous: "off" });
  try {
    lock.run("BEGIN IMMEDIATE");
    return lock;
  } catch (cause) {
    throw new Failure(
      "clusterRuns",
      `Cannot start a cluster in ${folder} as another one runs there: end it, or set GOLAZO_DATA`,
      { cause },
    );
  }
}
