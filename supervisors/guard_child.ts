/**
 * A process that knows nothing, for `guard.process.test.ts`.
 *
 * `guard_child.ts <job.json>`: on each folder of the job it opens what a cut
 * left on the disk, restores the match and tells it the rest. It prints one
 * JSON line a folder: in what the match's legacy differs from that of the life
 * that was never cut.
 */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { reasonOf } from "../runtime/failure.ts";
import { commandLine, exitProcess, printLine } from "../runtime/platform.ts";
import {
  differenceOf,
  epochsOf,
  type GuardMatch,
  type Legacy,
  legacyOf,
  live,
} from "./guard_test_kit.ts";

export interface Cut {
  folder: string;
  /** When it came. */
  at: number;
  /** The first fact that nobody has an answer for. */
  next: number;
}

export interface Job {
  match: GuardMatch;
  /** Facts before which the match spoke by itself. */
  beats: number[];
  expected: Legacy;
  cuts: Cut[];
}

export interface Outcome {
  folder: string;
  difference: string | null;
  /** What was rebuilt or went wrong. */
  heard: string[];
  /** The ledger was read from here on. */
  readFrom: number | null;
}

const job: Job = JSON.parse(readFileSync(commandLine()[0]!, "utf8"));
for (const cut of job.cuts) printLine(JSON.stringify(await goOn(cut)));
exitProcess(0);

async function goOn({ folder, at, next }: Cut): Promise<Outcome> {
  const { match: { matchId, told }, beats, expected } = job;
  const outcome: Outcome = { folder, difference: null, heard: [], readFrom: null };
  // A cut is gone on from more than once.
  const copy = `${folder}-gone-on`;
  try {
    cpSync(folder, copy, { recursive: true });
    const life = await live(copy, matchId, at, 2);
    outcome.heard = life.heard;
    outcome.readFrom = life.readFrom();
    const epochs = await epochsOf(life.stores, matchId);
    let from = next;
    for (const beat of [...beats.filter((beat) => beat > next), told.length]) {
      if (from === told.length) break;
      await life.passTo(told[from]!.at);
      await life.tell(told.slice(from, beat));
      from = beat;
    }
    outcome.difference = differenceOf(expected, await legacyOf(life.stores, matchId));
    const later = await epochsOf(life.stores, matchId);
    if (epochs.some((epoch, at) => epoch !== null && epoch !== later[at])) {
      outcome.difference = `a new epoch: ${epochs} became ${later}`;
    }
    await life.close();
  } catch (error) {
    outcome.difference = reasonOf(error);
  }
  rmSync(copy, { recursive: true, force: true });
  return outcome;
}
