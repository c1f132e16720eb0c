/**
 * What a SQLite file must look like before SQLite is let near it.
 *
 * SQLite reads a last page that was cut short as if zeros followed, and it
 * deletes the -wal of a file that it cannot read. So the few signs of a damaged
 * file that can be seen from outside are looked at first, and nothing is
 * touched. Format: sqlite.org/fileformat2.html, section 1.3.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { Buffer } from "node:buffer";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;

/** Answers what is wrong with the file, null where nothing is; an absent file is a new one. */
export function headerFault(path: string): string | null {
  const bytes = bytesOf(path);
  if (bytes === 0) {
    return bytesOf(`${path}-wal`) === 0 ? null : "it is empty or gone while its -wal is not";
  }
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) return "it is no SQLite file";
  // 65,536 does not fit into the two bytes and is written as 1.
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  return bytes % pageBytes === 0 ? null : `its last page has ${bytes % pageBytes} bytes only`;
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
