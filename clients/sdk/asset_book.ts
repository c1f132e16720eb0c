/**
 * The server's images: which there are and where, pack by pack as they are asked
 * for.
 *
 * The channel assets:manifest says which manifest is served; without it nothing
 * is asked for, so a server without images costs a page nothing. Every file but
 * the manifest is named by its content: a list that was read is read for good,
 * and a new manifest costs what has changed. Whoever asks for an image whose
 * list is not here is told "not yet" and is called once it is.
 */
import type { ChannelEvent } from "./channel_book.ts";
import { clientLimits } from "./client_limits.ts";
import type { ClientPlatform } from "./client_platform.ts";

/** A frame of a sheet; all but the address in CSS pixels. */
export interface SpriteFrame {
  /** Of the sheet, by the density asked for. */
  image: string;
  sheetWidth: number;
  sheetHeight: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Manifest {
  version: string;
  packs: Record<string, { compact?: string; singles?: Record<string, string> }>;
}

/** As `deno task sprites` writes them: see assets/manifest.ts. */
interface Compact {
  scales: number[];
  pages: {
    width: number;
    height: number;
    images: string[];
    frames: [id: string, x: number, y: number, width: number, height: number][];
  }[];
}

interface Singles {
  pack: string;
  scale: number;
  files: Record<string, string>;
}

export interface AssetBookParts {
  platform: Pick<ClientPlatform, "request" | "after" | "fraction">;
  /** Pixels of the device in one of CSS. */
  density: number;
  /** More is known than before. */
  onChange: () => void;
}

export class AssetBook {
  readonly #parts: AssetBookParts;
  #manifest: Manifest | null = null;
  /** The folder of the manifest, with its slash. */
  #base = "";
  /** Which the server has said; the manifest may be behind. */
  #version = "";
  /** By file; null while it is on its way. */
  readonly #singles = new Map<string, Singles | null>();
  readonly #frames = new Map<string, Map<string, SpriteFrame> | null>();

  constructor(parts: AssetBookParts) {
    this.#parts = parts;
  }

  /** Of the manifest in use; empty while there is none. */
  get version(): string {
    return this.#manifest?.version ?? "";
  }

  /** The listener for assets:manifest. */
  readonly receive = (event: ChannelEvent): void => {
    const assets = event.kind === "publication" ? event.publication.assets : undefined;
    if (!assets || assets.version === this.#version) return;
    this.#version = assets.version;
    // Every page hears of a new one at once; there is no hurry.
    const delayMs = this.#manifest === null
      ? 0
      : this.#parts.platform.fraction() * clientLimits.manifestSpreadMsMax;
    this.#parts.platform.after(delayMs, () => void this.#load(assets.url, assets.version, 1));
  };

  /** The address of an image as a file of its own, in its finest density; null: not yet, or none. */
  single(pack: string, id: string): string | null {
    const names = Object.entries(this.#manifest?.packs[pack]?.singles ?? {});
    const [, name] = names.sort(([a], [b]) => parseFloat(b) - parseFloat(a))[0] ?? [];
    const list = name && this.#read<Singles, Singles>(name, this.#singles, (list) => list);
    const hash = list && list.files[id];
    return hash ? `${this.#base}${list.pack}-${id}@${list.scale}x.${hash}.webp` : null;
  }

  /** Where a sheet shows an image; null: not yet, or nowhere. */
  frame(pack: string, id: string): SpriteFrame | null {
    return this.#framesOf(pack)?.get(id) ?? null;
  }

  /** Whether a pack is served at all; loads nothing. */
  has(pack: string): boolean {
    return this.#manifest?.packs[pack]?.compact !== undefined;
  }

  /** All of a pack's sheets, in their order; none: not yet. */
  ids(pack: string): string[] {
    return [...this.#framesOf(pack)?.keys() ?? []];
  }

  #framesOf(pack: string): Map<string, SpriteFrame> | null {
    const name = this.#manifest?.packs[pack]?.compact;
    if (name === undefined) return null;
    return this.#read<Compact, Map<string, SpriteFrame>>(
      name,
      this.#frames,
      (compact) => framesOf(compact, this.#parts.density, this.#base),
    );
  }

  /** What the list of this name says; asks for it where nobody has. */
  #read<Json, Value>(
    name: string,
    known: Map<string, Value | null>,
    valueOf: (json: Json) => Value,
  ): Value | null {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, null);
    void this.#ask<Json>(this.#base + name).then((json) => {
      if (json === null) {
        this.#parts.platform.after(clientLimits.manifestAgainMs, () => known.delete(name));
        return;
      }
      known.set(name, valueOf(json));
      this.#parts.onChange();
    });
    return null;
  }

  async #load(url: string, version: string, attempt: number): Promise<void> {
    if (version !== this.#version) return;
    // A name of its own each time, as this device's cache may keep what is out of date.
    const manifest = await this.#ask<Manifest>(`${url}?v=${version}-${attempt}`);
    if (version !== this.#version) return;
    if (manifest) {
      this.#base = url.slice(0, url.lastIndexOf("/") + 1);
      this.#manifest = manifest;
      this.#parts.onChange();
    }
    // A cache on the way, or another gateway's folder, may be behind for a while.
    if (manifest?.version === version || attempt === clientLimits.manifestTriesMax) return;
    const again = () => void this.#load(url, version, attempt + 1);
    this.#parts.platform.after(clientLimits.manifestAgainMs, again);
  }

  /** Null where it could not be had. */
  async #ask<Json>(path: string): Promise<Json | null> {
    try {
      const answer = await this.#parts.platform.request({ method: "GET", path, token: "" });
      return answer.status === 200 ? answer.value as Json | null : null;
    } catch {
      return null;
    }
  }
}

function framesOf(
  { scales, pages }: Compact,
  density: number,
  base: string,
): Map<string, SpriteFrame> {
  const fine = scales.findIndex((scale) => scale >= density);
  const at = fine < 0 ? scales.length - 1 : fine;
  return new Map(
    pages.flatMap(({ images, frames, ...page }) =>
      frames.map(([id, x, y, width, height]) => [id, {
        image: base + images[at]!,
        sheetWidth: page.width,
        sheetHeight: page.height,
        ...{ x, y, width, height },
      }])
    ),
  );
}
