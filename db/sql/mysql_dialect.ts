/**
 * SQL in MySQL or MariaDB: what kysely asks of a database, over mysql2, with a
 * deadline on everything.
 *
 * A statement that is not answered in time takes its connection with it: the
 * server may be frozen, and whether it ran is then unknown. So everything that
 * is written through here must stand being written again; what a lost connection
 * had open is rolled back by the server. Every session is set up the same,
 * whatever the server's own defaults are. The only file that imports mysql2.
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import {
  createPool,
  type Pool,
  type PoolConnection,
  type PoolOptions,
  type ResultSetHeader,
} from "mysql2";
import type { Clock } from "../../runtime/clock.ts";
import { assert, Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { mysqlWords } from "./dialect_words.ts";
import { failureOf, mysqlFailure } from "./mysql_failure.ts";
import { type MysqlTarget, readMysqlUrl } from "./mysql_url.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";

export interface MysqlOptions {
  clock: Clock;
  /** How long a statement may take. */
  answerMsMax?: number;
}

/**
 * `sql_mode` is more than taste: values are escaped with backslashes, which a
 * server may be set not to read, and cut short without STRICT.
 */
const SESSION = [
  "set session transaction isolation level read committed",
  "set session autocommit = 1, time_zone = '+00:00', default_storage_engine = InnoDB, " +
  "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', " +
  `innodb_lock_wait_timeout = ${limits.sqlLockSecondsMax}, ` +
  `wait_timeout = ${limits.sqlSilentSecondsMax}`,
];

/**
 * Connects when the first statement needs it; `kysely.destroy()` closes.
 * Statements throw `Failure`: `storeUnavailable`, `storeBusy` and `storeFull` are
 * retryable, `storeRefused` and `schemaOutdated` need a person.
 * @throws {Failure} `configInvalid`.
 */
export function mysqlDatabase(url: string, options: MysqlOptions): SqlDatabase {
  const target = readMysqlUrl(url);
  const dialect: Dialect = {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new PoolDriver(target, options),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  };
  return { kysely: new Kysely<Tables>({ dialect }), words: mysqlWords };
}

class PoolDriver implements Driver {
  readonly #target: MysqlTarget;
  readonly #clock: Clock;
  readonly #answerMsMax: number;
  #pool!: Pool;
  readonly #open = new Map<PoolConnection, OpenConnection>();

  constructor(target: MysqlTarget, { clock, answerMsMax = limits.sqlAnswerMsMax }: MysqlOptions) {
    this.#target = target;
    this.#clock = clock;
    this.#answerMsMax = answerMsMax;
  }

  /** A pool has a timer from the first: one that is never asked for is never made. */
  init(): Promise<void> {
    this.#pool = createPool(poolOptions(this.#target));
    return Promise.resolve();
  }

  async acquireConnection(): Promise<OpenConnection> {
    const raw = await this.#take();
    const known = this.#open.get(raw);
    if (known !== undefined) return known;
    const connection = new OpenConnection(raw, this.#target, this.#answerMsMax);
    this.#open.set(raw, connection);
    raw.once("end", () => this.#open.delete(raw));
    // The pool listens to the first; a second that nobody hears would end the process.
    raw.on("error", () => this.#open.delete(raw));
    try {
      for (const statement of SESSION) await connection.run(statement);
    } catch (error) {
      raw.destroy();
      throw error;
    }
    return connection;
  }

  async beginTransaction(connection: OpenConnection, settings: TransactionSettings) {
    assert(Object.values(settings).every((one) => one === undefined), "transactions are all alike");
    await connection.run("begin");
  }

  async commitTransaction(connection: OpenConnection): Promise<void> {
    await connection.run("commit");
  }

  async rollbackTransaction(connection: OpenConnection): Promise<void> {
    if (!connection.isLost) await connection.run("rollback");
  }

  releaseConnection(connection: OpenConnection): Promise<void> {
    connection.release();
    return Promise.resolve();
  }

  /** Takes leave of the server; one that does not answer is left without. */
  async destroy(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const deadline = this.#clock.after(limits.sqlConnectMsMax, resolve);
    this.#pool.end(() => resolve());
    await promise;
    deadline.cancel();
    for (const raw of this.#open.keys()) raw.destroy();
  }

  #take(): Promise<PoolConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<PoolConnection>();
    let isLate = false;
    // Longer than a handshake may take, so that a server's own trouble is named first.
    const deadline = this.#clock.after(2 * limits.sqlConnectMsMax, () => {
      isLate = true;
      const found = `none of ${limits.sqlConnectionsMax} connections was free in time`;
      reject(failureOf(this.#target, "storeUnavailable", found));
    });
    this.#pool.getConnection((error, raw) => {
      deadline.cancel();
      if (error !== null) reject(mysqlFailure(this.#target, error));
      else if (isLate) raw.release();
      else resolve(raw);
    });
    return promise;
  }
}

function poolOptions({ tls, ...server }: MysqlTarget): PoolOptions {
  return {
    ...server,
    ...tls === null ? {} : { ssl: tls },
    charset: "utf8mb4_bin",
    timezone: "Z",
    connectTimeout: limits.sqlConnectMsMax,
    connectionLimit: limits.sqlConnectionsMax,
    // Only below the limit does mysql2 close what is idle.
    maxIdle: limits.sqlConnectionsMax - 1,
    idleTimeout: limits.sqlIdleMsMax,
    multipleStatements: false,
    stringifyObjects: true,
    // No code is made of what a server says of its columns, no file read at its word.
    disableEval: true,
    flags: ["-LOCAL_FILES"],
  };
}

class OpenConnection implements DatabaseConnection {
  readonly #raw: PoolConnection;
  readonly #target: MysqlTarget;
  readonly #answerMsMax: number;
  /** Nothing more can be said over it. */
  isLost = false;

  constructor(raw: PoolConnection, target: MysqlTarget, answerMsMax: number) {
    this.#raw = raw;
    this.#target = target;
    this.#answerMsMax = answerMsMax;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.#ask(sql, parameters);
    if (Array.isArray(result)) return { rows: result };
    return { rows: [], numAffectedRows: BigInt((result as ResultSetHeader).affectedRows) };
  }

  async run(statement: string): Promise<void> {
    await this.executeQuery(CompiledQuery.raw(statement));
  }

  release(): void {
    this.#raw.release();
  }

  // deno-lint-ignore require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    assert(false, "rows are read in pages");
  }

  async #ask(text: string, parameters: readonly unknown[]): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const query = { sql: text, values: [...parameters], timeout: this.#answerMsMax };
    this.#raw.query(query, (error, result) => error === null ? resolve(result) : reject(error));
    try {
      return await promise;
    } catch (error) {
      const failure = mysqlFailure(this.#target, error);
      if (failure instanceof Failure && failure.code === "storeUnavailable") {
        this.isLost = true;
        this.#raw.destroy();
      }
      throw failure;
    }
  }
}
