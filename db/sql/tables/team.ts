/**
 * One row a team, as the latest fixture named it.
 *
 * A fixture keeps the names of its own day; this is the list to choose from.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface TeamTable {
  id: string;
  name: string;
  /** Three letters, as on a scoreboard. */
  code: string | null;
}

export async function createTeam(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("team")
      .addColumn("id", words.id, (column) => column.notNull().primaryKey())
      .addColumn("name", words.name, (column) => column.notNull())
      .addColumn("code", words.id),
  );
}
