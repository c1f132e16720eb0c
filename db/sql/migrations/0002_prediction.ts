/**
 * Predictions: their rows, markets taken out, and when each match locks.
 *
 * Has run wherever Golazo has: never edited, its result is pinned by a test.
 */
import { type Kysely, sql } from "kysely";
import type { DialectWords } from "../dialect_words.ts";
import { createMarketVoid } from "../tables/market_void.ts";
import { createPrediction } from "../tables/prediction.ts";

export async function createPredictionTables(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await createPrediction(db, words);
  await createMarketVoid(db, words);
  // Locked where nobody says when: a server of the version before writes fixtures without.
  await words.step(
    db.schema.alterTable("fixture")
      .addColumn("lock_at", "bigint", (column) => column.notNull().defaultTo(0)),
  );
  const scheduled = sql`update fixture set lock_at = kickoff_at where lock_at = 0`;
  await words.step({ execute: () => scheduled.execute(db) });
}
