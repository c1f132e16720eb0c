/**
 * A migrated database in a folder of its own, and entries to put into it, for tests.
 *
 * It is the real store on a real file: SQL is never played by a double. The
 * migrations run once a process; each test has a copy of the file that they made.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { MatchEntry } from "../../actors/match/match_event.ts";
import type { EntryBatch } from "../../actors/ports/records.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { SqliteFile } from "../embedded/sqlite_file.ts";
import { temporaryFolder } from "../embedded/temporary_folder.ts";
import { MatchStore } from "./match_store.ts";
import { migrate } from "./migration_list.ts";
import type { SqlDatabase } from "./sql_database.ts";
import { sqliteDatabase } from "./sqlite_dialect.ts";

export interface TemporarySql {
  file: SqliteFile;
  sql: SqlDatabase;
  store: MatchStore;
  /** What the store had to say to an operator. */
  warnings: string[];
  close(): Promise<void>;
}

let migrated: Promise<Uint8Array> | undefined;

export async function temporarySql(): Promise<TemporarySql> {
  const bytes = await (migrated ??= migratedFile());
  const folder = temporaryFolder();
  const warnings: string[] = [];
  const events = { warned: (message: string) => void warnings.push(message) } as BusinessEvents;
  writeFileSync(folder.path("golazo.db"), bytes);
  const file = new SqliteFile(folder.path("golazo.db"), { synchronous: "off" });
  const sql = sqliteDatabase(file);
  return {
    file,
    sql,
    store: new MatchStore(sql, events),
    warnings,
    async close() {
      await sql.kysely.destroy();
      folder.remove();
    },
  };
}

async function migratedFile(): Promise<Uint8Array> {
  const folder = temporaryFolder();
  const path = folder.path("golazo.db");
  const sql = sqliteDatabase(new SqliteFile(path, { synchronous: "off" }));
  await migrate(sql);
  // Closed, so what its write-ahead log held is in it.
  await sql.kysely.destroy();
  const bytes = readFileSync(path);
  folder.remove();
  return bytes;
}

/** A goal at `seq`; what a test sets is what it is about. */
export function goalEntry(seq: number, overrides: Partial<MatchEntry> = {}): MatchEntry {
  return {
    seq,
    recordedAt: 1_671_375_600_000 + seq,
    fact: {
      type: "goal.scored",
      provider: "replay",
      id: `goal-${seq}`,
      revision: 1,
      occurredAt: 1_671_375_600_000,
      side: "home",
      method: "open",
      period: "firstHalf",
      minute: seq,
    },
    ...overrides,
  };
}

/** Goals from `first` to `last`. */
export function goalEntries(first: number, last: number): MatchEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => goalEntry(first + index));
}

/** What the owner of partition 1 asks to record. */
export function batch(
  matchId: string,
  entries: MatchEntry[],
  overrides: Partial<EntryBatch> = {},
): EntryBatch {
  return { entity: matchId, partition: 1, fence: 5, entries, ...overrides };
}
