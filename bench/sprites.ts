/**
 * `deno task bench sprites`: what a cold list of matches loads, flags and
 * reactions, as sheets and as a file for each.
 *
 * The sheets are those of `deno task sprites`, built cold by its own command.
 * Everything that a client needs beside them, manifest and places, counts with
 * them. The three values of a figure are the three densities.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Manifest } from "../assets/manifest.ts";
import { DENSITIES, type Density } from "../assets/pack.ts";
import { every, systemClock } from "../runtime/clock.ts";
import { assert } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { runtimeCommand, startProcess } from "./child_process.ts";
import { figureOf, printFigure } from "./figure.ts";
import { residentBytes } from "./kernel.ts";
import { LoadProcess } from "./load_process.ts";
import type { SheetTimes, SingleBytes } from "./sprites/peers.ts";
import { wireBytes } from "./sprites/wire_bytes.ts";

const BENCH = "sprites";
const PACKS = ["flags", "reactions"];
const COMMAND = fileURLToPath(new URL("../ops/commands/sprites.ts", import.meta.url));
const RUNS = 3;
const SAMPLE_MS = 20;
const ANSWER_MS_MAX = 60_000;
/** Sheets of one size: flags, in the middle density. */
const SHEET_DENSITY = 2;

/** Options: `--runs N`, of what is timed; `--full`: 9. */
export async function sprites(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { full: { type: "boolean", default: false }, runs: { type: "string" } },
  });
  const runs = Number(values.runs ?? (values.full ? 9 : RUNS));
  assert(runs >= 1, "there is at least one run");
  const folder = mkdtempSync(join(tmpdir(), "golazo-bench-sprites-"));
  const peers = new LoadProcess("the peers", new URL("sprites/peers.ts", import.meta.url));
  const print = (metric: string, unit: string, values: number[]) =>
    printFigure(figureOf(BENCH, metric, unit, values));
  try {
    const out = join(folder, "assets");
    const { wholeS, peakBytes } = await coldBuild(out);
    const singles: SingleBytes[] = [];
    for (const density of DENSITIES) {
      const argument = { folder: join(folder, `${density}x`), density };
      singles.push(await peers.ask<SingleBytes>("singles", argument, ANSWER_MS_MAX));
    }
    const lists = DENSITIES.map((density) => listOf(out, density));
    const by = (of: (single: SingleBytes) => number) =>
      lists.map(({ bytes }, at) => bytes / of(singles[at]!));
    tell(lists, singles);
    print(
      "requests_saved",
      "ratio",
      lists.map(({ requests }, at) => 1 - requests / singles[at]!.count),
    );
    print("bytes_vs_png", "ratio", by(({ png }) => png));
    const wire = await wireRatios(folder, lists);
    if (wire !== null) print("wire_bytes_vs_png", "ratio", wire);
    print("bytes_vs_palette_png", "ratio", by(({ palettePng }) => palettePng));
    print("bytes_vs_single_webp", "ratio", by(({ webp }) => webp));
    const times: SheetTimes[] = [];
    for (let run = 0; run <= runs; run++) {
      const argument = { folder: join(folder, `${SHEET_DENSITY}x`, PACKS[0]!) };
      const time = await peers.ask<SheetTimes>("sheet", argument, ANSWER_MS_MAX);
      // The first is for the compilers.
      if (run > 0) times.push(time);
    }
    print("build_s", "s", times.map(({ ourMs }) => ourMs / 1_000));
    print("spritesmith_s", "s", times.map(({ spritesmithMs }) => spritesmithMs / 1_000));
    print("whole_build_s", "s", [wholeS]);
    print("peak_rss_mb", "MB", [peakBytes / 1e6]);
  } finally {
    await peers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All packs, by the command; the most memory that it and its image processes had at once. */
async function coldBuild(out: string): Promise<{ wholeS: number; peakBytes: number }> {
  const since = systemClock.monotonic();
  const child = startProcess(runtimeCommand("run", "-A", COMMAND, "--out", out), {
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peakBytes = 0;
  const samples = every(systemClock, SAMPLE_MS, () => {
    peakBytes = Math.max(peakBytes, treeBytes(child.pid!));
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  samples.cancel();
  assert(code === 0, "the build ends with 0");
  return { wholeS: (systemClock.monotonic() - since) / 1_000, peakBytes };
}

function treeBytes(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const below = children === "" ? [] : children.split(" ").map(Number);
    return below.reduce((sum, child) => sum + treeBytes(child), residentBytes(pid));
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

interface List {
  files: string[];
  requests: number;
  bytes: number;
}

/** By density; null where there is no browser. */
async function wireRatios(folder: string, lists: List[]): Promise<number[] | null> {
  const ratios: number[] = [];
  for (const [at, { files }] of lists.entries()) {
    const singles = PACKS.flatMap((id) => {
      const pngs = join(folder, `${DENSITIES[at]}x`, id);
      return readdirSync(pngs).map((name) => join(pngs, name));
    });
    const [ours, theirs] = [await wireBytes(files), await wireBytes(singles)];
    if (ours === null || theirs === null) {
      printError("no wire_bytes_vs_png: needed chromium, found none; apt-get install chromium");
      return null;
    }
    printError(`${DENSITIES[at]}x on the wire: ${JSON.stringify({ ours, theirs })}`);
    ratios.push(ours.bytes / theirs.bytes);
  }
  return ratios;
}

/** What the list loads: the manifest, then for each pack its sheets and where on them what lies. */
function listOf(out: string, density: Density): List {
  const manifest: Manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  const names = PACKS.flatMap((id) => {
    const { sheets, compact } = manifest.packs[id]!;
    return [compact!, ...sheets![`${density}x`]!.map(({ image }) => image)];
  });
  const files = ["manifest.json", ...names].map((name) => join(out, name));
  return {
    files,
    requests: files.length,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
  };
}

function tell(lists: List[], singles: SingleBytes[]): void {
  for (const [at, { requests, bytes }] of lists.entries()) {
    const { count, png, palettePng, webp } = singles[at]!;
    printError(
      `${DENSITIES[at]}x: ${requests} requests, ${bytes} B; as ${count} files: PNG ${png} B, ` +
        `palette PNG ${palettePng} B, WebP ${webp} B`,
    );
  }
}
