/**
 * `deno task bench NAME [options]`: one benchmark, figures as JSON lines on
 * stdout, progress on stderr.
 *
 * The exit code is 0 only after the line `done`: a bench that could not
 * measure says why and prints no figure that somebody could take for one.
 */
import process from "node:process";
import { reasonOf } from "../runtime/failure.ts";
import { commandLine, exitProcess, printError } from "../runtime/platform.ts";
import { bytes } from "./bytes.ts";
import { chat } from "./chat.ts";
import { crowd } from "./crowd.ts";
import { fanout } from "./fanout.ts";
import { printDone } from "./figure.ts";
import { histogram } from "./histogram.ts";
import { hotstate } from "./hotstate.ts";
import { latency } from "./latency.ts";
import { moderation } from "./moderation.ts";
import { origin } from "./origin.ts";
import { sprites } from "./sprites.ts";
import { predict } from "./predict.ts";
import { ranks } from "./ranks.ts";
import { settle } from "./settle.ts";
import { storm } from "./storm.ts";

/** Takes the words after the name, prints its figures. @throws where it could not measure. */
type Bench = (options: string[]) => Promise<void>;

const benches: Record<string, Bench> = {
  bytes,
  chat,
  crowd,
  fanout,
  histogram,
  hotstate,
  latency,
  moderation,
  origin,
  sprites,
  predict,
  ranks,
  settle,
  storm,
};

const [name = "", ...options] = commandLine();
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  const names = Object.keys(benches).join(", ");
  printError(`Cannot run the bench ${JSON.stringify(name)}: needed one of ${names}`);
  exitProcess(64);
}
// So that what was started is ended on the way out.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => exitProcess(130));
try {
  await bench(options);
  printDone(name);
  exitProcess(0);
} catch (error) {
  printError(`Cannot measure ${name}: ${reasonOf(error)}`);
  exitProcess(1);
}
