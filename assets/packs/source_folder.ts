/**
 * Images of a user's folder: `marks/`, `stickers/`, `animated/`.
 *
 * Nothing here is trusted. A name is an id, or it is refused; what a name leads
 * to must be a file that lies in the folder, of a size that can be decoded
 * safely, and be by its first bytes what its name says. Whatever is wrong is
 * named with its way out, and nothing is skipped in silence.
 */
import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import type { Credit, SourceImage } from "../pack.ts";
import { rasterFormat } from "./raster_format.ts";

export const FOLDERS = ["marks", "stickers", "animated"] as const;
export type Folder = (typeof FOLDERS)[number];

export const FOLDER_CREDIT: Omit<Credit, "title"> = {
  source: "the folder of whoever runs this server",
  author: "see there",
  licence: "see there",
  url: "GOLAZO_ASSETS_FOLDER",
};

const NAME = /^([a-z0-9_-]{1,64})\.(png|webp|gif)$/;

/** @throws {Failure} `badInput` where the folder is missing or holds what has no meaning. */
export async function checkFolder(folder: string): Promise<void> {
  const names = await list(folder);
  const strange = names.find((name) => !(FOLDERS as readonly string[]).includes(name));
  if (strange === undefined) return;
  throw refusal(join(folder, strange), `needed only the folders ${FOLDERS.join(", ")}`, "move it");
}

/** Sorted by id; none where the folder has no such part. @throws {Failure} `badInput` */
export async function folderImages(folder: string, part: Folder): Promise<SourceImage[]> {
  if (!(await list(folder)).includes(part)) return [];
  const root = await realpath(folder);
  const images = new Map<string, SourceImage>();
  for (const name of await list(join(folder, part))) {
    const path = join(folder, part, name);
    const [, id = "", extension = ""] = NAME.exec(name) ?? [];
    if (id === "") {
      const needed = "needed a name of [a-z0-9_-], at most 64, and .png, .webp or .gif";
      throw refusal(path, needed, "rename it");
    }
    const other = images.get(id);
    if (other !== undefined) {
      throw refusal(path, `the name "${id}" is taken by ${other.name}`, "rename one of them");
    }
    const bytes = await readInside(root, path);
    const format = rasterFormat(bytes);
    if (format !== extension) {
      const found = format === null ? "neither PNG, WebP nor GIF" : format;
      const needed = `needed ${extension} by its name, found ${found} by its first bytes`;
      throw refusal(path, needed, "export it again");
    }
    images.set(id, { id, name: path, format: "raster", bytes });
  }
  return [...images.values()];
}

/** Without hidden files, which systems leave about. */
async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  } catch (cause) {
    throw refusal(folder, reasonOf(cause), "give a folder that can be read", cause);
  }
}

async function readInside(root: string, path: string): Promise<Uint8Array> {
  const real = await realpath(path).catch((cause) => {
    throw refusal(path, `it leads nowhere: ${reasonOf(cause)}`, "put the image there", cause);
  });
  if (!real.startsWith(root + sep)) {
    throw refusal(path, "it is a link out of the folder", "copy the image into it");
  }
  // Not what it was a moment ago: a link by now is refused, a pipe does not block.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch((cause) => {
    throw refusal(path, reasonOf(cause), "make it readable", cause);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refusal(path, "it is no regular file", "remove it");
    if (stat.size > limits.assetSourceBytesMax) {
      const needed = `needed at most ${limits.assetSourceBytesMax} bytes, found ${stat.size}`;
      throw refusal(path, needed, "make it smaller");
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function refusal(path: string, reason: string, remedy: string, cause?: unknown): Failure {
  return new Failure("badInput", `Cannot use ${path}: ${reason}; ${remedy}`, { cause });
}
