/**
 * What a power cut may do to a data folder: the end of a file is not there.
 *
 * The file that was written last is the likeliest to lose its end, so that is
 * the usual victim; a store's main file is the cruellest, since the store with
 * it is gone. Files of shared memory are never read again and not counted.
 */
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { SeededRandom } from "./seeded_random.ts";

const CUT_BYTES = 100;

/** Answers the name of the file that lost its end. */
export function cutNewestFile(folder: string, random: SeededRandom): string {
  const files = filesOf(folder).filter(({ name }) => !name.endsWith("-shm"));
  const newestAt = Math.max(...files.map(({ changedAt }) => changedAt));
  // Times have the grain of the kernel's tick: what was written within one is equally new.
  return cut(folder, random.pick(files.filter(({ changedAt }) => changedAt === newestAt)));
}

/** Answers the name of the store's file that lost its end. */
export function cutMainFile(folder: string, random: SeededRandom): string {
  return cut(folder, random.pick(filesOf(folder).filter(({ name }) => name.endsWith(".db"))));
}

interface CutFile {
  name: string;
  bytes: number;
  changedAt: number;
}

function filesOf(folder: string): CutFile[] {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(
    ({ name }) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return { name, bytes: size, changedAt: mtimeMs };
    },
  );
}

function cut(folder: string, { name, bytes }: CutFile): string {
  truncateSync(join(folder, name), Math.max(0, bytes - CUT_BYTES));
  return name;
}
