/**
 * `deno task settle MATCH`: ends the holding time of a match's settlement on the
 * running server of the data folder, and shows how it goes.
 *
 *   --hold REASON            nothing more is written
 *   --resume                 it goes on
 *   --void MARKET --reason R a market is taken out, and settled again without
 *   --again --reason R       the same once more: writes what is missing, verifies
 *
 * Exit code 0 once it is settled (or held, as asked), 1 where it is not, 69
 * where no server of development answers.
 */
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { exitProcess, printError, printLine } from "../../runtime/platform.ts";
import { systemRandom } from "../../runtime/random.ts";
import { fail, readSources } from "../../supervisors/boot.ts";
import { type Config, parseConfig } from "../../supervisors/config.ts";
import { operatorToken } from "../../supervisors/operator_key.ts";
import { findServer } from "../../supervisors/running_server.ts";

const LOOK_MS = 200;
/** A server looks for matches to settle every ten seconds. */
const BEGIN_MS_MAX = 15_000;
const UNAVAILABLE = 69;
const BAR = 40;
const ENDS = ["settled", "unchanged", "superseded"];

interface Asked {
  match: string;
  command: "settle" | "hold" | "resume" | "void" | "again";
  body: { reason?: string; market?: string };
}

interface Shown {
  run: number;
  state: string;
  chunks: number;
  committed: number;
  ranked: number;
  predictions: number;
  points: number;
  held: { reason: string } | null;
  setAside: { market: string; pick: string; reason: string }[];
}

try {
  exitProcess(await settle());
} catch (error) {
  exitProcess(fail(error));
}

async function settle(): Promise<number> {
  const sources = readSources();
  const { words, flags } = ownFlags(sources.argv);
  const config = parseConfig({ ...sources, argv: words });
  const asked = read(config, flags);
  const server = await findServer(config.data);
  if (server === null || config.mode === "production") {
    const found = server === null
      ? `no running server on ${config.data}: start it, or name its folder by GOLAZO_DATA`
      : `one of production: with an operator's token POST ${server}/api/ops/settlements/…`;
    printError(`Cannot settle ${asked.match}: needed a server of development, found ${found}`);
    return UNAVAILABLE;
  }
  const before = await begun(server, config, asked);
  const { match, command, body } = asked;
  if (command !== "settle" || (before !== null && !ENDS.includes(before.state))) {
    await ask(server, config, `${match}/${command}`, body);
  }
  const isAnew = command === "void" || command === "again";
  return await watch(server, config, asked, isAnew ? before?.run ?? 0 : 0);
}

/** The match's current run; a match that has just ended is waited for. */
async function begun(
  server: string,
  config: Config,
  { match, command }: Asked,
): Promise<Shown | null> {
  const since = systemClock.monotonic();
  for (;; await pause(systemClock, LOOK_MS)) {
    const run = await show(server, config, match);
    const isLate = systemClock.monotonic() - since > BEGIN_MS_MAX;
    if (run !== null || command === "void" || isLate) return run;
  }
}

/** @param after the run that the one to be watched comes after */
async function watch(
  server: string,
  config: Config,
  { match, command }: Asked,
  after: number,
): Promise<number> {
  const since = systemClock.monotonic();
  let told = "";
  for (;; await pause(systemClock, LOOK_MS)) {
    const run = await show(server, config, match);
    if (run === null || run.run <= after) {
      if (systemClock.monotonic() - since < BEGIN_MS_MAX) continue;
      printError(`${match} has nothing to settle: the match must be over`);
      return 1;
    }
    const line = lineOf(match, run);
    if (line !== told) printError(line);
    told = line;
    const isOver = ENDS.includes(run.state) || run.state === "held";
    const isDone = command === "hold" || (command === "resume" && run.held === null);
    if (!isOver && !isDone) continue;
    for (const { market, pick, reason } of run.setAside) {
      printError(`set aside: ${market} ${pick}: ${reason}`);
    }
    printLine(JSON.stringify(run));
    const wanted = command === "hold" ? run.held !== null : run.state !== "held";
    return wanted ? 0 : 1;
  }
}

function lineOf(match: string, { run, state, chunks, committed, ranked, held }: Shown): string {
  const share = chunks === 0 ? 1 : (committed + ranked) / (2 * chunks);
  const bar = "#".repeat(Math.round(BAR * share)).padEnd(BAR, ".");
  const why = held === null ? "" : `: ${held.reason}`;
  return `${match} run ${run} [${bar}] ${committed}/${chunks} written, ${ranked} ranked, ` +
    `${state}${why}`;
}

async function show(server: string, config: Config, match: string): Promise<Shown | null> {
  try {
    return await ask(server, config, match) as Shown;
  } catch (error) {
    if (error instanceof Failure && error.code === "noRun") return null;
    throw error;
  }
}

async function ask(server: string, config: Config, path: string, body?: object): Promise<unknown> {
  const token = operatorToken(config.data, systemRandom);
  const reply = await fetch(`${server}/api/ops/settlements/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = await reply.json();
  if (reply.ok) return said;
  throw new Failure(said.code, said.detail);
}

type Flags = Partial<Record<"hold" | "void" | "reason" | "resume" | "again", string>>;

/** Flags that are this command's and no setting. */
function ownFlags(argv: string[]): { words: string[]; flags: Flags } {
  const words: string[] = [];
  const flags: Flags = {};
  for (let at = 0; at < argv.length; at++) {
    const name = argv[at]!.replace(/^--/, "") as keyof Flags;
    const isFlag = argv[at]!.startsWith("--");
    if (isFlag && ["hold", "void", "reason"].includes(name)) flags[name] = argv[++at] ?? "";
    else if (isFlag && ["resume", "again"].includes(name)) flags[name] = "";
    else words.push(argv[at]!);
  }
  return { words, flags };
}

function read({ positional }: Config, flags: Flags): Asked {
  const [match = "", ...rest] = positional;
  const { hold, resume, void: market, again, reason } = flags;
  const commands = [hold, resume, market, again].filter((flag) => flag !== undefined);
  if (match === "" || rest.length > 0 || commands.length > 1) {
    throw new Failure(
      "configInvalid",
      "Cannot settle: needed MATCH and at most one of --hold REASON, --resume, --void MARKET " +
        `--reason R, --again --reason R; found ${positional.join(" ") || "nothing"}`,
    );
  }
  if (hold !== undefined) return { match, command: "hold", body: { reason: hold } };
  if (resume !== undefined) return { match, command: "resume", body: {} };
  if (market !== undefined) return { match, command: "void", body: { market, reason } };
  if (again !== undefined) return { match, command: "again", body: { reason } };
  return { match, command: "settle", body: {} };
}
