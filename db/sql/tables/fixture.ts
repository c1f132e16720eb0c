/**
 * One row a match: who plays whom and when, as its facts say it.
 *
 * Derived from the match's ledger, for lists and for the time at which
 * predictions lock; phases and scores are the fold's and never here.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

/** What keeps the match from being played; scheduled where nothing does, even once it is over. */
export type FixtureStatus =
  | "scheduled"
  | "suspended"
  | "postponed"
  | "abandoned"
  | "cancelled"
  | "awarded";

export interface FixtureTable {
  match_id: string;
  competition: string;
  stage: string;
  /** Milliseconds since 1970. */
  kickoff_at: number;
  /** JSON of a Team. */
  home: string;
  away: string;
  /** JSON of a MatchFormat. */
  format: string;
  status: FixtureStatus;
  /** Predictions are open before; milliseconds since 1970 (0002_prediction). */
  lock_at: number;
  /** Seq of the last ledger entry that had a say in it. */
  updated_seq: number;
}

export async function createFixture(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("fixture")
      .addColumn("match_id", words.id, (column) => column.notNull().primaryKey())
      .addColumn("competition", words.name, (column) => column.notNull())
      .addColumn("stage", words.name, (column) => column.notNull())
      .addColumn("kickoff_at", "bigint", (column) => column.notNull())
      .addColumn("home", words.json, (column) => column.notNull())
      .addColumn("away", words.json, (column) => column.notNull())
      .addColumn("format", words.json, (column) => column.notNull())
      .addColumn("status", words.id, (column) => column.notNull())
      .addColumn("updated_seq", "bigint", (column) => column.notNull()),
  );
  await words.step(db.schema.createIndex("fixture_kickoff").on("fixture").column("kickoff_at"));
}
