/**
 * One row a partition: the highest owner's token that SQL has seen.
 *
 * Every batch of an owner begins by raising its row, so a paused owner that wakes
 * up after another took over writes nothing, whatever its own clock says. All
 * rows are there from the first migration, so raising is one UPDATE.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

/** As many as the placement has; more of them is a migration that adds rows. */
export const PARTITIONS = 64;

export interface PartitionFenceTable {
  id: number;
  token: number;
}

export async function createPartitionFence(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("partition_fence")
      .addColumn("id", "integer", (column) => column.notNull().primaryKey())
      .addColumn("token", "bigint", (column) => column.notNull()),
  );
  await words.step(
    (db as Kysely<{ partition_fence: PartitionFenceTable }>).insertInto("partition_fence")
      .values(Array.from({ length: PARTITIONS }, (_, id) => ({ id, token: 0 }))),
  );
}
