/**
 * From a command line to a running process, and to an exit code that says why
 * it is not running.
 *
 *   golazo             the server
 *   golazo config      its settings, secrets redacted
 *   golazo import FILE fixtures, teams and squads
 *   golazo migrate     the tables of its database
 *
 * Exit codes are those of sysexits.h: 78 settings, 69 something needed is not
 * there, 70 a failure of our own.
 */
import { existsSync, readFileSync } from "node:fs";
import { systemClock } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { commandLine, environment, printError, printLine } from "../runtime/platform.ts";
import { hasAssets } from "./asset_children.ts";
import { BusinessLog } from "./business_log.ts";
import { type Config, type ConfigSources, configText, parseConfig } from "./config.ts";
import { startPatiently } from "./patient_start.ts";
import { EXIT_SOFTWARE, liveWith } from "./shutdown.ts";
import { Starting } from "./starting.ts";

const EXIT_UNAVAILABLE = 69;
const EXIT_CONFIG = 78;

/** Runs the command; null while a server goes on. */
export async function boot(): Promise<number | null> {
  try {
    const sources = readSources();
    const config = parseConfig(sources);
    const [command = "start", ...words] = config.positional;
    switch (command) {
      case "start":
        return await start(config);
      case "config":
        printLine(configText(sources));
        return 0;
      case "import": {
        // A server has no use for it, and a gateway loads no SQL.
        const { importFixtures } = await import("./import_fixtures.ts");
        return await importFixtures(config, words, printLine);
      }
      case "migrate": {
        const { runMigrations } = await import("./migrate_command.ts");
        return await runMigrations(config, printLine);
      }
      default:
        throw new Failure(
          "configInvalid",
          `Cannot run ${JSON.stringify(command)}: needed start, config, import or migrate`,
        );
    }
  } catch (error) {
    return fail(error);
  }
}

async function start(config: Config): Promise<null> {
  const log = new BusinessLog({ mode: config.mode, clock: systemClock, write: printError });
  const starting = new Starting((signal) =>
    startPatiently({ config, log, write: printError, signal })
  );
  liveWith(starting, log);
  const golazo = await starting.started;
  if (golazo === null) return null;
  if (golazo.address !== null) printLine(`listening ${golazo.address}`);
  printError(`admin ${golazo.adminAddress}`);
  if (golazo.address !== null && !hasAssets(config)) {
    printError("pages draw badges, as no flags and stickers are built yet: deno task sprites");
  }
  if (golazo.replay === "standsBy") {
    printError("standing by to replay the bundled matches: another process does");
  }
  if (golazo.replay === "plays") {
    printError(
      `replaying the bundled matches ${config.replaySpeed} times as fast, over and over, as no ` +
        "provider is configured: set GOLAZO_FEED_SECRET_<PROVIDER> to take real ones",
    );
  }
  return null;
}

export function readSources(): ConfigSources {
  return {
    argv: commandLine(),
    env: environment(),
    readFile: (path) => existsSync(path) ? readFileSync(path, "utf8") : null,
  };
}

/** Says why there is no process, and answers its exit code. */
export function fail(error: unknown): number {
  printError(textOf(error));
  return exitCodeOf(error);
}

/** The failure and what is behind it, without a stack: these are the world's. */
function textOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? error.stack ?? error.message : reasonOf(error);
}

function exitCodeOf(error: unknown): number {
  const failure = error instanceof Failure && error.code === "childNotStarted" && error.cause
    ? error.cause
    : error;
  if (!(failure instanceof Failure)) return EXIT_SOFTWARE;
  return failure.code === "configInvalid" ? EXIT_CONFIG : EXIT_UNAVAILABLE;
}
