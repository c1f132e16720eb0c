/**
 * Stickers of many sizes: ours, and stills from `stickers/` of a user's folder.
 */
import { Failure } from "../../runtime/failure.ts";
import type { Pack, SourceImage } from "../pack.ts";
import { type Drawing, drawings } from "./sticker_drawings.ts";
import { folderImages } from "./source_folder.ts";

export const stickers: Pack = {
  id: "stickers",
  cell: null,
  box: { width: 128, height: 128 },
  makes: "sheets",
  hasSingles: false,
  bytesMax: { 1: 100_000, 2: 250_000, 3: 450_000 },
  credits: [{
    title: "Stickers",
    source: "drawn for Golazo",
    author: "the authors of Golazo",
    licence: "MIT",
    url: "assets/packs/sticker_drawings.ts",
  }],
  async sources(folder) {
    const theirs = folder === null ? [] : await folderImages(folder, "stickers");
    for (const { id, name } of theirs) {
      if (!drawings.some((drawing) => drawing.id === id)) continue;
      const reason = `Cannot use ${name}: the name "${id}" is one of our own stickers'; rename it`;
      throw new Failure("badInput", reason);
    }
    return [...drawings.map(drawn), ...theirs];
  },
};

function drawn({ id, size, shapes }: Drawing): SourceImage {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" ` +
    `height="${size.height}" viewBox="0 0 ${size.width} ${size.height}">${shapes}</svg>`;
  const bytes = new TextEncoder().encode(svg);
  return { id, name: `stickers/${id}.svg`, format: "svg", bytes, size };
}
