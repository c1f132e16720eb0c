/**
 * One row an entry of the global log of moderation, as its loop committed it.
 *
 * The log is brought back from here when the hot store has lost it; people look
 * at moderation_audit. Keys are (log, seq), without gaps from 1.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface ModerationEntryTable {
  log: string;
  seq: number;
  /** The token of the owner that recorded it. */
  fence: number;
  /** By the owner, milliseconds since 1970. */
  recorded_at: number;
  /** JSON of the entry. */
  body: string;
}

export async function createModerationEntry(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("moderation_entry")
      .addColumn("log", words.id, (column) => column.notNull())
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("fence", "bigint", (column) => column.notNull())
      .addColumn("recorded_at", "bigint", (column) => column.notNull())
      .addColumn("body", words.json, (column) => column.notNull())
      .addPrimaryKeyConstraint("moderation_entry_pk", ["log", "seq"]),
  );
}
