/**
 * One row a run of a match's settlement: what it settles by and how far it is.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export type RunState =
  | "planned"
  | "chunking"
  | "verifying"
  | "held"
  | "settled"
  | "superseded"
  | "unchanged";

export interface SettlementRunTable {
  match_id: string;
  /** From 1; the match's current run is the highest one. */
  run: number;
  state: RunState;
  /** The match's ledger that the outcomes were read from. */
  ledger_seq: number;
  rules_version: number;
  /** Milliseconds since 1970, as every time here; predictions from then on are late. */
  lock_at: number;
  /** Nothing is written before. */
  hold_until: number;
  /** JSON of MarketOutcomes. */
  outcomes: string;
  /** Equal for runs that settle by the same (actors/settlement/outcome_key.ts). */
  outcome_key: string;
  predictions: number;
  /** JSON of the cells set aside, each with its reason. */
  set_aside: string;
  /** JSON of the ids of the boards that its points count on. */
  boards: string;
  held_by: string | null;
  held_reason: string | null;
  created_at: number;
  ended_at: number | null;
}

export async function createSettlementRun(
  db: Kysely<unknown>,
  words: DialectWords,
): Promise<void> {
  await words.step(
    db.schema.createTable("settlement_run")
      .addColumn("match_id", words.id, (column) => column.notNull())
      .addColumn("run", "integer", (column) => column.notNull())
      .addColumn("state", words.id, (column) => column.notNull())
      .addColumn("ledger_seq", "bigint", (column) => column.notNull())
      .addColumn("rules_version", "integer", (column) => column.notNull())
      .addColumn("lock_at", "bigint", (column) => column.notNull())
      .addColumn("hold_until", "bigint", (column) => column.notNull())
      .addColumn("outcomes", words.json, (column) => column.notNull())
      .addColumn("outcome_key", words.id, (column) => column.notNull())
      .addColumn("predictions", "bigint", (column) => column.notNull())
      .addColumn("set_aside", words.json, (column) => column.notNull())
      .addColumn("boards", words.json, (column) => column.notNull())
      .addColumn("held_by", words.id)
      .addColumn("held_reason", words.json)
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("ended_at", "bigint")
      .addPrimaryKeyConstraint("settlement_run_pk", ["match_id", "run"]),
  );
}
