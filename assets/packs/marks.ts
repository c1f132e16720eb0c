/**
 * Club crests and sponsors' marks: `marks/` of a user's folder.
 *
 * None come with Golazo, as none are free.
 */
import type { Pack } from "../pack.ts";
import { FOLDER_CREDIT, folderImages } from "./source_folder.ts";

export const marks: Pack = {
  id: "marks",
  cell: { width: 40, height: 40 },
  box: { width: 40, height: 40 },
  makes: "sheets",
  hasSingles: true,
  bytesMax: { 1: 250_000, 2: 500_000, 3: 750_000 },
  credits: [{ ...FOLDER_CREDIT, title: "Marks" }],
  sources: (folder) => folder === null ? Promise.resolve([]) : folderImages(folder, "marks"),
};
