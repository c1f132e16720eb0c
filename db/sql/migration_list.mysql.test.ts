import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import process from "node:process";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemClock } from "../../runtime/clock.ts";
import { type Mariadb, startMariadb } from "./mariadb_test_kit.ts";
import { MatchStore } from "./match_store.ts";
import { migrate, requireNewest } from "./migration_list.ts";
import { mysqlDatabase } from "./mysql_dialect.ts";
import { emptySchema } from "./mysql_test_kit.ts";
import type { SqlDatabase } from "./sql_database.ts";
import { PARTITIONS } from "./tables/partition_fence.ts";
import { batch, goalEntries } from "./temporary_sql.ts";

const EVERY = [
  "0001_match",
  "0002_prediction",
  "0003_settlement",
  "0004_group",
  "0005_chat",
  "0006_moderation",
];

let server: Mariadb;
let schema: Awaited<ReturnType<typeof emptySchema>>;
let database: SqlDatabase;
beforeAll(async () => {
  server = await startMariadb();
});
afterAll(() => server.stop());
beforeEach(async () => {
  schema = await emptySchema(server.url("mysql"));
  database = mysqlDatabase(schema.url, { clock: systemClock });
});
afterEach(async () => {
  await database.kysely.destroy();
  await schema.drop();
});

/** Every column and index, as the server knows them. */
async function definitions(): Promise<string[]> {
  const columns = await sql<{ line: string }>`
    select concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
      collation_name, if(is_nullable = 'YES', 'null', 'not null')) as line
    from information_schema.columns
    where table_schema = database() and table_name not like 'kysely%'
    order by table_name, ordinal_position`.execute(database.kysely);
  const indexes = await sql<{ line: string }>`
    select concat(table_name, ' ', index_name, ' (',
      group_concat(column_name order by seq_in_index separator ', '), ')') as line
    from information_schema.statistics
    where table_schema = database() and table_name not like 'kysely%'
    group by table_name, index_name order by table_name, index_name`.execute(database.kysely);
  return [...columns.rows, ...indexes.rows].map(({ line }) => line);
}

