/**
 * Flags of every country and of the home nations, four to three.
 *
 * A match page shows two of them as files of their own; a list takes the sheet.
 */
import type { Pack } from "../pack.ts";
import { packageFiles, packageImage, packageSource } from "./npm_package.ts";

const PACKAGE = "flag-icons";
const FOLDER = "flags/4x3";

export const flags: Pack = {
  id: "flags",
  cell: { width: 32, height: 24 },
  box: { width: 32, height: 24 },
  makes: "sheets",
  hasSingles: true,
  bytesMax: { 1: 72_000, 2: 160_000, 3: 260_000 },
  credits: [{
    title: "Flags",
    source: packageSource(PACKAGE),
    author: "Panayiotis Lipiridis and contributors",
    licence: "MIT",
    url: "https://github.com/lipis/flag-icons",
  }],
  async sources() {
    const names = (await packageFiles(PACKAGE, FOLDER)).filter((name) => name.endsWith(".svg"));
    return await Promise.all(
      names.map((name) =>
        packageImage(PACKAGE, `${FOLDER}/${name}`, name.slice(0, -".svg".length))
      ),
    );
  },
};
