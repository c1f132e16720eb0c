/**
 * The ledger of points: what each run of a settlement gave or took back.
 *
 * Only ever added to: a correction is a row of a later run, and a fan's points
 * of a market are the sum over its runs. The key is (prediction, run), so no run
 * can pay a prediction twice; no row says 0.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface PointEntryTable {
  match_id: string;
  user_id: string;
  market: string;
  /** From 1 within the match. */
  run: number;
  /** Below 0 where a later run takes back. */
  points: number;
}

export async function createPointEntry(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("point_entry")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("user_id", words.id, (column) => column.notNull())
      .addColumn("market", words.id, (column) => column.notNull())
      .addColumn("run", "integer", (column) => column.notNull())
      .addColumn("points", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("point_entry_pk", ["match_id", "user_id", "market", "run"]),
  );
}
