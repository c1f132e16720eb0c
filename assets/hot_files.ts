/**
 * Files that are asked for again and again, in memory: opening, reading and
 * closing one is five trips to another thread and costs more than sending it.
 *
 * Only files named by their content are kept, and only where name and content
 * agree, so what is kept can never be another build's, nor a damaged one. A file
 * that is removed or replaced in the folder is gone here a second later, as an
 * operator who takes an image away means it. All who ask for a file that is not
 * here yet wait for one reading of it.
 */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { contentHash, parseContentName } from "./content_name.ts";
import { openAsset } from "./open_asset.ts";

interface Kept {
  bytes: Uint8Array;
  /** Of the file, changes with it. */
  stamp: string;
  /** When it was seen in the folder last. */
  seenAt: number;
}

/** `unkept`: there may be one, too large for this or damaged. */
export type HotFile = Uint8Array | "unkept" | "missing";

export class HotFiles {
  readonly #folder: string;
  readonly #clock: Clock;
  /** Those asked for longest ago first, as far as looks tell. */
  readonly #kept = new Map<string, Kept>();
  readonly #reading = new Map<string, Promise<HotFile>>();
  #bytes = 0;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** What all of them weigh. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param name of a file that its content names */
  get(name: string): HotFile | Promise<HotFile> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return this.#readOnce(name);
    const now = this.#clock.monotonic();
    if (now - kept.seenAt < limits.assetHotLookMs) return kept.bytes;
    // One looks for all.
    kept.seenAt = now;
    return this.#seen(name, kept);
  }

  #readOnce(name: string): Promise<HotFile> {
    const running = this.#reading.get(name) ??
      this.#read(name).finally(() => this.#reading.delete(name));
    this.#reading.set(name, running);
    return running;
  }

  async #seen(name: string, kept: Kept): Promise<HotFile> {
    const stat = await lstat(join(this.#folder, name)).catch(() => null);
    if (stat !== null && stampOf(stat) === kept.stamp) {
      this.#keep(name, kept);
      return kept.bytes;
    }
    this.#forget(name);
    return this.#readOnce(name);
  }

  async #read(name: string): Promise<HotFile> {
    const file = await openAsset(join(this.#folder, name));
    if (file === null) return "missing";
    try {
      const stat = await file.stat();
      if (stat.size > limits.assetHotFileBytesMax) return "unkept";
      const bytes = await file.readFile();
      if (contentHash(bytes) !== parseContentName(name)?.hash) return "unkept";
      this.#keep(name, { bytes, stamp: stampOf(stat), seenAt: this.#clock.monotonic() });
      return bytes;
    } finally {
      await file.close();
    }
  }

  #keep(name: string, kept: Kept): void {
    this.#forget(name);
    this.#kept.set(name, kept);
    this.#bytes += kept.bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= limits.assetHotBytesMax) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#kept.get(name)?.bytes.length ?? 0;
    this.#kept.delete(name);
  }
}

function stampOf({ ino, size, mtimeMs }: { ino: number; size: number; mtimeMs: number }): string {
  return `${ino} ${size} ${mtimeMs}`;
}
