/**
 * The heads of the audit chains, the seals over them, and the global log of
 * moderation.
 *
 * Has run wherever Golazo has: never edited, its result is pinned by a test.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";
import { createAuditHead } from "../tables/audit_head.ts";
import { createAuditSeal } from "../tables/audit_seal.ts";
import { createModerationEntry } from "../tables/moderation_entry.ts";

export async function createModerationTables(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await createAuditHead(db, words);
  await createAuditSeal(db, words);
  await createModerationEntry(db, words);
  // Rooms in which a user has written, for a purge in all of them.
  await words.step(
    db.schema.createIndex("chat_body_user").on("chat_body").columns(["author", "room_id"]),
  );
}
