/**
 * The guard of everything that a restart must keep.
 *
 * Each match is told once without a cut. At every write on its way the bytes
 * on the disk are put aside, as a kill would leave them; then processes that
 * know nothing go on from each, and what they leave behind must be the same to
 * the byte: ledger, frames by offset, SQL and page. So that the guard cannot
 * fall asleep, every part of the snapshot is taken away once and must be missed.
 */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { snapshotKey } from "../actors/actor_restore.ts";
import { matchDefinition } from "../actors/match/match_actor.ts";
import { matchMachine } from "../actors/match/match_machine.ts";
import { decodeSnapshot, encodeSnapshot } from "../actors/snapshot_codec.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import type { Cut, Job, Outcome } from "./guard_child.ts";
import { type GuardMatch, guardMatches, legacyOf, live, type Wraps } from "./guard_test_kit.ts";

const CHILD = fileURLToPath(new URL("./guard_child.ts", import.meta.url));
const FILES = ["hot.db", "channels.db", "golazo.db"];
const PLACES = ["before append", "after append", "after publish", "before snapshot"] as const;
type Place = typeof PLACES[number];

/** One match told to its end, and what its disk held at every cut. */
interface Played extends Omit<Job, "cuts"> {
  cuts: Record<Place, Cut[]>;
}

const matches = await guardMatches();
let root: TemporaryFolder;
beforeAll(() => void (root = temporaryFolder()));
afterAll(() => root.remove());

async function play(match: GuardMatch): Promise<Played> {
  const { matchId, told } = match;
  const folder = root.path(matchId);
  const cuts: Played["cuts"] = {
    ...{ "before append": [], "after append": [], "after publish": [], "before snapshot": [] },
  };
  let next = 0;
  const cut = (place: Place) => {
    const kept = join(`${folder}-cuts`, `${place.replace(" ", "-")}-${cuts[place].length}`);
    copyStores(folder, kept);
    cuts[place].push({ folder: kept, at: life.now(), next });
  };
  const wraps: Wraps = {
    streams: (streams) =>
      intercepting(streams, "append", async (append, args) => {
        cut("before append");
        const result = await append(...args);
        cut("after append");
        return result;
      }),
    publisher: (publisher) =>
      intercepting(publisher, "publish", async (publish, args) => {
        const result = await publish(...args);
        cut("after publish");
        return result;
      }),
    cells: (cells) =>
      intercepting(cells, "put", (put, args) => {
        cut("before snapshot");
        return put(...args);
      }),
  };
  const life = await live(folder, matchId, told[0]!.at, 1, wraps);
  const files = FILES.map((name) => new SqliteFile(join(folder, name), { synchronous: "off" }));
  const beats: number[] = [];
  for (const [index, one] of told.entries()) {
    next = index;
    if (await life.passTo(one.at)) beats.push(index);
    await life.tell([one]);
    next = index + 1;
    // Small files make cheap cuts.
    for (const file of files) file.row("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const expected = await legacyOf(life.stores, matchId);
  for (const file of files) file.close();
  await life.close();
  return { match, beats, expected, cuts };
}

/** `target` with one method taken over; the real one comes first. */
function intercepting<T extends object, K extends keyof T>(
  target: T,
  name: K,
  // deno-lint-ignore no-explicit-any
  instead: (really: (...args: any[]) => any, args: any[]) => unknown,
): T {
  return new Proxy(target, {
    get(_, asked) {
      const method = (target[asked as K] as () => unknown).bind(target);
      return asked === name ? (...args: unknown[]) => instead(method, args) : method;
    },
  });
}

/** As a kill leaves them: shared memory is gone, what was written is there. */
function copyStores(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((name) => !name.endsWith("-shm"))) {
    copyFileSync(join(from, name), join(to, name));
  }
}

function goOn({ match, beats, expected }: Omit<Job, "cuts">, cuts: Cut[]): Promise<Outcome[]> {
  const path = root.path(`job-${crypto.randomUUID()}.json`);
  writeFileSync(path, JSON.stringify({ match, beats, expected, cuts } satisfies Job));
  const args = "Deno" in globalThis ? ["run", "-A", CHILD, path] : [CHILD, path];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => printed += chunk);
  child.stderr.on("data", (chunk) => complaint += chunk);
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`the process ended with ${code}: ${complaint}`));
      resolve(printed.trim().split("\n").map((line) => JSON.parse(line)));
    });
  });
}

