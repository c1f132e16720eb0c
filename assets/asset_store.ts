/**
 * The folder that is served: files named by their content, and the manifest
 * that names them.
 *
 * Written aside, synced and renamed, the manifest last, so whoever reads finds
 * a whole build at every moment: a build that fails, is killed or finds the disk
 * full leaves the one before it untouched. Files of the last two manifests stay,
 * since pages and caches still hold the older one.
 */
import { mkdir, open, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { Failure, reasonOf } from "../runtime/failure.ts";
import {
  contentHash,
  contentName,
  type Extension,
  MANIFEST,
  parseContentName,
} from "./content_name.ts";

/** What was made of one task, by the task's key. */
export type Cache = Record<string, StoredImage[]>;

export interface StoredImage {
  file: string;
  bytes: number;
  width: number;
  height: number;
  encoding: string;
}

interface Kept {
  version: string;
  files: string[];
}

interface State {
  /** Builds whose files stay, the newest first. */
  kept: Kept[];
  cache: Cache;
}

const MANIFESTS_KEPT = 2;
const STATE = ".state.json";
const ASIDE = ".aside";
const LOCK = ".building";

export class AssetStore {
  readonly #folder: string;
  #state: State = { kept: [], cache: {} };
  #written = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {Failure} `cannotWrite`, also where another build is at work. */
  static async open(folder: string): Promise<AssetStore> {
    const store = new AssetStore(folder);
    await store.#orRefuse(folder, () => mkdir(folder, { recursive: true }));
    await store.#lock();
    try {
      await store.#orRefuse(folder, async () => {
        await rm(join(folder, ASIDE), { recursive: true, force: true });
        await mkdir(join(folder, ASIDE));
      });
      store.#state = await store.#readState();
      return store;
    } catch (thrown) {
      await store.#unlock();
      throw thrown;
    }
  }

  /** What an earlier build made of the task, where it is still whole. */
  async made(key: string): Promise<StoredImage[] | null> {
    const images = this.#state.cache[key];
    if (images === undefined) return null;
    const areWhole = await Promise.all(images.map(({ file }) => this.#isWhole(file)));
    return areWhole.every(Boolean) ? images : null;
  }

  /** @returns the file's name. @throws {Failure} `cannotWrite` */
  async put(stem: string, extension: Extension, bytes: Uint8Array): Promise<string> {
    const name = contentName(stem, bytes, extension);
    if (!await this.#isWhole(name)) await this.#write(name, bytes);
    return name;
  }

  /**
   * From here on the new build is served. False where it was already.
   * @throws {Failure} `cannotWrite`
   */
  async commit(version: string, manifest: Uint8Array, files: string[], cache: Cache) {
    const current = await this.#currentVersion();
    const older = this.#state.kept.filter((kept) => kept.version !== version);
    const since = older.findIndex((kept) => kept.version === current);
    const still = older.slice(Math.max(since, 0)).slice(0, MANIFESTS_KEPT);
    const kept = [{ version, files: files.toSorted() }, ...still];
    await this.#writeState({ kept, cache });
    await this.#syncFolder();
    if (current !== version) {
      await this.#write(MANIFEST, manifest);
      await this.#syncFolder();
    }
    return current !== version;
  }

  /** Removes what no kept build names; lets the next build in. */
  async close(): Promise<void> {
    await this.#sweep().catch(() => {});
    await rm(join(this.#folder, ASIDE), { recursive: true, force: true }).catch(() => {});
    await this.#unlock();
  }

  async #sweep(): Promise<void> {
    const current = await this.#currentVersion();
    const at = this.#state.kept.findIndex(({ version }) => version === current);
    // A manifest that we know nothing of: better a file too many than one too few.
    if (at === -1 && current !== null) return;
    const kept = at === -1 ? [] : this.#state.kept.slice(at, at + MANIFESTS_KEPT);
    const named = new Set(kept.flatMap(({ files }) => files));
    for (const name of await readdir(this.#folder)) {
      if (parseContentName(name) === null || named.has(name)) continue;
      await unlink(join(this.#folder, name));
    }
  }

  async #currentVersion(): Promise<string | null> {
    try {
      return JSON.parse(await readFile(join(this.#folder, MANIFEST), "utf8")).version;
    } catch (thrown) {
      if ((thrown as { code?: string }).code === "ENOENT") return null;
      // Unreadable: it names nothing, but its files may be in use.
      return "";
    }
  }

  async #isWhole(name: string): Promise<boolean> {
    try {
      const bytes = await readFile(join(this.#folder, name));
      return contentHash(bytes) === parseContentName(name)?.hash;
    } catch {
      return false;
    }
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const aside = join(this.#folder, ASIDE, `${this.#written += 1}`);
    await this.#orRefuse(join(this.#folder, name), async () => {
      const file = await open(aside, "w");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, join(this.#folder, name));
    });
  }

  async #readState(): Promise<State> {
    try {
      return JSON.parse(await readFile(join(this.#folder, STATE), "utf8"));
    } catch {
      // The first build, or a damaged file: everything is made again.
      return { kept: [], cache: {} };
    }
  }

  async #writeState(state: State): Promise<void> {
    await this.#write(STATE, new TextEncoder().encode(JSON.stringify(state)));
    this.#state = state;
  }

  async #syncFolder(): Promise<void> {
    await this.#orRefuse(this.#folder, async () => {
      const folder = await open(this.#folder, "r");
      await folder.sync().finally(() => folder.close());
    });
  }

  async #lock(): Promise<void> {
    const path = join(this.#folder, LOCK);
    await this.#orRefuse(path, async () => {
      const holder = Number(await readFile(path, "utf8").catch(() => "0"));
      if (holder > 0 && isRunning(holder)) {
        throw new Error(
          `the build of process ${holder} is at work; wait for it or remove this file`,
        );
      }
      await rm(path, { force: true });
      await writeFile(path, `${process.pid}`, { flag: "wx" });
    });
  }

  async #unlock(): Promise<void> {
    await rm(join(this.#folder, LOCK), { force: true }).catch(() => {});
  }

  async #orRefuse<T>(path: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      const remedy = "free space, make it writable, or give another folder by --out";
      const reason = `Cannot write ${path}: ${reasonOf(cause)}; ${remedy}`;
      throw new Failure("cannotWrite", reason, { cause });
    }
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as { code?: string }).code === "EPERM";
  }
}
