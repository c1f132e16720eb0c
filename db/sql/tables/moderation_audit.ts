/**
 * One row an action of a moderator: the chains of all owners, only ever added to.
 *
 * Every column is under the row's hash, so none of them can be changed unseen;
 * what belongs to a value of JSON is kept as its text. Keys are (owner, number),
 * without gaps from 1.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface ModerationAuditTable {
  /** Whose log: `room <id>`, or `global`. */
  owner: string;
  number: number;
  actor: string;
  role: string;
  action: string;
  /** A message, a user, or empty: the room. */
  target: string;
  reason: string;
  /** JSON of what it was. */
  before: string;
  /** JSON of what it is. */
  after: string;
  /** The action that this one takes back. */
  undoes: number | null;
  prev_hash: string;
  hash: string;
  /** Milliseconds since 1970. */
  at: number;
}

export async function createModerationAudit(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("moderation_audit")
      .addColumn("owner", words.id, (column) => column.notNull())
      .addColumn("number", "bigint", (column) => column.notNull())
      .addColumn("actor", words.subject, (column) => column.notNull())
      .addColumn("role", words.id, (column) => column.notNull())
      .addColumn("action", words.id, (column) => column.notNull())
      .addColumn("target", words.subject, (column) => column.notNull())
      .addColumn("reason", words.json, (column) => column.notNull())
      .addColumn("before", words.json, (column) => column.notNull())
      .addColumn("after", words.json, (column) => column.notNull())
      .addColumn("undoes", "bigint")
      .addColumn("prev_hash", words.id, (column) => column.notNull())
      .addColumn("hash", words.id, (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("moderation_audit_pk", ["owner", "number"]),
  );
  // A user's case, over all owners, newest first.
  await words.step(
    db.schema.createIndex("moderation_audit_target").on("moderation_audit")
      .columns(["target", "at"]),
  );
}
