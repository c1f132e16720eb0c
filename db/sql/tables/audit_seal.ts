/**
 * One row a minute in which anything was done: the heads of all chains that have
 * grown, signed with a key that is not in the database.
 *
 * Seals are a chain themselves: each is signed together with the signature
 * before it, so none can be taken out of the middle, exchanged or made anew.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface AuditSealTable {
  /** From 1, without gaps. */
  number: number;
  /** JSON: `[[owner, number, hash], …]`, sorted by owner. */
  heads: string;
  /** Signature of the seal before. */
  previous: string;
  /** HMAC-SHA256 over all the others. */
  signature: string;
  /** Milliseconds since 1970. */
  at: number;
}

export async function createAuditSeal(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("audit_seal")
      .addColumn("number", "bigint", (column) => column.notNull().primaryKey())
      .addColumn("heads", words.json, (column) => column.notNull())
      .addColumn("previous", words.id, (column) => column.notNull())
      .addColumn("signature", words.id, (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull()),
  );
}
