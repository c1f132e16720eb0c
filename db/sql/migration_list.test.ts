import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SqliteFile } from "../embedded/sqlite_file.ts";
import { type TemporaryFolder, temporaryFolder } from "../embedded/temporary_folder.ts";
import { mysqlWords } from "./dialect_words.ts";
import { migrate } from "./migration_list.ts";
import { createMatchTables } from "./migrations/0001_match.ts";
import type { Tables } from "./sql_database.ts";
import { sqliteDatabase } from "./sqlite_dialect.ts";

let folder: TemporaryFolder;
let file: SqliteFile;
beforeEach(() => {
  folder = temporaryFolder();
  file = new SqliteFile(folder.path("golazo.db"), { synchronous: "off" });
});
afterEach(() => {
  file.close();
  folder.remove();
});

const definitions = () =>
  file.rows<{ name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'kysely%' ORDER BY name",
  );

test("migrate runs each migration once", async () => {
  expect(await migrate(sqliteDatabase(file))).toEqual(["0001_match"]);
  expect(await migrate(sqliteDatabase(file))).toEqual([]);
  expect(file.row("SELECT COUNT(*) AS fences, MAX(token) AS token FROM partition_fence")).toEqual({
    fences: 64,
    token: 0,
  });
});

// A migration that ran anywhere is never edited: what it makes is pinned here.
test("0001_match makes what it always made", async () => {
  await migrate(sqliteDatabase(file));
  expect(definitions().map(({ sql }) => sql)).toMatchInlineSnapshot(`
    [
      "CREATE TABLE "fixture" ("match_id" varchar(128) not null primary key, "competition" varchar(200) not null, "stage" varchar(200) not null, "kickoff_at" bigint not null, "home" text not null, "away" text not null, "format" text not null, "status" varchar(128) not null, "updated_seq" bigint not null)",
      "CREATE INDEX "fixture_kickoff" on "fixture" ("kickoff_at")",
      "CREATE TABLE "match_ledger" ("match_id" varchar(128) not null, "seq" bigint not null, "fence" bigint not null, "type" varchar(128) not null, "provider" varchar(128) not null, "fact_id" varchar(128) not null, "revision" bigint not null, "occurred_at" bigint not null, "recorded_at" bigint not null, "shadowed" integer not null, "trace" varchar(128), "body" text not null, constraint "match_ledger_pk" primary key ("match_id", "seq"))",
      "CREATE INDEX "match_ledger_fact" on "match_ledger" ("match_id", "provider", "fact_id")",
      "CREATE TABLE "partition_fence" ("id" integer not null primary key, "token" bigint not null)",
      "CREATE TABLE "squad_player" ("team_id" varchar(128) not null, "player_id" varchar(128) not null, "name" varchar(200) not null, "number" integer, "position" varchar(200), constraint "squad_player_pk" primary key ("team_id", "player_id"))",
      "CREATE TABLE "team" ("id" varchar(128) not null primary key, "name" varchar(200) not null, "code" varchar(128))",
    ]
  `);
});

test("a migration that fails leaves nothing behind and is named", async () => {
  file.define("CREATE TABLE team (taken TEXT)");
  const before = definitions();
  await expect(migrate(sqliteDatabase(file))).rejects.toMatchObject({
    code: "migrationFailed",
    message: expect.stringContaining("0001_match"),
  });
  expect(definitions()).toEqual(before);
  file.define("DROP TABLE team");
  expect(await migrate(sqliteDatabase(file))).toEqual(["0001_match"]);
});

test("the same definitions speak MySQL with MySQL's words", async () => {
  const said: string[] = [];
  const mysql = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
    log: (event) => void said.push(event.query.sql),
  });
  await createMatchTables(mysql as unknown as Kysely<unknown>, mysqlWords);
  expect(said.find((text) => text.includes("create table `team`"))).toBe(
    "create table `team` (" +
      "`id` varchar(128) character set utf8mb4 collate utf8mb4_bin not null primary key, " +
      "`name` varchar(200) character set utf8mb4 collate utf8mb4_bin not null, " +
      "`code` varchar(128) character set utf8mb4 collate utf8mb4_bin)",
  );
  const insert = mysql.insertInto("team").values({ id: "arg", name: "Argentina", code: null });
  expect(mysqlWords.upsert(insert, ["id"], { name: "Argentina" }).compile().sql).toBe(
    "insert into `team` (`id`, `name`, `code`) values (?, ?, ?) " +
      "on duplicate key update `name` = ?",
  );
});
