/**
 * What a build did, in the numbers that it is for: requests and bytes saved.
 */
import type { Clock } from "../runtime/clock.ts";
import type { StoredImage } from "./asset_store.ts";
import type { PackTasks } from "./build_tasks.ts";
import { DENSITIES } from "./pack.ts";
import type { Manifest } from "./manifest.ts";

export interface PackSummary {
  id: string;
  images: number;
  sheets: number;
  /** A client that shows the whole pack asks so often less. */
  requestsSaved: number;
  /** Of the sources. */
  bytesBefore: number;
  /** Of all sheets, or all animations, by density. */
  bytesAfter: Record<string, number>;
  /** By density: how the sheets are encoded, each way once. */
  encodings: Record<string, string>;
}

export interface BuildSummary {
  version: string;
  /** False: what is served was this already. */
  isNew: boolean;
  images: number;
  files: number;
  requestsSaved: number;
  bytesBefore: number;
  bytesAfter: Record<string, number>;
  /** Names of what was made and not taken over. */
  made: string[];
  packs: PackSummary[];
  durationMs: number;
}

interface Built {
  manifest: Manifest;
  isNew: boolean;
  files: number;
  work: PackTasks[];
  made: ReadonlyMap<string, StoredImage[]>;
}

export class BuildReport {
  readonly #clock: Clock;
  readonly #since: number;
  readonly #made: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  made(name: string): void {
    this.#made.push(name);
  }

  summary({ manifest, isNew, files, work, made }: Built): BuildSummary {
    const packs = work.map((one) => packSummary(one, made));
    const sum = (of: (pack: PackSummary) => number) => packs.reduce((sum, one) => sum + of(one), 0);
    return {
      version: manifest.version,
      isNew,
      images: sum(({ images }) => images),
      files,
      requestsSaved: sum(({ requestsSaved }) => requestsSaved),
      bytesBefore: sum(({ bytesBefore }) => bytesBefore),
      bytesAfter: byDensity((density) => sum(({ bytesAfter }) => bytesAfter[density]!)),
      made: this.#made.toSorted(),
      packs,
      durationMs: Math.round(this.#clock.monotonic() - this.#since),
    };
  }
}

function packSummary(
  { pack: { id }, sources, sheets, animations }: PackTasks,
  made: ReadonlyMap<string, StoredImage[]>,
): PackSummary {
  const pages = sheets.length / DENSITIES.length;
  const sheetsAt = (density: string) =>
    sheets.filter((sheet) => `${sheet.density}x` === density)
      .map(({ task }) => made.get(task.key)![0]!);
  const animationsAt = (density: string) =>
    animations.map(({ task }) => made.get(task.key)![2 * (Number.parseInt(density) - 1)]!);
  return {
    id,
    images: sources.length,
    sheets: sheets.length,
    requestsSaved: sheets.length === 0 ? 0 : sources.length - pages,
    bytesBefore: sources.reduce((sum, { bytes }) => sum + bytes.length, 0),
    bytesAfter: byDensity((density) =>
      [...sheetsAt(density), ...animationsAt(density)].reduce((sum, { bytes }) => sum + bytes, 0)
    ),
    encodings: byDensity((density) =>
      [...new Set([...sheetsAt(density), ...animationsAt(density)].map((one) => one.encoding))]
        .sort().join(", ")
    ),
  };
}

function byDensity<T>(of: (density: string) => T): Record<string, T> {
  return Object.fromEntries(DENSITIES.map((density) => [`${density}x`, of(`${density}x`)]));
}
