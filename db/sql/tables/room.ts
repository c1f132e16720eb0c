/**
 * One row a room that somebody made, with the code that lets in; matches' rooms
 * are there without one.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface RoomTable {
  room_id: string;
  title: string;
  match_id: string | null;
  /** Null: an operator's. */
  owner: string | null;
  /** Null: everybody may come in. */
  invite_code: string | null;
  created_at: number;
}

export async function createRoom(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("room")
      .addColumn("room_id", words.id, (column) => column.notNull().primaryKey())
      .addColumn("title", words.name, (column) => column.notNull())
      .addColumn("match_id", words.id)
      .addColumn("owner", words.id)
      .addColumn("invite_code", words.id)
      .addColumn("created_at", "bigint", (column) => column.notNull()),
  );
}
