/**
 * Tells on `assets:manifest` which images are served: the manifest's version and
 * where it is.
 *
 * A build renames its manifest into place last, so what is found is always
 * whole. The file is looked at and not watched, as folders on a network tell
 * nobody of a change. What is as it was is not told again, but kept for those
 * who come later; where there is no manifest nothing is kept, so a page of an
 * installation without images asks for none.
 */
import { readFile, stat } from "node:fs/promises";
import type { CellStore } from "../actors/ports/cell.ts";
import { MANIFEST } from "../assets/content_name.ts";
import {
  lastSaid,
  VOLATILE_PARTS,
  type VolatileValue,
  type VolatileVoice,
} from "../channels/volatile_voice.ts";
import { ASSETS_CHANNEL } from "../protocol/channel_name.ts";
import { decodePublication } from "../protocol/golazo_codec.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface AssetVoiceOptions {
  /** Of the manifest. */
  path: string;
  voice: Pick<VolatileVoice, "say">;
  cells: CellStore;
  clock: Clock;
  events: BusinessEvents;
}

export class AssetVoice {
  readonly #options: AssetVoiceOptions;
  /** Of the manifest that was looked into last; undefined: none was. */
  #stamp: string | null | undefined;
  /** Before it would be forgotten it is kept anew. */
  #keptAt = 0;
  #warned = "";
  #timer: Timer | null = null;

  constructor(options: AssetVoiceOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#timer = every(this.#options.clock, limits.assetLookMs, () => this.#look());
    void this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { clock, events, path } = this.#options;
    try {
      const stamp = await stampOf(path);
      const isKept = clock.monotonic() - this.#keptAt < limits.volatileKeptMs / 2;
      if (stamp === this.#stamp && isKept) return;
      await this.#tell(await versionOf(path));
      this.#stamp = stamp;
      this.#keptAt = clock.monotonic();
    } catch (error) {
      const reason = reasonOf(error);
      // A store that is away is named elsewhere, and this by itself once.
      if (error instanceof Failure && error.retryable || reason === this.#warned) return;
      this.#warned = reason;
      events.warned(`Cannot tell which images there are: ${reason}`);
    }
  }

  async #tell(version: string | null): Promise<void> {
    const { voice, cells } = this.#options;
    const [last] = await lastSaid(cells, ASSETS_CHANNEL, VOLATILE_PARTS.assets);
    const told = last === undefined ? null : decodePublication(last.body).assets?.version ?? null;
    const values: VolatileValue[] = version === null ? [] : [{
      ...{ key: "version", lane: "stats" },
      body: { assets: { version, url: `/assets/${MANIFEST}` } },
    }];
    await voice.say(ASSETS_CHANNEL, "manifest", values, version === told ? 0 : values.length);
  }
}

/** Another one whenever the file is another; null where there is none. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Null where there is none, or none any more. */
async function versionOf(path: string): Promise<string | null> {
  try {
    const { version } = JSON.parse(await readFile(path, "utf8")) as { version?: unknown };
    if (typeof version === "string" && version !== "") return version;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  throw new Error(`${path} needs a version: build the images again`);
}

function isGone(error: unknown): boolean {
  const { code = "", name = "" } = error as { code?: string; name?: string };
  // What Deno does not let us read is not there for us.
  return code === "ENOENT" || code === "ENOTDIR" || name === "NotCapable";
}
