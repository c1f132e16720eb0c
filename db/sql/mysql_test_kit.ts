/**
 * A migrated schema on a real server, for tests: on DATABASE_URL's where that is
 * set, else on a MariaDB of the test's own. It has a name of its own and is
 * dropped with the test, so nothing else on the server is touched.
 */
import process from "node:process";
import { sql } from "kysely";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { randomId, systemRandom } from "../../runtime/random.ts";
import { startMariadb } from "./mariadb_test_kit.ts";
import { MatchStore } from "./match_store.ts";
import { migrate } from "./migration_list.ts";
import { mysqlDatabase, type MysqlOptions } from "./mysql_dialect.ts";
import type { SqlDatabase } from "./sql_database.ts";

export interface MysqlServer {
  /** Of a database that is there, as somebody who may make others. */
  url: string;
  stop(): Promise<void>;
}

export interface MysqlSchema {
  url: string;
  sql: SqlDatabase;
  store: MatchStore;
  warnings: string[];
  /** Another store on the same schema, with connections of its own; closed with the schema. */
  another(options?: Partial<MysqlOptions>): MatchStore;
  /** As after the migrations. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

export async function mysqlServer(): Promise<MysqlServer> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, stop: () => Promise.resolve() };
  const server = await startMariadb();
  return { url: server.url("mysql"), stop: () => server.stop() };
}

/** A schema without a table: its URL, and its end. */
export async function emptySchema(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `golazo_test_${randomId(systemRandom)}`;
  const admin = mysqlDatabase(server, { clock: systemClock }).kysely;
  await sql`create database ${sql.id(name)}`.execute(admin);
  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    async drop() {
      await sql`drop database ${sql.id(name)}`.execute(admin);
      await admin.destroy();
    },
  };
}

export async function mysqlSchema(server: string): Promise<MysqlSchema> {
  const { url, drop } = await emptySchema(server);
  const warnings: string[] = [];
  const events = { warned: (message: string) => void warnings.push(message) } as BusinessEvents;
  const databases: SqlDatabase[] = [];
  const open = (options: Partial<MysqlOptions> = {}) => {
    const database = mysqlDatabase(url, { clock: systemClock, ...options });
    databases.push(database);
    return database;
  };
  const database = open();
  await migrate(database);
  return {
    url,
    sql: database,
    store: new MatchStore(database, events),
    warnings,
    another: (options) => new MatchStore(open(options), events),
    async empty() {
      warnings.length = 0;
      const { kysely } = database;
      for (
        const table of [
          "chat_body",
          "chat_op",
          "fixture",
          "market_void",
          "match_ledger",
          "moderation_audit",
          "prediction",
          "room",
          "squad_player",
          "team",
        ] as const
      ) {
        await kysely.deleteFrom(table).execute();
      }
      await kysely.updateTable("partition_fence").set({ token: 0 }).execute();
    },
    async drop() {
      await Promise.all(databases.map(({ kysely }) => kysely.destroy()));
      await drop();
    },
  };
}