async function fences(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from partition_fence`
    .execute(database.kysely);
  return rows[0]!.count;
}

/** `main.ts migrate`, as `deno task migrate` runs it. */
async function command(url: string): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, ["run", "-A", "main.ts", "migrate"], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (text) => said += text);
  child.stderr.on("data", (text) => said += text);
  const [code] = await once(child, "close");
  return { code, said };
}

describe("migrate on MySQL", () => {
  test("runs each migration once, and makes what it always made", async () => {
    expect(await migrate(database)).toEqual(EVERY);
    expect(await migrate(database)).toEqual([]);
    expect(await definitions()).toMatchInlineSnapshot(`
      [
        "audit_head owner varchar 128 utf8mb4_bin not null",
        "audit_head number bigint not null",
        "audit_head hash varchar 128 utf8mb4_bin not null",
        "audit_head at bigint not null",
        "audit_head sealed_number bigint not null",
        "audit_seal number bigint not null",
        "audit_seal heads mediumtext 16777215 utf8mb4_bin not null",
        "audit_seal previous varchar 128 utf8mb4_bin not null",
        "audit_seal signature varchar 128 utf8mb4_bin not null",
        "audit_seal at bigint not null",
        "chat_body room_id varchar 128 utf8mb4_bin not null",
        "chat_body key varchar 128 utf8mb4_bin not null",
        "chat_body message varchar 128 utf8mb4_bin not null",
        "chat_body author varchar 128 utf8mb4_bin not null",
        "chat_body bytes blob 65535 null",
        "chat_op room_id varchar 128 utf8mb4_bin not null",
        "chat_op seq bigint not null",
        "chat_op fence bigint not null",
        "chat_op type varchar 128 utf8mb4_bin not null",
        "chat_op op varchar 128 utf8mb4_bin null",
        "chat_op stamp varchar 128 utf8mb4_bin null",
        "chat_op target varchar 128 utf8mb4_bin null",
        "chat_op by varchar 128 utf8mb4_bin null",
        "chat_op said_at bigint not null",
        "chat_op body mediumtext 16777215 utf8mb4_bin not null",
        "fan_group id varchar 128 utf8mb4_bin not null",
        "fan_group name varchar 200 utf8mb4_bin not null",
        "fan_group owner varchar 128 utf8mb4_bin not null",
        "fan_group invite_code varchar 128 utf8mb4_bin not null",
        "fixture match_id varchar 128 utf8mb4_bin not null",
        "fixture competition varchar 200 utf8mb4_bin not null",
        "fixture stage varchar 200 utf8mb4_bin not null",
        "fixture kickoff_at bigint not null",
        "fixture home mediumtext 16777215 utf8mb4_bin not null",
        "fixture away mediumtext 16777215 utf8mb4_bin not null",
        "fixture format mediumtext 16777215 utf8mb4_bin not null",
        "fixture status varchar 128 utf8mb4_bin not null",
        "fixture updated_seq bigint not null",
        "fixture lock_at bigint not null",
        "group_member group_id varchar 128 utf8mb4_bin not null",
        "group_member user_id varchar 128 utf8mb4_bin not null",
        "group_member place int not null",
        "group_member joined_at bigint not null",
        "market_void match_id varchar 128 utf8mb4_bin not null",
        "market_void market varchar 128 utf8mb4_bin not null",
        "market_void by varchar 128 utf8mb4_bin not null",
        "market_void reason varchar 200 utf8mb4_bin not null",
        "market_void at bigint not null",
        "match_ledger match_id varchar 128 utf8mb4_bin not null",
        "match_ledger seq bigint not null",
        "match_ledger fence bigint not null",
        "match_ledger type varchar 128 utf8mb4_bin not null",
        "match_ledger provider varchar 128 utf8mb4_bin not null",
        "match_ledger fact_id varchar 128 utf8mb4_bin not null",
        "match_ledger revision bigint not null",
        "match_ledger occurred_at bigint not null",
        "match_ledger recorded_at bigint not null",
        "match_ledger shadowed int not null",
        "match_ledger trace varchar 128 utf8mb4_bin null",
        "match_ledger body mediumtext 16777215 utf8mb4_bin not null",
        "moderation_audit owner varchar 128 utf8mb4_bin not null",
        "moderation_audit number bigint not null",
        "moderation_audit actor varchar 255 utf8mb4_bin not null",
        "moderation_audit role varchar 128 utf8mb4_bin not null",
        "moderation_audit action varchar 128 utf8mb4_bin not null",
        "moderation_audit target varchar 255 utf8mb4_bin not null",
        "moderation_audit reason mediumtext 16777215 utf8mb4_bin not null",
        "moderation_audit before mediumtext 16777215 utf8mb4_bin not null",
        "moderation_audit after mediumtext 16777215 utf8mb4_bin not null",
        "moderation_audit undoes bigint null",
        "moderation_audit prev_hash varchar 128 utf8mb4_bin not null",
        "moderation_audit hash varchar 128 utf8mb4_bin not null",
        "moderation_audit at bigint not null",
        "moderation_entry log varchar 128 utf8mb4_bin not null",
        "moderation_entry seq bigint not null",
        "moderation_entry fence bigint not null",
        "moderation_entry recorded_at bigint not null",
        "moderation_entry body mediumtext 16777215 utf8mb4_bin not null",
        "partition_fence id int not null",
        "partition_fence token bigint not null",
        "point_entry match_id varchar 128 utf8mb4_bin not null",
        "point_entry user_id varchar 128 utf8mb4_bin not null",
        "point_entry market varchar 128 utf8mb4_bin not null",
        "point_entry run int not null",
        "point_entry points int not null",
        "prediction match_id varchar 128 utf8mb4_bin not null",
        "prediction user_id varchar 128 utf8mb4_bin not null",
        "prediction market varchar 128 utf8mb4_bin not null",
        "prediction pick varchar 128 utf8mb4_bin not null",
        "prediction client_id varchar 128 utf8mb4_bin not null",
        "prediction accepted_at bigint not null",
        "room room_id varchar 128 utf8mb4_bin not null",
        "room title varchar 200 utf8mb4_bin not null",
        "room match_id varchar 128 utf8mb4_bin null",
        "room owner varchar 128 utf8mb4_bin null",
        "room invite_code varchar 128 utf8mb4_bin null",
        "room created_at bigint not null",
        "settlement_cell match_id varchar 128 utf8mb4_bin not null",
        "settlement_cell run int not null",
        "settlement_cell market varchar 128 utf8mb4_bin not null",
        "settlement_cell pick varchar 128 utf8mb4_bin not null",
        "settlement_cell late int not null",
        "settlement_cell points int not null",
        "settlement_cell mark varchar 128 utf8mb4_bin not null",
        "settlement_cell predictions bigint not null",
        "settlement_chunk match_id varchar 128 utf8mb4_bin not null",
        "settlement_chunk run int not null",
        "settlement_chunk chunk int not null",
        "settlement_chunk after_user varchar 128 utf8mb4_bin null",
        "settlement_chunk up_to_user varchar 128 utf8mb4_bin null",
        "settlement_chunk entries bigint not null",
        "settlement_chunk points bigint not null",
        "settlement_chunk written_at bigint null",
        "settlement_chunk ranked_at bigint null",
        "settlement_command match_id varchar 128 utf8mb4_bin not null",
        "settlement_command seq int not null",
        "settlement_command at bigint not null",
        "settlement_command by varchar 128 utf8mb4_bin not null",
        "settlement_command command varchar 128 utf8mb4_bin not null",
        "settlement_command reason mediumtext 16777215 utf8mb4_bin not null",
        "settlement_command before mediumtext 16777215 utf8mb4_bin not null",
        "settlement_command after mediumtext 16777215 utf8mb4_bin not null",
        "settlement_head match_id varchar 128 utf8mb4_bin not null",
        "settlement_head run int not null",
        "settlement_run match_id varchar 128 utf8mb4_bin not null",
        "settlement_run run int not null",
        "settlement_run state varchar 128 utf8mb4_bin not null",
        "settlement_run ledger_seq bigint not null",
        "settlement_run rules_version int not null",
        "settlement_run lock_at bigint not null",
        "settlement_run hold_until bigint not null",
        "settlement_run outcomes mediumtext 16777215 utf8mb4_bin not null",
        "settlement_run outcome_key varchar 128 utf8mb4_bin not null",
        "settlement_run predictions bigint not null",
        "settlement_run set_aside mediumtext 16777215 utf8mb4_bin not null",
        "settlement_run boards mediumtext 16777215 utf8mb4_bin not null",
        "settlement_run held_by varchar 128 utf8mb4_bin null",
        "settlement_run held_reason mediumtext 16777215 utf8mb4_bin null",
        "settlement_run created_at bigint not null",
        "settlement_run ended_at bigint null",
        "squad_player team_id varchar 128 utf8mb4_bin not null",
        "squad_player player_id varchar 128 utf8mb4_bin not null",
        "squad_player name varchar 200 utf8mb4_bin not null",
        "squad_player number int null",
        "squad_player position varchar 200 utf8mb4_bin null",
        "team id varchar 128 utf8mb4_bin not null",
        "team name varchar 200 utf8mb4_bin not null",
        "team code varchar 128 utf8mb4_bin null",
        "audit_head PRIMARY (owner)",
        "audit_seal PRIMARY (number)",
        "chat_body chat_body_author (room_id, author, message)",
        "chat_body chat_body_message (room_id, message)",
        "chat_body chat_body_user (author, room_id)",
        "chat_body PRIMARY (room_id, key)",
        "chat_op chat_op_stamp (room_id, op, stamp)",
        "chat_op chat_op_target (room_id, target)",
        "chat_op PRIMARY (room_id, seq)",
        "fan_group PRIMARY (id)",
        "fixture fixture_kickoff (kickoff_at)",
        "fixture PRIMARY (match_id)",
        "group_member group_member_user (user_id)",
        "group_member PRIMARY (group_id, user_id)",
        "market_void PRIMARY (match_id, market)",
        "match_ledger match_ledger_fact (match_id, provider, fact_id)",
        "match_ledger PRIMARY (match_id, seq)",
        "moderation_audit moderation_audit_target (target, at)",
        "moderation_audit PRIMARY (owner, number)",
        "moderation_entry PRIMARY (log, seq)",
        "partition_fence PRIMARY (id)",
        "point_entry PRIMARY (match_id, user_id, market, run)",
        "prediction prediction_cell (match_id, market, pick, accepted_at)",
        "prediction prediction_client (client_id)",
        "prediction PRIMARY (match_id, user_id, market)",
        "room PRIMARY (room_id)",
        "settlement_cell PRIMARY (match_id, run, market, pick, late)",
        "settlement_chunk PRIMARY (match_id, run, chunk)",
        "settlement_command PRIMARY (match_id, seq)",
        "settlement_head PRIMARY (match_id)",
        "settlement_run PRIMARY (match_id, run)",
        "squad_player PRIMARY (team_id, player_id)",
        "team PRIMARY (id)",
      ]
    `);
    expect(await fences()).toBe(PARTITIONS);
  });

  test("an interrupted migration is brought to its end, wherever it stopped", async () => {
    const undoing = [
      "drop table squad_player",
      "drop table team",
      "drop index fixture_kickoff on fixture",
      "drop table fixture",
      "drop index match_ledger_fact on match_ledger",
      "drop table match_ledger",
      "delete from partition_fence",
      "drop table partition_fence",
    ];
    await migrate(database);
    const whole = await definitions();
    for (let undone = 0; undone <= undoing.length; undone++) {
      for (const statement of ["delete from kysely_migration", ...undoing.slice(0, undone)]) {
        await sql.raw(statement).execute(database.kysely);
      }
      expect(await migrate(database)).toEqual(EVERY);
      expect(await definitions()).toEqual(whole);
      expect(await fences()).toBe(PARTITIONS);
    }
  });

  test("tables of somebody else are not taken for ours", async () => {
    await sql`create table team (taken text)`.execute(database.kysely);
    await expect(migrate(database)).rejects.toMatchObject({
      code: "migrationFailed",
      retryable: false,
      message: expect.stringMatching(/0001_match.*team/),
    });
  });

  test("requireNewest names what has not run and what to do", async () => {
    await expect(requireNewest(database)).rejects.toMatchObject({
      code: "schemaOutdated",
      retryable: false,
      message: expect.stringMatching(/0001_match.*deno task migrate/),
    });
    await migrate(database);
    await requireNewest(database);
  });
});

describe("deno task migrate", () => {
  test("two at once: both end well, each migration runs once", async () => {
    const answers = await Promise.all([command(schema.url), command(schema.url)]);
    expect(answers.map(({ code }) => code)).toEqual([0, 0]);
    const said = answers.map(({ said }) => said).join("\n");
    expect(said.match(/0001_match ran on 127/g)).toHaveLength(1);
    expect(said.match(/nothing to run on .*: its tables are the newest/g)).toHaveLength(1);
    await requireNewest(database);
  });

  test("where it cannot: 69, or 78 for a wrong URL, why, and no password", async () => {
    const away = new URL(schema.url);
    away.port = "1";
    const wrong = new URL(schema.url);
    wrong.password = "hunter2";
    const answers = await Promise.all(
      [away.href, wrong.href, `${wrong}?ssl=maybe`].map(command),
    );
    expect(answers.map(({ code }) => code)).toEqual([69, 69, 78]);
    expect(answers.map(({ said }) => said)).toEqual([
      expect.stringContaining("its server must run"),
      expect.stringContaining("the user, password, database and ssl of DATABASE_URL"),
      expect.stringContaining("ssl=verify"),
    ]);
    for (const { said } of answers) expect(said).not.toMatch(/hunter2|p@ss|p%40ss/);
  });
});

test("the users of ops/mysql_user.sql can do what is theirs and nothing else", async () => {
  const script = readFileSync("ops/mysql_user.sql", "utf8").replace(/^--.*$/gm, "");
  for (const statement of script.split(";").filter((text) => text.trim() !== "")) {
    await server.run(statement);
  }
  const owner = { user: "golazo_migrate", password: "change-me-too" };
  const app = { user: "golazo", password: "change-me" };
  const [byOwner, byApp] = [owner, app].map((user) =>
    mysqlDatabase(server.url("golazo", user), { clock: systemClock })
  ) as [SqlDatabase, SqlDatabase];
  await expect(requireNewest(byApp)).rejects.toMatchObject({ code: "schemaOutdated" });
  await expect(migrate(byApp)).rejects.toMatchObject({
    code: "migrationFailed",
    message: expect.stringContaining("ops/mysql_user.sql"),
  });
  expect(await migrate(byOwner)).toEqual(EVERY);
  await requireNewest(byApp);

  const store = new MatchStore(byApp, silentEvents);
  expect(await store.appendEntries([batch("arg-fra", goalEntries(1, 3))])).toEqual([
    { outcome: "recorded" },
  ]);
  expect(await store.entriesAfter("arg-fra", 0, 10)).toEqual(goalEntries(1, 3));
  expect(await store.appendEntries([batch("arg-fra", goalEntries(1, 4), { fence: 4 })])).toEqual([
    { outcome: "fenced" },
  ]);
  for (const statement of ["create table x (y int)", "drop table team", "truncate match_ledger"]) {
    await expect(sql.raw(statement).execute(byApp.kysely)).rejects.toMatchObject({
      code: "storeRefused",
    });
  }
  await expect(sql.raw("drop table team").execute(byOwner.kysely)).rejects.toMatchObject({
    code: "storeRefused",
  });
  await Promise.all([byOwner, byApp].map(({ kysely }) => kysely.destroy()));
});
