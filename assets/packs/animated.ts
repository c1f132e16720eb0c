/**
 * Stickers that move: `animated/` of a user's folder, each an animated WebP
 * with a still poster for those who asked for less motion.
 */
import type { Pack } from "../pack.ts";
import { FOLDER_CREDIT, folderImages } from "./source_folder.ts";

export const animated: Pack = {
  id: "animated",
  cell: null,
  box: { width: 96, height: 96 },
  makes: "animations",
  hasSingles: false,
  bytesMax: { 1: 100_000, 2: 250_000, 3: 500_000 },
  credits: [{ ...FOLDER_CREDIT, title: "Animated stickers" }],
  sources: (folder) => folder === null ? Promise.resolve([]) : folderImages(folder, "animated"),
};
