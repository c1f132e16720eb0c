/**
 * Every migration, oldest first; the list only ever grows.
 *
 * A migration that ran anywhere is never edited: a database is what its
 * migrations made of it. They only add until no server of the version before is
 * left, so two versions run side by side; there is no way down.
 */
import type { Kysely } from "kysely";
import {
  DEFAULT_MIGRATION_TABLE,
  type Migration,
  type MigrationResultSet,
  Migrator,
} from "kysely/migration";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { type DialectWords, sqliteWords } from "./dialect_words.ts";
import { createMatchTables } from "./migrations/0001_match.ts";
import { createPredictionTables } from "./migrations/0002_prediction.ts";
import { createSettlementTables } from "./migrations/0003_settlement.ts";
import { createGroupTables } from "./migrations/0004_group.ts";
import { createChatTables } from "./migrations/0005_chat.ts";
import { createModerationTables } from "./migrations/0006_moderation.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";

const MIGRATIONS: [
  name: string,
  up: (db: Kysely<unknown>, words: DialectWords) => Promise<void>,
][] = [
  ["0001_match", createMatchTables],
  ["0002_prediction", createPredictionTables],
  ["0003_settlement", createSettlementTables],
  ["0004_group", createGroupTables],
  ["0005_chat", createChatTables],
  ["0006_moderation", createModerationTables],
];

/**
 * Brings the database to the newest version and answers the names of what ran.
 * @throws {Failure} `migrationFailed`, naming the migration; retryable where the database was away.
 */
export async function migrate(sql: SqlDatabase): Promise<string[]> {
  const { error, results = [] } = await newestOf(sql)
    .catch((error): MigrationResultSet => ({ error }));
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === "Error")?.migrationName ??
      "every migration";
    throw new Failure(
      "migrationFailed",
      `Cannot migrate the database as ${failed} must run to its end: ${reasonOf(error)}`,
      { retryable: error instanceof Failure && error.retryable, cause: error },
    );
  }
  return results.map(({ migrationName }) => migrationName);
}

/**
 * For servers whose user may not define tables.
 * @throws {Failure} `schemaOutdated` where a migration has not run here.
 */
export async function requireNewest(sql: SqlDatabase): Promise<void> {
  const known = await migratorOf(sql.kysely, sql.words).getMigrations();
  const missing = known.filter(({ executedAt }) => executedAt === undefined);
  if (missing.length === 0) return;
  throw new Failure(
    "schemaOutdated",
    "Cannot use the database of DATABASE_URL as its tables must be the newest: " +
      `${missing.map(({ name }) => name).join(", ")} has not run; run \`deno task migrate\``,
  );
}

async function newestOf({ kysely, words }: SqlDatabase): Promise<MigrationResultSet> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true });
  const isBegun = tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE);
  // What is there before our first migration is somebody else's, and no step of ours passes it over.
  const ours = isBegun ? words : { ...words, step: sqliteWords.step };
  return await migratorOf(kysely, ours).migrateToLatest();
}

function migratorOf(db: Kysely<Tables>, words: DialectWords): Migrator {
  const list: Record<string, Migration> = Object.fromEntries(
    MIGRATIONS.map(([name, up]) => [name, { up: (db) => up(db, words) }]),
  );
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(list) } });
}
