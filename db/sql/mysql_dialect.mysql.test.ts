import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pause, systemClock } from "../../runtime/clock.ts";
import type { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { type TemporaryFolder, temporaryFolder } from "../embedded/temporary_folder.ts";
import { type Mariadb, startMariadb } from "./mariadb_test_kit.ts";
import { mysqlDatabase } from "./mysql_dialect.ts";

const open = (url: string) => mysqlDatabase(url, { clock: systemClock }).kysely;
const one = sql<{ one: number }>`select 1 as one`;

/** What asking one question of `url` fails with. */
async function refusal(url: string): Promise<Failure> {
  const database = open(url);
  const failure = await one.execute(database).then(
    () => expect.unreachable("an answer"),
    (error) => error,
  );
  await database.destroy();
  return failure;
}

describe("mysqlDatabase on a server with other ideas", () => {
  let server: Mariadb;
  beforeAll(async () => {
    server = await startMariadb(
      "--sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES",
      "--transaction-isolation=SERIALIZABLE",
      "--autocommit=0",
      "--default-time-zone=+05:00",
      "--character-set-server=latin1",
      "--default-storage-engine=MyISAM",
    );
    await server.run("create database golazo");
  });
  afterAll(() => server.stop());

  test("sets every session up its own way", async () => {
    const database = open(server.url("golazo"));
    const { rows } = await sql`
      select @@tx_isolation as isolation, @@autocommit as autocommit, @@time_zone as zone,
        @@character_set_client as charset, @@wait_timeout as silent, @@sql_mode as mode,
        @@default_storage_engine as engine, @@innodb_lock_wait_timeout as locked`
      .execute(database);
    expect(rows).toEqual([{
      isolation: "READ-COMMITTED",
      autocommit: 1,
      zone: "+00:00",
      charset: "utf8mb4",
      silent: limits.sqlSilentSecondsMax,
      mode: "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION",
      engine: "InnoDB",
      locked: limits.sqlLockSecondsMax,
    }]);
    await database.destroy();
  });

  test("a value is a value, whatever it looks like", async () => {
    const database = open(server.url("golazo"));
    for (const text of ["\\' or 1=1 -- ", "\\", "'; drop table team; --", '"', "\u{1F468}\0\n"]) {
      const { rows } = await sql`select ${text} as text`.execute(database);
      expect(rows).toEqual([{ text }]);
    }
    await expect(sql`select 1; select 2`.execute(database)).rejects.toThrow("syntax");
    await database.destroy();
  });

  test("names what is wrong with who or where we are, and that asking again will not help", async () => {
    const wrong = { user: "referee", password: "hunter2" };
    for (const url of [server.url("golazo", wrong), server.url("nowhere")]) {
      const failure = await refusal(url);
      expect(failure).toMatchObject({ code: "storeRefused", retryable: false });
      expect(failure.message).toContain(`127.0.0.1:${server.port}`);
      expect(failure.message).not.toContain("hunter2");
    }
  });

  test("a server without ssl is not talked to where ssl is asked for", async () => {
    expect(await refusal(`${server.url("golazo")}?ssl=verify-ca`)).toMatchObject({
      code: "storeRefused",
      message: expect.stringContaining("does not support secure"),
    });
  });
});

describe("mysqlDatabase on a server that is frozen or gone", () => {
  let server: Mariadb;
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());

  test("gives a frozen server up in time, and finds it again", async () => {
    const database = open(server.url("mysql"));
    await one.execute(database);
    server.signal("SIGSTOP");
    const since = systemClock.monotonic();
    const asked = Array.from({ length: 3 * limits.sqlConnectionsMax }, () => one.execute(database));
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ reason: { code: "storeUnavailable", retryable: true } });
    }
    const tookMs = systemClock.monotonic() - since;
    expect(tookMs).toBeLessThan(limits.sqlAnswerMsMax + 2 * limits.sqlConnectMsMax);
    server.signal("SIGCONT");
    expect((await one.execute(database)).rows).toEqual([{ one: 1 }]);
    await database.destroy();
  });

  test("closes though the server does not answer", async () => {
    const database = open(server.url("mysql"));
    await Promise.all([one.execute(database), one.execute(database)]);
    server.signal("SIGSTOP");
    const asked = one.execute(database).catch((error) => error);
    await pause(systemClock, 50);
    try {
      await database.destroy();
      expect(await asked).toMatchObject({ code: "storeUnavailable" });
    } finally {
      server.signal("SIGCONT");
    }
  });

  test("a killed server is away, and there again once it is back", async () => {
    const database = open(server.url("mysql"));
    await Promise.all([one.execute(database), one.execute(database)]);
    const waiting = sql`select sleep(60)`.execute(database).catch((error) => error);
    server.signal("SIGKILL");
    expect(await waiting).toMatchObject({ code: "storeUnavailable", retryable: true });
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(one.execute(database)).rejects.toMatchObject({ code: "storeUnavailable" });
    }
    await server.restart();
    expect((await one.execute(database)).rows).toEqual([{ one: 1 }]);
    await database.destroy();
  });
});

describe("mysqlDatabase with ssl", () => {
  let folder: TemporaryFolder;
  let server: Mariadb;
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });

  beforeAll(async () => {
    folder = temporaryFolder();
    const [caKey, ca] = [folder.path("ca.key"), folder.path("ca.pem")];
    const [key, request, names, certificate] = [
      folder.path("server.key"),
      folder.path("server.csr"),
      folder.path("names"),
      folder.path("server.pem"),
    ];
    const fresh = ["-newkey", "rsa:2048", "-nodes", "-keyout"];
    openssl("req", "-x509", ...fresh, caKey, "-out", ca, "-subj", "/CN=a test's authority");
    openssl("req", ...fresh, key, "-out", request, "-subj", "/CN=golazo.test");
    writeFileSync(names, "subjectAltName=DNS:golazo.test");
    const signed = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-extfile", names];
    openssl("x509", "-req", "-in", request, ...signed, "-out", certificate);
    server = await startMariadb(`--ssl-cert=${certificate}`, `--ssl-key=${key}`, `--ssl-ca=${ca}`);
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  test("believes the authority that it is given", async () => {
    const ca = encodeURIComponent(folder.path("ca.pem"));
    const database = open(`${server.url("mysql")}?ssl=verify-ca&ca=${ca}`);
    const { rows } = await sql`show status like 'Ssl_cipher'`.execute(database);
    expect(rows).toMatchObject([{ Value: expect.stringMatching(/^TLS_/) }]);
    await database.destroy();
  });

  test("talks to nobody whose certificate is unknown or another's", async () => {
    expect(await refusal(`${server.url("mysql")}?ssl=verify-ca`)).toMatchObject({
      code: "storeRefused",
      retryable: false,
    });
    const named = server.url("mysql").replace("127.0.0.1", "localhost");
    const ca = encodeURIComponent(folder.path("ca.pem"));
    expect(await refusal(`${named}?ssl=verify&ca=${ca}`)).toMatchObject({
      code: "storeRefused",
      message: expect.stringContaining("golazo.test"),
    });
  });
});
