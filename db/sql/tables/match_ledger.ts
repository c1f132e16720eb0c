/**
 * One row a ledger entry: the truth of every match, only ever added to.
 *
 * `body` is the fact as it was accepted; the columns beside it repeat what is
 * searched for. Keys are (match, seq), without gaps from 1.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface MatchLedgerTable {
  match_id: string;
  seq: number;
  /** The token of the owner that recorded it. */
  fence: number;
  type: string;
  provider: string;
  fact_id: string;
  revision: number;
  /** By the provider, milliseconds since 1970. */
  occurred_at: number;
  /** By the owner, milliseconds since 1970. */
  recorded_at: number;
  /** 1: from a provider that was not the source, never folded. */
  shadowed: 0 | 1;
  /** W3C traceparent of the request that brought it. */
  trace: string | null;
  /** JSON of the Fact. */
  body: string;
}

export async function createMatchLedger(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("match_ledger")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("fence", "bigint", (column) => column.notNull())
      .addColumn("type", words.id, (column) => column.notNull())
      .addColumn("provider", words.id, (column) => column.notNull())
      .addColumn("fact_id", words.id, (column) => column.notNull())
      .addColumn("revision", "bigint", (column) => column.notNull())
      .addColumn("occurred_at", "bigint", (column) => column.notNull())
      .addColumn("recorded_at", "bigint", (column) => column.notNull())
      .addColumn("shadowed", "integer", (column) => column.notNull())
      .addColumn("trace", words.id)
      .addColumn("body", words.json, (column) => column.notNull())
      .addPrimaryKeyConstraint("match_ledger_pk", ["match_id", "seq"]),
  );
  await words.step(
    db.schema.createIndex("match_ledger_fact").on("match_ledger")
      .columns(["match_id", "provider", "fact_id"]),
  );
}
