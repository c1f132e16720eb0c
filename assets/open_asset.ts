/**
 * Opens a file of the folder that is served, and nothing but a file.
 *
 * A link is refused, so that nothing leads out of the folder; a pipe is not
 * waited for.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const IS_NONE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "ENXIO"]);

/** Null where there is no regular file. */
export async function openAsset(path: string): Promise<FileHandle | null> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, FLAGS);
    if ((await file.stat()).isFile()) return file;
  } catch (thrown) {
    if (!IS_NONE.has((thrown as { code?: string }).code ?? "")) throw thrown;
  }
  await file?.close();
  return null;
}