describe("a match cut anywhere goes on the same", () => {
  const played = new Map<string, Played>();
  let cutsTotal = 0;

  for (const match of matches) {
    test(match.matchId, async () => {
      const told = await play(match);
      played.set(match.matchId, told);
      const places = Object.entries(told.cuts);
      // Both cores, and no more processes than that: each compiles all of it anew.
      const halves = [places.slice(0, 2), places.slice(2)];
      const runs = await Promise.all(
        halves.map((half) => goOn(told, half.flatMap(([, cuts]) => cuts))),
      );
      const outcomes = runs.flat();
      const differing = outcomes.filter(({ difference }) => difference !== null)
        .map(({ folder, difference }) => `${basename(folder)}: ${difference}`.slice(0, 600));
      expect(differing.slice(0, 3)).toEqual([]);
      expect(outcomes.flatMap(({ heard }) => heard)).toEqual([]);
      // Every fact has its cuts, and the match's own words have theirs.
      const append = told.cuts["before append"];
      expect(new Set(append.map(({ next }) => next)).size).toBe(match.told.length);
      expect(append.length).toBe(match.told.length + ownWords(told));
      expect(told.cuts["after append"]).toHaveLength(append.length);
      expect(told.cuts["after publish"].length).toBeGreaterThan(append.length / 2);
      expect(told.cuts["before snapshot"].length).toBeGreaterThan(append.length / 2);
      expect(outcomes).toHaveLength(places.flatMap(([, cuts]) => cuts).length);
      cutsTotal += outcomes.length;
    });
  }

  test("and every part of the snapshot is missed where it is taken away", async () => {
    const eventful = played.get("eventful")!;
    const cuts = eventful.cuts["before append"].slice(1);
    const fields = [...Object.keys((await snapshotIn(cuts.at(-1)!.folder)).context), "value"];
    expect(fields.length).toBeGreaterThan(5);
    const missedAt = await firstMissing(eventful, cuts, fields);
    console.log(`guard: ${cutsTotal} cuts of ${matches.length} matches, the same to the byte`);
    console.log(`guard: ${fields.length} parts of the snapshot, each missed:`, missedAt);
  });
});

/** What the match said by itself, each with a commit of its own. */
function ownWords({ expected }: Played): number {
  const words = /"(feed\.silenced|kicks\.released)"/;
  return Object.entries(expected)
    .filter(([name, text]) => name.startsWith("ledger ") && words.test(text)).length;
}

const KEY = (matchId: string) => snapshotKey(matchDefinition.kind, matchId);

async function withCells<T>(folder: string, task: (cells: SqliteCell) => Promise<T>): Promise<T> {
  const file = new SqliteFile(join(folder, "hot.db"), { synchronous: "off" });
  try {
    return await task(new SqliteCell(file, new SimulatedClock()));
  } finally {
    file.close();
  }
}

async function snapshotIn(folder: string) {
  return await withCells(folder, async (cells) => {
    const cell = await cells.get(KEY("eventful"));
    const decoded = decodeSnapshot(matchDefinition, cell!.bytes);
    if (decoded.outcome !== "restored") throw new Error(decoded.reason);
    const { context, value } = decoded.folded.snapshot;
    return { folded: decoded.folded, context, value };
  });
}

/** A copy of the cut whose snapshot lacks the part; its checksum is right. */
async function without(cut: Cut, field: string): Promise<Cut & { seq: number }> {
  const folder = root.path(`without-${field}-${basename(cut.folder)}`);
  copyStores(cut.folder, folder);
  const { folded, context, value } = await snapshotIn(folder);
  const { [field]: _taken, ...rest } = context as unknown as Record<string, unknown>;
  const initial = matchMachine.resolveState({ context, value: { phase: "scheduled" } }).value;
  const snapshot = {
    ...folded.snapshot,
    context: rest,
    value: field === "value" ? initial : value,
  };
  const bytes = encodeSnapshot(
    matchDefinition,
    { ...folded, snapshot } as unknown as typeof folded,
    1,
  );
  await withCells(folder, (cells) => cells.put(KEY("eventful"), bytes, { fence: 1 }));
  return { ...cut, folder, seq: folded.seq };
}

/** For each part the first cut, a dozen at a time, after which somebody would notice. */
async function firstMissing(
  played: Played,
  cuts: Cut[],
  fields: string[],
): Promise<Record<string, string>> {
  const missedAt: Record<string, string> = {};
  for (let start = 0; start < cuts.length; start += 12) {
    const some = cuts.slice(start, start + 12);
    const unmissed = fields.filter((field) => missedAt[field] === undefined);
    const middle = Math.ceil(unmissed.length / 2);
    const halves = [unmissed.slice(0, middle), unmissed.slice(middle)];
    await Promise.all(
      halves.filter(({ length }) => length > 0).map(async (half) => {
        const lacking = await Promise.all(
          half.flatMap((field) => some.map((cut) => without(cut, field))),
        );
        const outcomes = await goOn(played, lacking);
        for (const { folder } of lacking) rmSync(folder, { recursive: true });
        for (const [index, field] of half.entries()) {
          const [from, to] = [index * some.length, (index + 1) * some.length];
          const missed = missing(lacking.slice(from, to), outcomes.slice(from, to));
          if (missed !== null) missedAt[field] = missed;
        }
      }),
    );
  }
  for (const field of fields) {
    if (missedAt[field] !== undefined) continue;
    throw new Error(`nobody misses ${field} after any of ${cuts.length} cuts`);
  }
  return missedAt;
}

/** Where the first of the outcomes differs, and in what; null where none does. */
function missing(lacking: (Cut & { seq: number })[], outcomes: Outcome[]): string | null {
  const at = outcomes.findIndex(({ difference }) => difference !== null);
  if (at < 0) return null;
  const { readFrom, heard, difference } = outcomes[at]!;
  // It was the snapshot that the process began with, and nothing else; the last
  // entry that it holds is read too, to be compared with SQL.
  expect(readFrom).toBe(lacking[at]!.seq - 1);
  expect(heard.filter((line) => line.startsWith("rebuilt"))).toEqual([]);
  return `${basename(lacking[at]!.folder)}: ${difference!.slice(0, 90)}`;
}
