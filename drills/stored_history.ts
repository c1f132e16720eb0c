/**
 * What a server left on its disk, read without any of its code: the ledger in
 * hot.db and its copy in SQL, golazo.db.
 *
 * Reads copies, -wal included, so that looking changes nothing: opening a file
 * of a killed server would already repair it. Only for servers that have ended.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface StoredFact {
  provider: string;
  id: string;
  revision: number;
  occurredAt: number;
  type: string;
  [field: string]: unknown;
}

export interface StoredEntry {
  seq: number;
  recordedAt: number;
  shadowed: boolean;
  trace: string | null;
  fact: StoredFact;
}

/** Entries by match, in order of seq. */
export type StoredLedgers = Map<string, StoredEntry[]>;

export interface StoredHistory {
  ledger: StoredLedgers;
  sql: StoredLedgers;
}

const LEDGER_PREFIX = "ledger/match/";

export function readStoredHistory(dataFolder: string): StoredHistory {
  return {
    ledger: onCopy(dataFolder, "hot.db", readLedger),
    sql: onCopy(dataFolder, "golazo.db", readSql),
  };
}

function onCopy<T>(folder: string, name: string, read: (database: DatabaseSync) => T): T {
  const copies = mkdtempSync(join(tmpdir(), "golazo-drill-copy-"));
  try {
    for (const file of [name, `${name}-wal`]) {
      if (existsSync(join(folder, file))) copyFileSync(join(folder, file), join(copies, file));
    }
    const database = new DatabaseSync(join(copies, name));
    try {
      return read(database);
    } finally {
      database.close();
    }
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

function readLedger(database: DatabaseSync): StoredLedgers {
  const rows = database.prepare(
    `SELECT stream.name, stream_entry.position, stream_entry.bytes
     FROM stream_entry JOIN stream ON stream.id = stream_entry.stream
     WHERE stream.name LIKE '${LEDGER_PREFIX}%'
     ORDER BY stream.name, stream_entry.position`,
  ).all() as unknown as { name: string; position: number; bytes: Uint8Array }[];
  return byMatch(rows.map(({ name, position, bytes }) => ({
    match: name.slice(LEDGER_PREFIX.length),
    entry: ledgerEntry(position, new TextDecoder().decode(bytes)),
  })));
}

function readSql(database: DatabaseSync): StoredLedgers {
  const rows = database.prepare(
    `SELECT match_id, seq, recorded_at, shadowed, trace, body
     FROM match_ledger ORDER BY match_id, seq`,
  ).all() as unknown as SqlRow[];
  return byMatch(rows.map(sqlEntry));
}

/** An entry as a ledger's stream holds it, in either store. */
export function ledgerEntry(seq: number, text: string): StoredEntry {
  const { recordedAt, body } = JSON.parse(text);
  const { fact, shadowed = false, trace = null } = body;
  return { seq, recordedAt, shadowed, trace, fact };
}

export interface SqlRow {
  match_id: string;
  seq: number;
  recorded_at: number;
  shadowed: number;
  trace: string | null;
  /** As text, or read already where the database knows JSON. */
  body: string | StoredFact;
}

export function sqlEntry(
  { match_id, seq, recorded_at, shadowed, trace, body }: SqlRow,
): { match: string; entry: StoredEntry } {
  const fact = typeof body === "string" ? JSON.parse(body) : body;
  const entry = { seq, recordedAt: recorded_at, shadowed: shadowed === 1, trace, fact };
  return { match: match_id, entry };
}

export function byMatch(lines: { match: string; entry: StoredEntry }[]): StoredLedgers {
  const ledgers: StoredLedgers = new Map();
  for (const { match, entry } of lines) {
    ledgers.set(match, [...(ledgers.get(match) ?? []), entry]);
  }
  return ledgers;
}
