/**
 * `deno task audit verify`: holds every owner's chain of moderators' actions in
 * DATABASE_URL, or in the data folder, against its head and against the seals.
 *
 *   --seal NUMBER:SIGNATURE  that this seal stands, as a log kept elsewhere has it
 *
 * Changes nothing. Exit code 0 where all is as it was written, 1 with the name of
 * the first bad entry, 69 where the database is away, 78 where there are seals and
 * no key: chains and heads are held against each other then too, and what could not
 * be proved is said.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { SqliteFile } from "../../db/embedded/sqlite_file.ts";
import { type AuditVerdict, verifyAudit } from "../../db/sql/audit_verification.ts";
import { mysqlDatabase } from "../../db/sql/mysql_dialect.ts";
import type { SqlDatabase } from "../../db/sql/sql_database.ts";
import { sqliteDatabase } from "../../db/sql/sqlite_dialect.ts";
import { systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { exitProcess, printError, printLine } from "../../runtime/platform.ts";
import { knownAuditKey } from "../../supervisors/audit_key.ts";
import { fail, readSources } from "../../supervisors/boot.ts";
import { type Config, parseConfig } from "../../supervisors/config.ts";

const UNAVAILABLE = 69;

try {
  exitProcess(await audit());
} catch (error) {
  const isAway = error instanceof Failure && error.retryable;
  if (isAway) printError(error.message);
  exitProcess(isAway ? UNAVAILABLE : fail(error));
}

async function audit(): Promise<number> {
  const sources = readSources();
  const at = sources.argv.indexOf("--seal");
  const seal = at < 0 ? null : sources.argv[at + 1] ?? "";
  const argv = at < 0 ? sources.argv : sources.argv.toSpliced(at, 2);
  const config = parseConfig({ ...sources, argv });
  if (config.positional.join(" ") !== "verify") {
    const found = config.positional.join(" ") || "nothing";
    throw new Failure("configInvalid", `Cannot audit: needed verify, found ${found}`);
  }
  const sql = open(config);
  try {
    return await verify(sql, config, seal);
  } finally {
    await sql.kysely.destroy();
  }
}

async function verify(sql: SqlDatabase, config: Config, seal: string | null): Promise<number> {
  const key = knownAuditKey(config);
  const verdict = await verifyAudit(sql, key, seal);
  if (verdict.outcome === "broken") {
    const { owner, number, what } = verdict;
    printLine(JSON.stringify(verdict));
    printError(`The audit is not as it was written: ${owner}, entry ${number}: ${what}`);
    return 1;
  }
  const unproved = unprovedBy(verdict, key);
  printLine(JSON.stringify({ ...verdict, ...unproved === null ? {} : { unproved } }));
  if (unproved !== null) {
    const { rows, owners } = verdict;
    printError(`Held against their chains and heads: ${rows} entries of ${owners} owners, whole.`);
    printError(`Not proved: ${unproved}`);
  }
  if (key !== null || verdict.seals === 0) return 0;
  throw new Failure(
    "configInvalid",
    "Cannot verify the seals: needed the key that they were signed with, as GOLAZO_AUDIT_KEY " +
      `or audit.key in ${config.data}, found none`,
  );
}

/** What this run leaves open, in words; null: nothing. */
function unprovedBy(
  { rows, seals, unsealed }: Extract<AuditVerdict, { outcome: "whole" }>,
  key: string | null,
): string | null {
  const rewritten = "rewritten together with their heads, they would not show";
  if (seals > 0 && key === null) {
    return `that the ${seals} seals were signed by this server, as there is no key here: whoever ` +
      "holds the database could have made them";
  }
  if (unsealed === 0) return null;
  const none = seals === 0 && key === null ? ", and there is no key to seal them with" : "";
  return `${unsealed} of ${rows} entries, for which no seal stands yet${none}: ${rewritten}`;
}

function open({ data, databaseUrl }: Config): SqlDatabase {
  if (databaseUrl !== null) return mysqlDatabase(databaseUrl, { clock: systemClock });
  const path = join(data, "golazo.db");
  if (!existsSync(path)) {
    const found = `found none in ${data}${process.env.GOLAZO_DATA ? "" : " (GOLAZO_DATA)"}`;
    throw new Failure("storeUnavailable", `Cannot read the audit: needed golazo.db, ${found}`, {
      retryable: true,
    });
  }
  return sqliteDatabase(new SqliteFile(path, { synchronous: "full", readOnly: true }));
}
