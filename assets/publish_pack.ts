/**
 * Writes what describes a pack's images, and gives its part of the manifest.
 */
import type { AssetStore, StoredImage } from "./asset_store.ts";
import type { PackTasks } from "./build_tasks.ts";
import { DENSITIES } from "./pack.ts";
import { parseContentName } from "./content_name.ts";
import {
  compactOf,
  cssOf,
  encodeJson,
  type ManifestAnimation,
  type ManifestPack,
  type ManifestSheet,
  pixiSheetOf,
  singlesOf,
} from "./manifest.ts";

export interface PublishedPack {
  pack: ManifestPack;
  /** Every file of it. */
  files: string[];
}

type MadeByKey = ReadonlyMap<string, StoredImage[]>;
type Sheet = PackTasks["sheets"][number];

/** @throws {Failure} `cannotWrite` */
export async function publishPack(
  work: PackTasks,
  made: MadeByKey,
  store: AssetStore,
): Promise<PublishedPack> {
  const { pack: { id }, sources, sheets, singles, animations } = work;
  const pack: ManifestPack = { count: sources.length };
  const files = [...sheets, ...singles, ...animations]
    .flatMap(({ task }) => made.get(task.key)!.map(({ file }) => file));
  const write = async (stem: string, extension: "json" | "css", bytes: Uint8Array) => {
    const name = await store.put(stem, extension, bytes);
    files.push(name);
    return name;
  };
  const writeFrames = (sheet: Sheet, others: string[]) => {
    const image = made.get(sheet.task.key)![0]!.file;
    return write(sheet.task.name, "json", encodeJson(pixiSheetOf({ ...sheet, image, others })));
  };
  if (sheets.length > 0) {
    pack.sheets = {};
    for (const density of DENSITIES) {
      const [first, ...rest] = sheets.filter((sheet) => sheet.density === density);
      // The first page names the others, so it is written after them.
      const others: string[] = [];
      for (const sheet of rest) others.push(await writeFrames(sheet, []));
      const frames = [await writeFrames(first!, others), ...others];
      pack.sheets[`${density}x`] = [first!, ...rest]
        .map((sheet, at) => manifestSheet(made.get(sheet.task.key)!, frames[at]!));
    }
    const pages = pagesOf(sheets, made);
    const css = cssOf(id, pages);
    pack.css = await write(id, "css", new TextEncoder().encode(css));
    const compact = pages.map(({ plan, images }) => ({
      plan,
      images: images.map(({ file }) => file),
    }));
    pack.compact = await write(
      `${id}-compact`,
      "json",
      encodeJson(compactOf(compact, [...DENSITIES])),
    );
  }
  if (singles.length > 0) {
    pack.singles = {};
    for (const [at, density] of DENSITIES.entries()) {
      const hashes = singles.map(({ id, task }) => [
        id,
        parseContentName(made.get(task.key)![at]!.file)!.hash,
      ]);
      const list = encodeJson(singlesOf(id, density, Object.fromEntries(hashes)));
      pack.singles[`${density}x`] = await write(`${id}-singles@${density}x`, "json", list);
    }
  }
  if (animations.length > 0) {
    const entries = animations.map(({ id, size, task }) => [
      id,
      { ...size, files: animationFiles(made.get(task.key)!) } satisfies ManifestAnimation,
    ]);
    pack.animations = Object.fromEntries(entries);
  }
  return { pack, files };
}

function manifestSheet(images: StoredImage[], frames: string): ManifestSheet {
  const [{ file, width, height, bytes }, avif] = images as [StoredImage, StoredImage?];
  return { image: file, ...(avif ? { avif: avif.file } : {}), frames, width, height, bytes };
}

function pagesOf(sheets: readonly Sheet[], made: MadeByKey) {
  return sheets.filter(({ density }) => density === DENSITIES[0]).map(({ page, plan }) => ({
    plan,
    images: sheets
      .filter((sheet) => sheet.page === page)
      .map(({ density, task }) => ({ density, file: made.get(task.key)![0]!.file })),
  }));
}

/** Animation and poster by turns, density by density. */
function animationFiles(images: StoredImage[]): ManifestAnimation["files"] {
  return Object.fromEntries(DENSITIES.map((density, at) => [
    `${density}x`,
    { animation: images[2 * at]!.file, poster: images[2 * at + 1]!.file },
  ]));
}
