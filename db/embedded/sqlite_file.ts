/**
 * One SQLite file, opened the one way that keeps what it was given.
 *
 * WAL, so a reader never waits; synchronous FULL where a commit is a promise
 * (0.2 ms), OFF where the file is a cache; secure_delete, so what was removed is
 * gone from the disk too. Every page is checked at opening: a damaged file is
 * found before anybody relies on it, and named together with the way out.
 * Statements are prepared once, and whatever SQLite says comes out as a
 * `Failure`. The only file that imports node:sqlite.
 */
import { mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Failure, reasonOf } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { sqliteFailure } from "./sqlite_failure.ts";
import { headerFault } from "./sqlite_header.ts";

/** SQLite's name for no file. */
const IN_MEMORY = ":memory:";

export type SqlValue = SQLInputValue;

export interface SqliteFileOptions {
  /** full: a commit outlives a power cut. off: the file is a cache that may be lost with the power. */
  synchronous: "full" | "off";
  /** Nothing of it is changed; it must be there. */
  readOnly?: true;
}

/** What kysely's SqliteDialect asks of a prepared statement. */
export interface SqliteStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

export class SqliteFile {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #synchronous: SqliteFileOptions["synchronous"];
  readonly #statements = new Map<string, StatementSync>();

  /**
   * Opens the file, made new where there is none.
   * @throws {Failure} `storeCorrupt`, `storeUnavailable`, `storeBusy`, `storeFull`.
   */
  constructor(path: string, options: SqliteFileOptions) {
    this.path = path;
    this.#synchronous = options.synchronous;
    let database: DatabaseSync | undefined;
    try {
      if (path !== IN_MEMORY) {
        if (!options.readOnly) mkdirSync(dirname(path), { recursive: true });
        const fault = headerFault(path);
        if (fault !== null) throw new Error(`database disk image is malformed: ${fault}`);
      }
      database = new DatabaseSync(path, { readOnly: options.readOnly ?? false });
      database.exec(`PRAGMA busy_timeout = ${limits.sqliteBusyMsMax}`);
      if (!options.readOnly) database.exec("PRAGMA journal_mode = WAL");
      database.exec(`PRAGMA synchronous = ${options.synchronous}`);
      database.exec("PRAGMA secure_delete = ON");
      database.exec("PRAGMA cell_size_check = ON");
      const found = database.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
      if (found.quick_check !== "ok") {
        throw new Error(`database disk image is malformed: ${found.quick_check}`);
      }
    } catch (error) {
      if (database?.isOpen) database.close();
      throw sqliteFailure(path, "open", error);
    }
    this.#database = database;
  }

  /** Runs definitions: `CREATE TABLE IF NOT EXISTS …`. */
  define(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  row<T>(sql: string, ...values: SqlValue[]): T | undefined {
    return this.#guard(() => this.#prepared(sql).get(...values)) as T | undefined;
  }

  rows<T>(sql: string, ...values: SqlValue[]): T[] {
    return this.#guard(() => this.#prepared(sql).all(...values)) as T[];
  }

  /** Answers how many rows changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.#guard(() => this.#prepared(sql).run(...values)).changes);
  }

  /** All of `task` or nothing of it; the write lock is held from its first line. */
  transaction<T>(task: () => T): T {
    this.run("BEGIN IMMEDIATE");
    try {
      const result = task();
      this.run("COMMIT");
      return result;
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.inTransaction) this.run("ROLLBACK");
      throw error;
    }
  }

  /**
   * The same for what nobody was promised: it does not wait for the disk, which
   * has it, in order, with the next `transaction` at the latest.
   */
  relaxedTransaction<T>(task: () => T): T {
    if (this.#synchronous === "off") return this.transaction(task);
    this.define("PRAGMA synchronous = normal");
    try {
      return this.transaction(task);
    } finally {
      this.define(`PRAGMA synchronous = ${this.#synchronous}`);
    }
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** For kysely: its interface of a prepared statement. */
  prepare(sql: string): SqliteStatement {
    const statement = this.#guard(() => this.#prepared(sql));
    const values = (parameters: readonly unknown[]) => parameters as SqlValue[];
    const all = (parameters: readonly unknown[]) =>
      this.#guard(() => statement.all(...values(parameters)));
    return {
      reader: statement.columns().length > 0,
      all,
      run: (parameters) => this.#guard(() => statement.run(...values(parameters))),
      iterate: (parameters) => all(parameters)[Symbol.iterator]() as IterableIterator<unknown>,
    };
  }

  /** Closing twice is harmless. */
  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const oldest = this.#statements.keys().next().value;
    if (oldest !== undefined && this.#statements.size >= limits.sqliteStatementsMax) {
      this.#statements.delete(oldest);
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<T>(task: () => T): T {
    try {
      return task();
    } catch (error) {
      throw sqliteFailure(this.path, "use", error);
    }
  }
}

/**
 * Opens the file; a corrupt one is put aside as `<path>.corrupt-<ms>`, its -wal
 * and -shm with it, and a new one opened in its place. Only for what can be
 * rebuilt from elsewhere.
 */
export function openOrSetAside(
  path: string,
  options: SqliteFileOptions & { clock: Clock },
  events: BusinessEvents,
): { file: SqliteFile; setAside: string | null } {
  try {
    return { file: new SqliteFile(path, options), setAside: null };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "storeCorrupt") throw error;
    const setAside = `${path}.corrupt-${options.clock.now()}`;
    for (const part of ["", "-wal", "-shm"]) moveAside(path + part, setAside + part);
    events.warned(
      `Put the damaged store ${path} aside as ${setAside} and began a new one: ${reasonOf(error)}`,
    );
    return { file: new SqliteFile(path, options), setAside };
  }
}

function moveAside(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw sqliteFailure(from, "move", error);
  }
}
