/**
 * One row an operator's command on a settlement: who, when, why, and what it changed.
 *
 * Written in the transaction that does it; only ever added to.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface SettlementCommandTable {
  match_id: string;
  /** From 1 within the match. */
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  by: string;
  command: string;
  reason: string;
  /** JSON of what it found and what it left. */
  before: string;
  after: string;
}

export async function createSettlementCommand(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("settlement_command")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("seq", "integer", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("by", words.id, (column) => column.notNull())
      .addColumn("command", words.id, (column) => column.notNull())
      .addColumn("reason", words.json, (column) => column.notNull())
      .addColumn("before", words.json, (column) => column.notNull())
      .addColumn("after", words.json, (column) => column.notNull())
      .addPrimaryKeyConstraint("settlement_command_pk", ["match_id", "seq"]),
  );
}
