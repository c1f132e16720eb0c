/**
 * The key that the audit's seals are signed with: GOLAZO_AUDIT_KEY, else a file
 * beside the data, made at the first start with rights for its owner only.
 *
 * Whoever holds the database must not hold this key. Several processes sign one
 * database's audit in turn, so they need the same one.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { type Random, randomId } from "../runtime/random.ts";
import type { Config } from "./config.ts";

const NAME = "audit.key";

/**
 * Null where there is none and this process may not write one.
 * @throws {Failure} `auditKeyUnreadable`.
 */
export function auditKey(
  config: Pick<Config, "auditKey" | "data">,
  random: Random,
): string | null {
  const known = knownAuditKey(config);
  if (known !== null) return known;
  const key = randomId(random, 48);
  try {
    mkdirSync(config.data, { recursive: true });
    writeFileSync(join(config.data, NAME), `${key}\n`, { mode: 0o600 });
  } catch {
    // Deno's refusal has no code of its own to be told by.
    return null;
  }
  return key;
}

/** Null: there is none yet. @throws {Failure} `auditKeyUnreadable`. */
export function knownAuditKey(
  { auditKey, data }: Pick<Config, "auditKey" | "data">,
): string | null {
  if (auditKey !== null) return auditKey;
  const path = join(data, NAME);
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    const { code, name } = error as { code?: string; name?: string };
    // What Deno does not let us read is not there for us.
    if (code === "ENOENT" || name === "NotCapable") return null;
    throw new Failure(
      "auditKeyUnreadable",
      `Cannot read the key of the audit in ${path}: ${reasonOf(error)}; make it readable`,
    );
  }
}
