/**
 * One row an owner: how long its chain of actions is, and the hash it ends with.
 *
 * Written with the rows and beside them, so rows that are cut off at the end are
 * missed. Whoever rewrites both is caught by the seals (audit_seal.ts).
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface AuditHeadTable {
  owner: string;
  number: number;
  hash: string;
  /** Milliseconds since 1970, of its last action. */
  at: number;
  /** Up to where a seal stands for it. */
  sealed_number: number;
}

export async function createAuditHead(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("audit_head")
      .addColumn("owner", words.id, (column) => column.notNull().primaryKey())
      .addColumn("number", "bigint", (column) => column.notNull())
      .addColumn("hash", words.id, (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("sealed_number", "bigint", (column) => column.notNull()),
  );
}
