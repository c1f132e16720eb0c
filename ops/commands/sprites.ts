/**
 * `deno task sprites [--folder F] [--out O] [--jobs N] [--avif] [--json]`: builds
 * the images that /assets/* serves.
 *
 * Exit codes are sysexits': 0 built, 64 not understood, 65 an image is wrong or
 * too heavy, 70 ours, 73 it cannot be written. Whatever the code, what was
 * served before is served still.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildAssets } from "../../assets/build.ts";
import type { BuildSummary } from "../../assets/build_report.ts";
import { systemClock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import {
  commandLine,
  environment,
  exitProcess,
  printError,
  printLine,
} from "../../runtime/platform.ts";

const EXIT_CODES: Record<string, number> = {
  usage: 64,
  badInput: 65,
  overweight: 65,
  cannotWrite: 73,
};
const OURS = 70;
const BAR_CHARS = 24;
const PROCESSES_MAX = 64;

interface Asked {
  folder: string | null;
  out: string;
  processes: number;
  avif: boolean;
  json: boolean;
}

try {
  await build(readAsked());
} catch (thrown) {
  printError(reasonOf(thrown));
  exitProcess((thrown instanceof Failure ? EXIT_CODES[thrown.code] : undefined) ?? OURS);
}

async function build({ json, ...asked }: Asked): Promise<void> {
  const hasBar = process.stderr.isTTY && !json;
  const summary = await buildAssets({
    ...asked,
    clock: systemClock,
    progress: (done, all, name) => {
      if (hasBar) process.stderr.write(`\r${bar(done / all)} ${done}/${all} ${name}\x1b[K`);
    },
  });
  if (hasBar) process.stderr.write("\r\x1b[K");
  if (json) printLine(JSON.stringify(summary));
  else for (const line of told(summary, asked.out)) printLine(line);
}

/** @throws {Failure} `usage` */
function readAsked(): Asked {
  const settings = environment();
  const values = parsed();
  const processes = Number(values.jobs ?? availableParallelism());
  if (!Number.isInteger(processes) || processes < 1 || processes > PROCESSES_MAX) {
    throw usage(`--jobs needs a number from 1 to ${PROCESSES_MAX}, found ${values.jobs}`);
  }
  return {
    folder: values.folder ?? (settings.GOLAZO_ASSETS_FOLDER || null),
    out: values.out ?? join(settings.GOLAZO_DATA || "data", "assets"),
    processes,
    avif: values.avif,
    json: values.json,
  };
}

function parsed() {
  try {
    return parseArgs({
      args: commandLine(),
      options: {
        folder: { type: "string" },
        out: { type: "string" },
        jobs: { type: "string" },
        avif: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    }).values;
  } catch (thrown) {
    throw usage(reasonOf(thrown));
  }
}

function usage(reason: string): Failure {
  return new Failure(
    "usage",
    `Cannot build the images: ${reason}\n` +
      "usage: deno task sprites [--folder F] [--out O] [--jobs N] [--avif] [--json]",
  );
}

function bar(share: number): string {
  const full = Math.round(share * BAR_CHARS);
  return `[${"#".repeat(full)}${".".repeat(BAR_CHARS - full)}]`;
}

function told(summary: BuildSummary, out: string): string[] {
  const { packs, images, requestsSaved, bytesBefore, bytesAfter, made, durationMs } = summary;
  const row = (
    id: string,
    count: number,
    saved: number,
    before: number,
    after: typeof bytesAfter,
  ) =>
    [id.padEnd(10), `${count} images`.padStart(11), `${saved} requests saved`.padStart(19)]
      .concat(`${kilobytes(before)} ->`.padStart(12))
      .concat(Object.entries(after).map(([density, bytes]) => `${density} ${kilobytes(bytes)}`))
      .join("  ");
  return [
    ...packs.map((one) =>
      row(one.id, one.images, one.requestsSaved, one.bytesBefore, one.bytesAfter)
    ),
    row("all", images, requestsSaved, bytesBefore, bytesAfter),
    `${out}: version ${summary.version}${summary.isNew ? "" : ", as before"}, ` +
    `${summary.files} files, ${made.length} tasks made, ${(durationMs / 1000).toFixed(1)} s`,
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
