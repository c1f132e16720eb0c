/**
 * One row a cell of a run: all predictions of one pick, and what each is worth.
 *
 * What a chunk's one statement joins predictions with.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface SettlementCellTable {
  match_id: string;
  run: number;
  market: string;
  pick: string;
  /** 1: accepted at or after the lock. */
  late: 0 | 1;
  points: number;
  mark: "settled" | "void" | "open";
  predictions: number;
}

export async function createSettlementCell(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("settlement_cell")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("run", "integer", (column) => column.notNull())
      .addColumn("market", words.id, (column) => column.notNull())
      .addColumn("pick", words.id, (column) => column.notNull())
      .addColumn("late", "integer", (column) => column.notNull())
      .addColumn("points", "integer", (column) => column.notNull())
      .addColumn("mark", words.id, (column) => column.notNull())
      .addColumn("predictions", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("settlement_cell_pk", ["match_id", "run", "market", "pick", "late"]),
  );
}
