/**
 * Rooms: their ledgers, the bodies of messages, and what moderators did.
 *
 * Has run wherever Golazo has: never edited, its result is pinned by a test.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";
import { createChatBody } from "../tables/chat_body.ts";
import { createChatOp } from "../tables/chat_op.ts";
import { createModerationAudit } from "../tables/moderation_audit.ts";
import { createRoom } from "../tables/room.ts";

export async function createChatTables(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await createRoom(db, words);
  await createChatOp(db, words);
  await createChatBody(db, words);
  await createModerationAudit(db, words);
}
