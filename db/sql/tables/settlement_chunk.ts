/**
 * One row a chunk of a run: whose points it writes, and how far that is.
 *
 * Written in the same transaction as the chunk's points, so what is not marked
 * written has no point entry, and what is has all of them.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface SettlementChunkTable {
  match_id: string;
  run: number;
  /** From 1. */
  chunk: number;
  /** Users above it, null: from the first; … */
  after_user: string | null;
  /** … up to and with it, null: to the last. */
  up_to_user: string | null;
  /** Point entries that it wrote, and the sum of their points. */
  entries: number;
  points: number;
  written_at: number | null;
  /** Null until every board has it. */
  ranked_at: number | null;
}

export async function createSettlementChunk(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("settlement_chunk")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("run", "integer", (column) => column.notNull())
      .addColumn("chunk", "integer", (column) => column.notNull())
      .addColumn("after_user", words.id)
      .addColumn("up_to_user", words.id)
      .addColumn("entries", "bigint", (column) => column.notNull())
      .addColumn("points", "bigint", (column) => column.notNull())
      .addColumn("written_at", "bigint")
      .addColumn("ranked_at", "bigint")
      .addPrimaryKeyConstraint("settlement_chunk_pk", ["match_id", "run", "chunk"]),
  );
}
