import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SqliteFile } from "../embedded/sqlite_file.ts";
import { type TemporaryFolder, temporaryFolder } from "../embedded/temporary_folder.ts";
import { mysqlWords } from "./dialect_words.ts";
import { migrate } from "./migration_list.ts";
import { createMatchTables } from "./migrations/0001_match.ts";
import type { Tables } from "./sql_database.ts";
import { sqliteDatabase } from "./sqlite_dialect.ts";

const EVERY = [
  "0001_match",
  "0002_prediction",
  "0003_settlement",
  "0004_group",
  "0005_chat",
  "0006_moderation",
];

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
  expect(await migrate(sqliteDatabase(file))).toEqual(EVERY);
  expect(await migrate(sqliteDatabase(file))).toEqual([]);
  expect(file.row("SELECT COUNT(*) AS fences, MAX(token) AS token FROM partition_fence")).toEqual({
    fences: 64,
    token: 0,
  });
});

// A migration that ran anywhere is never edited: what it makes is pinned here.
test("migrations make what they always made", async () => {
  await migrate(sqliteDatabase(file));
  expect(definitions().map(({ sql }) => sql)).toMatchInlineSnapshot(`
    [
      "CREATE TABLE "audit_head" ("owner" varchar(128) not null primary key, "number" bigint not null, "hash" varchar(128) not null, "at" bigint not null, "sealed_number" bigint not null)",
      "CREATE TABLE "audit_seal" ("number" bigint not null primary key, "heads" text not null, "previous" varchar(128) not null, "signature" varchar(128) not null, "at" bigint not null)",
      "CREATE TABLE "chat_body" ("room_id" varchar(128) not null, "key" varchar(128) not null, "message" varchar(128) not null, "author" varchar(128) not null, "bytes" blob, constraint "chat_body_pk" primary key ("room_id", "key"))",
      "CREATE INDEX "chat_body_author" on "chat_body" ("room_id", "author", "message")",
      "CREATE INDEX "chat_body_message" on "chat_body" ("room_id", "message")",
      "CREATE INDEX "chat_body_user" on "chat_body" ("author", "room_id")",
      "CREATE TABLE "chat_op" ("room_id" varchar(128) not null, "seq" bigint not null, "fence" bigint not null, "type" varchar(128) not null, "op" varchar(128), "stamp" varchar(128), "target" varchar(128), "by" varchar(128), "said_at" bigint not null, "body" text not null, constraint "chat_op_pk" primary key ("room_id", "seq"))",
      "CREATE INDEX "chat_op_stamp" on "chat_op" ("room_id", "op", "stamp")",
      "CREATE INDEX "chat_op_target" on "chat_op" ("room_id", "target")",
      "CREATE TABLE "fan_group" ("id" varchar(128) not null primary key, "name" varchar(200) not null, "owner" varchar(128) not null, "invite_code" varchar(128) not null)",
      "CREATE TABLE "fixture" ("match_id" varchar(128) not null primary key, "competition" varchar(200) not null, "stage" varchar(200) not null, "kickoff_at" bigint not null, "home" text not null, "away" text not null, "format" text not null, "status" varchar(128) not null, "updated_seq" bigint not null, "lock_at" bigint default 0 not null)",
      "CREATE INDEX "fixture_kickoff" on "fixture" ("kickoff_at")",
      "CREATE TABLE "group_member" ("group_id" varchar(128) not null, "user_id" varchar(128) not null, "place" integer not null, "joined_at" bigint not null, constraint "group_member_pk" primary key ("group_id", "user_id"))",
      "CREATE INDEX "group_member_user" on "group_member" ("user_id")",
      "CREATE TABLE "market_void" ("match_id" varchar(128) not null, "market" varchar(128) not null, "by" varchar(128) not null, "reason" varchar(200) not null, "at" bigint not null, constraint "market_void_pk" primary key ("match_id", "market"))",
      "CREATE TABLE "match_ledger" ("match_id" varchar(128) not null, "seq" bigint not null, "fence" bigint not null, "type" varchar(128) not null, "provider" varchar(128) not null, "fact_id" varchar(128) not null, "revision" bigint not null, "occurred_at" bigint not null, "recorded_at" bigint not null, "shadowed" integer not null, "trace" varchar(128), "body" text not null, constraint "match_ledger_pk" primary key ("match_id", "seq"))",
      "CREATE INDEX "match_ledger_fact" on "match_ledger" ("match_id", "provider", "fact_id")",
      "CREATE TABLE "moderation_audit" ("owner" varchar(128) not null, "number" bigint not null, "actor" varchar(255) not null, "role" varchar(128) not null, "action" varchar(128) not null, "target" varchar(255) not null, "reason" text not null, "before" text not null, "after" text not null, "undoes" bigint, "prev_hash" varchar(128) not null, "hash" varchar(128) not null, "at" bigint not null, constraint "moderation_audit_pk" primary key ("owner", "number"))",
      "CREATE INDEX "moderation_audit_target" on "moderation_audit" ("target", "at")",
      "CREATE TABLE "moderation_entry" ("log" varchar(128) not null, "seq" bigint not null, "fence" bigint not null, "recorded_at" bigint not null, "body" text not null, constraint "moderation_entry_pk" primary key ("log", "seq"))",
      "CREATE TABLE "partition_fence" ("id" integer not null primary key, "token" bigint not null)",
      "CREATE TABLE "point_entry" ("match_id" varchar(128) not null, "user_id" varchar(128) not null, "market" varchar(128) not null, "run" integer not null, "points" integer not null, constraint "point_entry_pk" primary key ("match_id", "user_id", "market", "run"))",
      "CREATE TABLE "prediction" ("match_id" varchar(128) not null, "user_id" varchar(128) not null, "market" varchar(128) not null, "pick" varchar(128) not null, "client_id" varchar(128) not null, "accepted_at" bigint not null, constraint "prediction_pk" primary key ("match_id", "user_id", "market"))",
      "CREATE INDEX "prediction_cell" on "prediction" ("match_id", "market", "pick", "accepted_at")",
      "CREATE UNIQUE INDEX "prediction_client" on "prediction" ("client_id")",
      "CREATE TABLE "room" ("room_id" varchar(128) not null primary key, "title" varchar(200) not null, "match_id" varchar(128), "owner" varchar(128), "invite_code" varchar(128), "created_at" bigint not null)",
      "CREATE TABLE "settlement_cell" ("match_id" varchar(128) not null, "run" integer not null, "market" varchar(128) not null, "pick" varchar(128) not null, "late" integer not null, "points" integer not null, "mark" varchar(128) not null, "predictions" bigint not null, constraint "settlement_cell_pk" primary key ("match_id", "run", "market", "pick", "late"))",
      "CREATE TABLE "settlement_chunk" ("match_id" varchar(128) not null, "run" integer not null, "chunk" integer not null, "after_user" varchar(128), "up_to_user" varchar(128), "entries" bigint not null, "points" bigint not null, "written_at" bigint, "ranked_at" bigint, constraint "settlement_chunk_pk" primary key ("match_id", "run", "chunk"))",
      "CREATE TABLE "settlement_command" ("match_id" varchar(128) not null, "seq" integer not null, "at" bigint not null, "by" varchar(128) not null, "command" varchar(128) not null, "reason" text not null, "before" text not null, "after" text not null, constraint "settlement_command_pk" primary key ("match_id", "seq"))",
      "CREATE TABLE "settlement_head" ("match_id" varchar(128) not null primary key, "run" integer not null)",
      "CREATE TABLE "settlement_run" ("match_id" varchar(128) not null, "run" integer not null, "state" varchar(128) not null, "ledger_seq" bigint not null, "rules_version" integer not null, "lock_at" bigint not null, "hold_until" bigint not null, "outcomes" text not null, "outcome_key" varchar(128) not null, "predictions" bigint not null, "set_aside" text not null, "boards" text not null, "held_by" varchar(128), "held_reason" text, "created_at" bigint not null, "ended_at" bigint, constraint "settlement_run_pk" primary key ("match_id", "run"))",
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
  expect(await migrate(sqliteDatabase(file))).toEqual(EVERY);
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
