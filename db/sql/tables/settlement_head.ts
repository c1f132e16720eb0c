/**
 * One row a match that was ever settled: the number of its current run.
 *
 * A new run raises it; every chunk's transaction holds it in share. So no chunk
 * of an older run is written once a newer one has begun.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface SettlementHeadTable {
  match_id: string;
  run: number;
}

export async function createSettlementHead(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("settlement_head")
      .addColumn("match_id", words.id, (column) => column.notNull().primaryKey())
      .addColumn("run", "integer", (column) => column.notNull()),
  );
}
