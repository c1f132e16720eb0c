/**
 * One row a body: what somebody wrote, apart from the log that names it.
 *
 * Removed means that `bytes` is NULL; the row stays, so that nothing that comes
 * late is taken for new.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface ChatBodyTable {
  room_id: string;
  key: string;
  /** Its post's or its edit's. */
  message: string;
  author: string;
  bytes: Uint8Array | null;
}

export async function createChatBody(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("chat_body")
      .addColumn("room_id", words.id, (column) => column.notNull())
      .addColumn("key", words.id, (column) => column.notNull())
      .addColumn("message", words.id, (column) => column.notNull())
      .addColumn("author", words.id, (column) => column.notNull())
      .addColumn("bytes", "blob")
      .addPrimaryKeyConstraint("chat_body_pk", ["room_id", "key"]),
  );
  await words.step(
    db.schema.createIndex("chat_body_message").on("chat_body").columns(["room_id", "message"]),
  );
  await words.step(
    db.schema.createIndex("chat_body_author").on("chat_body")
      .columns(["room_id", "author", "message"]),
  );
}
