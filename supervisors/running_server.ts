/**
 * Where the server on a data folder can be spoken to.
 *
 * A file with the admin listener's address, for commands on the same machine;
 * it is left behind by a killed server, so whoever reads it tries it.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = "admin.address";
const ANSWER_MS_MAX = 2_000;

export function announceServer(folder: string, address: string): () => void {
  const path = join(folder, NAME);
  try {
    writeFileSync(path, `${address}\n`);
  } catch (error) {
    // A process with no folder to write to is found by whoever started it.
    if (!isNoFolder(error)) throw error;
    return () => {};
  }
  return () => rmSync(path, { force: true });
}

/** Not there, or not to be written to: by the system's rules or by Deno's. */
function isNoFolder(error: unknown): boolean {
  const { name, code = "" } = error as { name: string; code?: string };
  return name === "NotCapable" || ["ENOENT", "EACCES", "EPERM", "EROFS"].includes(code);
}

/** The admin address of a server that answers; null where none does. */
export async function findServer(folder: string): Promise<string | null> {
  try {
    const address = readFileSync(join(folder, NAME), "utf8").trim();
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const reply = await fetch(`${address}/healthz`, { signal });
    await reply.body?.cancel();
    return reply.ok ? address : null;
  } catch {
    return null;
  }
}
