/**
 * One row an entry of a room's ledger: what happened there, and never what
 * somebody wrote.
 *
 * `body` is the entry; the columns beside it repeat what pages of old messages
 * are found by. Keys are (room, seq), without gaps from 1.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface ChatOpTable {
  room_id: string;
  seq: number;
  /** The token of the owner that recorded it. */
  fence: number;
  type: string;
  /** Kind of the op that it carries; null: none. */
  op: string | null;
  /** Of the op: of a post, the message's id. */
  stamp: string | null;
  /** The message that the op is about. */
  target: string | null;
  by: string | null;
  /** By the owner, milliseconds since 1970. */
  said_at: number;
  /** JSON of the RoomEntryBody. */
  body: string;
}

export async function createChatOp(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("chat_op")
      .addColumn("room_id", words.id, (column) => column.notNull())
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("fence", "bigint", (column) => column.notNull())
      .addColumn("type", words.id, (column) => column.notNull())
      .addColumn("op", words.id)
      .addColumn("stamp", words.id)
      .addColumn("target", words.id)
      .addColumn("by", words.id)
      .addColumn("said_at", "bigint", (column) => column.notNull())
      .addColumn("body", words.json, (column) => column.notNull())
      .addPrimaryKeyConstraint("chat_op_pk", ["room_id", "seq"]),
  );
  await words.step(
    db.schema.createIndex("chat_op_target").on("chat_op").columns(["room_id", "target"]),
  );
  await words.step(
    db.schema.createIndex("chat_op_stamp").on("chat_op").columns(["room_id", "op", "stamp"]),
  );
}
