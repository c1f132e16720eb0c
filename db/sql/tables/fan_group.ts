/**
 * One row a group of fans: its name, who owns it, and the code that lets in.
 *
 * Who changes a group, or who is in it, first writes this row and so holds it
 * until the change is whole.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface FanGroupTable {
  id: string;
  name: string;
  owner: string;
  invite_code: string;
}

export async function createFanGroup(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("fan_group")
      .addColumn("id", words.id, (column) => column.notNull().primaryKey())
      .addColumn("name", words.name, (column) => column.notNull())
      .addColumn("owner", words.id, (column) => column.notNull())
      .addColumn("invite_code", words.id, (column) => column.notNull()),
  );
}
