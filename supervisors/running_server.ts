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
  writeFileSync(path, `${address}\n`);
  return () => rmSync(path, { force: true });
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
