/**
 * Where finished cards stand: images in a folder, and in a cell per match which
 * of them are of now.
 *
 * The images are there before the cell names them, and a replaced one stays for
 * ten minutes, so whoever follows the cell finds a whole file. Nothing here is a
 * truth: what is lost is painted again when somebody asks.
 */
import { mkdir, readdir, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellStore } from "../../actors/ports/cell.ts";
import type { Clock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import type { Shape } from "./card_layout.ts";
import { imageName, parseCardName } from "./card_name.ts";
import type { PaintedCard } from "./card_painter.ts";

export interface ShelvedCard {
  /** Of what it shows. */
  key: string;
  files: Record<Shape, string>;
}

export interface CardShelfOptions {
  folder: string;
  cells: CellStore;
  clock: Clock;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What gateways look at. */
export async function shelvedCard(
  cells: Pick<CellStore, "get">,
  matchId: string,
): Promise<ShelvedCard | null> {
  const cell = await cells.get(cellKey(matchId));
  return cell === null ? null : JSON.parse(decoder.decode(cell.bytes)) as ShelvedCard;
}

export class CardShelf {
  readonly #options: CardShelfOptions;

  constructor(options: CardShelfOptions) {
    this.#options = options;
  }

  /** Null also where its images are gone. */
  async current(matchId: string): Promise<ShelvedCard | null> {
    const card = await shelvedCard(this.#options.cells, matchId);
    if (card === null) return null;
    const ages = await Promise.all(Object.values(card.files).map((file) => this.#changedAt(file)));
    return ages.includes(null) ? null : card;
  }

  async put(matchId: string, key: string, images: PaintedCard): Promise<ShelvedCard> {
    const { cells, folder, clock } = this.#options;
    const replaced = await this.current(matchId);
    await mkdir(folder, { recursive: true });
    const files = {
      wide: await this.#write(imageName(matchId, "wide", images.wide), images.wide),
      square: await this.#write(imageName(matchId, "square", images.square), images.square),
    };
    const card = { key, files };
    const bytes = encoder.encode(JSON.stringify(card));
    await cells.put(cellKey(matchId), bytes, { expireMs: limits.cardKeptMs });
    // From now on its time runs.
    const now = clock.now() / 1000;
    for (const file of Object.values(replaced?.files ?? {})) {
      await utimes(join(folder, file), now, now);
    }
    return card;
  }

  /** Removes what was replaced, or what nobody knows of, long ago. */
  async sweep(): Promise<void> {
    const { folder, clock } = this.#options;
    const isOld = (at: number | null) => at !== null && clock.now() - at >= limits.cardReplacedMs;
    for (const name of await readdir(folder).catch(() => [])) {
      // What was being written when its process died is no card's name.
      const matchId = parseCardName(name.replace(/\.aside$/, ""))?.matchId;
      if (matchId === undefined || !isOld(await this.#changedAt(name))) continue;
      const current = await shelvedCard(this.#options.cells, matchId);
      if (Object.values(current?.files ?? {}).includes(name)) continue;
      await unlink(join(folder, name));
    }
  }

  async #write(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(this.#options.folder, name);
    await writeFile(`${path}.aside`, bytes);
    await rename(`${path}.aside`, path);
    return name;
  }

  async #changedAt(name: string): Promise<number | null> {
    try {
      return (await stat(join(this.#options.folder, name))).mtimeMs;
    } catch {
      return null;
    }
  }
}

function cellKey(matchId: string): string {
  return `card/${matchId}`;
}
