/**
 * One row a prediction: what a fan says of one market of one match.
 *
 * Their only truth. A changed mind changes the row, until the lock; after it no
 * row is ever written. `client_id` is the client's own and names one prediction
 * for good, so that asking again is harmless. A settlement counts by the index,
 * and never reads a row for it.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface PredictionTable {
  match_id: string;
  user_id: string;
  market: string;
  /** In its one form (actors/prediction/market.ts). */
  pick: string;
  client_id: string;
  /** By the database's clock, milliseconds since 1970. */
  accepted_at: number;
}

export async function createPrediction(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("prediction")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("user_id", words.id, (column) => column.notNull())
      .addColumn("market", words.id, (column) => column.notNull())
      .addColumn("pick", words.id, (column) => column.notNull())
      .addColumn("client_id", words.id, (column) => column.notNull())
      .addColumn("accepted_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("prediction_pk", ["match_id", "user_id", "market"]),
  );
  await words.step(
    db.schema.createIndex("prediction_client").unique().on("prediction").column("client_id"),
  );
  await words.step(
    db.schema.createIndex("prediction_cell").on("prediction")
      .columns(["match_id", "market", "pick", "accepted_at"]),
  );
}
