/**
 * What the records contract is given for each of its tests.
 */
import type { MatchRecords } from "../../actors/ports/records.ts";
import type { SqlDatabase } from "../sql/sql_database.ts";

/** A store on an empty, migrated database. */
export interface OpenRecords {
  store: MatchRecords;
  sql: SqlDatabase;
  /** What the store had to say to an operator. */
  warnings: string[];
  close(): Promise<void>;
}
