/**
 * One row a market of a match that an operator took out.
 *
 * Nothing is predicted on it any more, and what was is void.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface MarketVoidTable {
  match_id: string;
  market: string;
  /** The operator. */
  by: string;
  reason: string;
  /** Milliseconds since 1970. */
  at: number;
}

export async function createMarketVoid(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("market_void")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("market", words.id, (column) => column.notNull())
      .addColumn("by", words.id, (column) => column.notNull())
      .addColumn("reason", words.name, (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("market_void_pk", ["match_id", "market"]),
  );
}
