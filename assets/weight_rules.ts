/**
 * What a pack may weigh: a budget that is exceeded fails the build.
 *
 * Bytes are what a phone pays for; a crest saved as a photograph would
 * otherwise be noticed by its fans first.
 */
import { Failure } from "../runtime/failure.ts";
import type { PackTasks } from "./build_tasks.ts";
import { DENSITIES } from "./pack.ts";

/** @param made by task's key. @throws {Failure} `overweight` naming what is too heavy. */
export function checkWeight(
  { pack, sources, sheets, animations }: PackTasks,
  made: ReadonlyMap<string, { file: string; bytes: number }[]>,
): void {
  for (const [at, density] of DENSITIES.entries()) {
    const bytesMax = pack.bytesMax[density];
    const ofSheets = sheets
      .filter((sheet) => sheet.density === density)
      .reduce((sum, { task }) => sum + made.get(task.key)![0]!.bytes, 0);
    if (ofSheets > bytesMax) {
      const heaviest = sources.toSorted((a, b) => b.bytes.length - a.bytes.length)[0]!;
      throw overweight(`${pack.id}@${density}x`, { bytesMax, bytes: ofSheets }, heaviest.name);
    }
    for (const { id, task } of animations) {
      const { bytes } = made.get(task.key)![2 * at]!;
      if (bytes <= bytesMax) continue;
      const { name } = sources.find((source) => source.id === id)!;
      throw overweight(`${pack.id}-${id}@${density}x`, { bytesMax, bytes }, name);
    }
  }
}

function overweight(what: string, weight: { bytesMax: number; bytes: number }, heaviest: string) {
  const reason = `Cannot ship ${what}: needed at most ${weight.bytesMax} bytes, found ` +
    `${weight.bytes}; make its sources simpler, first ${heaviest}`;
  return new Failure("overweight", reason);
}
