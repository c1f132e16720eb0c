/**
 * `deno task migrate`: brings the tables to what this version needs.
 *
 * On DATABASE_URL it is the only thing that defines tables, so a server's own
 * user needs no right to; without it, golazo.db in the data folder, which every
 * start brings up to date by itself. Running it again changes nothing, and of
 * two at once the second waits for the first.
 */
import { join } from "node:path";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { migrate } from "../db/sql/migration_list.ts";
import { mysqlDatabase } from "../db/sql/mysql_dialect.ts";
import type { SqlDatabase } from "../db/sql/sql_database.ts";
import { sqliteDatabase } from "../db/sql/sqlite_dialect.ts";
import { systemClock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Config } from "./config.ts";

/** @returns the exit code. @throws {Failure} `configInvalid`, `migrationFailed`. */
export async function runMigrations(
  config: Config,
  print: (line: string) => void,
): Promise<number> {
  const { name, sql } = openDatabase(config);
  try {
    const ran = await migrate(sql);
    for (const migration of ran) print(`${migration} ran on ${name}`);
    if (ran.length === 0) print(`nothing to run on ${name}: its tables are the newest`);
    return 0;
  } finally {
    await sql.kysely.destroy();
  }
}

function openDatabase({ databaseUrl, data }: Config): { name: string; sql: SqlDatabase } {
  if (databaseUrl === null) {
    const path = join(data, "golazo.db");
    return { name: path, sql: sqliteDatabase(new SqliteFile(path, { synchronous: "full" })) };
  }
  const options = { clock: systemClock, answerMsMax: limits.sqlMigrationMsMax };
  const { host, pathname } = new URL(databaseUrl);
  return { name: `${host}${pathname}`, sql: mysqlDatabase(databaseUrl, options) };
}
