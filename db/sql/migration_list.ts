/**
 * Every migration, oldest first; the list only ever grows.
 *
 * A migration that ran anywhere is never edited: a database is what its
 * migrations made of it. They only add until no server of the version before is
 * left, so two versions run side by side; there is no way down.
 */
import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import type { DialectWords } from "./dialect_words.ts";
import { createMatchTables } from "./migrations/0001_match.ts";
import type { SqlDatabase } from "./sql_database.ts";

const MIGRATIONS: [
  name: string,
  up: (db: Kysely<unknown>, words: DialectWords) => Promise<void>,
][] = [
  ["0001_match", createMatchTables],
];

/**
 * Brings the database to the newest version and answers the names of what ran.
 * @throws {Failure} `migrationFailed`, naming the migration; retryable where the database was away.
 */
export async function migrate({ kysely, words }: SqlDatabase): Promise<string[]> {
  const list: Record<string, Migration> = Object.fromEntries(
    MIGRATIONS.map(([name, up]) => [name, { up: (db) => up(db, words) }]),
  );
  const provider = { getMigrations: () => Promise.resolve(list) };
  const { error, results = [] } = await new Migrator({ db: kysely, provider }).migrateToLatest();
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === "Error")?.migrationName ?? "the list";
    throw new Failure(
      "migrationFailed",
      `Cannot migrate the database as ${failed} must run to its end: ${reasonOf(error)}`,
      { retryable: error instanceof Failure && error.retryable, cause: error },
    );
  }
  return results.map(({ migrationName }) => migrationName);
}
