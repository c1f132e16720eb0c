/**
 * The few words in which MySQL (MariaDB too) and SQLite differ.
 *
 * Tables, migrations and stores are written once and ask here; nothing else in
 * the house knows which database answers. Whole numbers need no word: `bigint`
 * is 64 bits in both.
 */
import {
  type AnyColumn,
  type Expression,
  type InsertQueryBuilder,
  type InsertResult,
  type Kysely,
  type RawBuilder,
  sql,
  type UpdateObject,
} from "kysely";
import { socketTurn } from "../../runtime/turn.ts";

export interface DialectWords {
  /** An id or a word of up to 128 characters, compared byte by byte: `aB` is not `ab`. */
  id: Expression<string>;
  /** A user, or what a token may call one: up to 255 characters, byte by byte. */
  subject: Expression<string>;
  /** A name or a remark of up to 200 characters, as long as a fact's may be. */
  name: Expression<string>;
  /** JSON as the text it was written as, up to 16 MiB. */
  json: Expression<string>;
  /** Milliseconds since 1970 by the database's clock: the same all through one statement. */
  now: Expression<number>;
  /** Within `upsert`'s changes: what the insert would have written there. */
  proposed(column: string): Expression<string | number>;
  /** After a table's name: reads it by that index, whatever statistics say. */
  byIndex(index: string): RawBuilder<unknown>;
  /** At the end of a SELECT: what it read stays as it is until the transaction ends. */
  inShare: RawBuilder<unknown>;
  /** Where the database keeps what was overwritten in files of ours: it is gone from them. */
  forget<DB>(db: Kysely<DB>): Promise<void>;
  /** Between statements of a long task: where each holds the loop, sockets are read. */
  rest(): Promise<void>;
  /** Whether a statement holds the loop of this process until it is done. */
  holdsLoop: boolean;
  /** A whole number that follows from a text, for samples. */
  scatter(text: RawBuilder<unknown>): RawBuilder<number>;
  /** Insert, or these changes where the key is there. */
  upsert<DB, TB extends keyof DB & string>(
    insert: InsertQueryBuilder<DB, TB, InsertResult>,
    key: AnyColumn<DB, TB>[],
    changes: UpdateObject<DB, TB, TB>,
  ): InsertQueryBuilder<DB, TB, InsertResult>;
  /**
   * Runs one step of a migration. Where a database does not roll definitions back,
   * a migration that was interrupted runs again, and a step of it that is done is passed over.
   */
  step(definition: Definition): Promise<void>;
}

interface Definition {
  execute(): Promise<unknown>;
}

export const sqliteWords: DialectWords = {
  id: sql`varchar(128)`,
  subject: sql`varchar(255)`,
  name: sql`varchar(200)`,
  json: sql`text`,
  // Whoever writes is alone.
  inShare: sql``,
  holdsLoop: true,
  rest: socketTurn,
  byIndex: (index) => sql`indexed by ${sql.ref(index)}`,
  // secure_delete leaves what was overwritten in the -wal alone.
  forget: async (db) => void await sql`pragma wal_checkpoint(truncate)`.execute(db),
  scatter: (text) =>
    sql`(31 * unicode(substr(${text}, -1)) + 1009 * coalesce(unicode(substr(${text}, -2, 1)), 0) +
      65537 * coalesce(unicode(substr(${text}, -3, 1)), 0))`,
  now: sql`cast(round(unixepoch('subsec') * 1000) as integer)`,
  proposed: (column) => sql`excluded.${sql.ref(column)}`,
  upsert: (insert, key, changes) =>
    // Kysely types these changes for a table that also has `excluded`; ours never name it.
    insert.onConflict((conflict) => conflict.columns(key).doUpdateSet(changes as never)),
  step: async (definition) => void await definition.execute(),
};

/** MySQL's numbers for a table, a column, an index or a row that is there already. */
const DONE_BEFORE = new Set([1050, 1060, 1061, 1062]);

/**
 * MySQL's own JSON type would reorder keys, and its default collation takes `aB`
 * for `ab`. Ours still takes `a ` for `a`; no collation without that is in both
 * MySQL and MariaDB, and a match's id has no blanks.
 */
export const mysqlWords: DialectWords = {
  id: sql`varchar(128) character set utf8mb4 collate utf8mb4_bin`,
  subject: sql`varchar(255) character set utf8mb4 collate utf8mb4_bin`,
  name: sql`varchar(200) character set utf8mb4 collate utf8mb4_bin`,
  json: sql`mediumtext character set utf8mb4 collate utf8mb4_bin`,
  // MySQL's newer FOR SHARE is not MariaDB's.
  inShare: sql`lock in share mode`,
  holdsLoop: false,
  rest: () => Promise.resolve(),
  byIndex: (index) => sql`force index (${sql.ref(index)})`,
  forget: () => Promise.resolve(),
  scatter: (text) => sql`crc32(${text})`,
  now: sql`cast(unix_timestamp(now(3)) * 1000 as unsigned)`,
  proposed: (column) => sql`values(${sql.ref(column)})`,
  upsert: (insert, _key, changes) => insert.onDuplicateKeyUpdate(changes),
  async step(definition) {
    try {
      await definition.execute();
    } catch (error) {
      if (!DONE_BEFORE.has((error as { errno: number }).errno)) throw error;
    }
  },
};
