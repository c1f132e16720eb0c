/**
 * SQL in a SQLite file: kysely's own dialect over the one SqliteFile.
 *
 * Kysely holds its single connection through a whole transaction, so the file
 * belongs to kysely alone; the embedded primitives have files of their own.
 */
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect } from "kysely";
import type { SqliteFile } from "../embedded/sqlite_file.ts";
import { sqliteWords } from "./dialect_words.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";

/** `kysely.destroy()` closes the file. */
export function sqliteDatabase(file: SqliteFile): SqlDatabase {
  return {
    kysely: new Kysely<Tables>({ dialect: new FileDialect({ database: overFile(file) }) }),
    words: sqliteWords,
  };
}

/** SQLite rolls definitions back as it does rows, so a migration happens whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class FileDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

function overFile(file: SqliteFile): SqliteDatabase {
  return {
    prepare(text) {
      const statement = file.prepare(text);
      if (text !== "rollback") return statement;
      // After some errors (a full disk) SQLite has rolled back by itself and refuses a second time.
      const nothing = { changes: 0, lastInsertRowid: 0 };
      return {
        ...statement,
        run: (parameters) => file.inTransaction ? statement.run(parameters) : nothing,
      };
    },
    close: () => file.close(),
  };
}
