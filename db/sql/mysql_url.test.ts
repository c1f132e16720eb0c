import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../embedded/temporary_folder.ts";
import { readMysqlUrl } from "./mysql_url.ts";

test("readMysqlUrl takes host, port, user, password and database", () => {
  expect(readMysqlUrl("mysql://golazo:p%40ss%2Fw%25rd@db.example:3307/golazo_live")).toEqual({
    host: "db.example",
    port: 3307,
    user: "golazo",
    password: "p@ss/w%rd",
    database: "golazo_live",
    tls: null,
  });
  expect(readMysqlUrl("mysql://golazo@[::1]/golazo")).toMatchObject({
    host: "::1",
    port: 3306,
    password: "",
  });
});

test("readMysqlUrl takes ssl, always checked, and the authorities to believe", () => {
  const folder = temporaryFolder();
  const ca = folder.path("ca.pem");
  writeFileSync(ca, "-----BEGIN CERTIFICATE-----");
  const tls = (query: string) => readMysqlUrl(`mysql://u:p@db.example/golazo?${query}`).tls;
  expect(tls("ssl=verify")).toEqual({ verifyIdentity: true });
  expect(tls("ssl=verify-ca")).toEqual({ verifyIdentity: false });
  expect(tls(`ssl=verify&ca=${encodeURIComponent(ca)}`)).toEqual({
    verifyIdentity: true,
    ca: "-----BEGIN CERTIFICATE-----",
  });
  folder.remove();
});

test.each([
  ["postgres://u:secret@db.example/golazo", "mysql://user:password@host:port/database"],
  ["mysql:golazo", "mysql://user:password@host:port/database"],
  ["mysql://u:secret@db.example", "a database's name"],
  ["mysql://u:secret@db.example/a/b", "a database's name"],
  ["mysql://u:secret%@db.example/golazo", "%25"],
  ["mysql://u:secret@db.example/golazo?ssl=true", "ssl=verify"],
  ["mysql://u:secret@db.example/golazo?ssl=off", "ssl=verify"],
  ["mysql://u:secret@db.example/golazo?ca=ca.pem", "beside ca"],
  ["mysql://u:secret@db.example/golazo?ssl=verify&ca=/nowhere/ca.pem", "a readable file as ca"],
  ["mysql://u:secret@10.0.0.1/golazo?ssl=verify", "ssl=verify-ca, found the address 10.0.0.1"],
  ["mysql://u:secret@db.example/golazo?multipleStatements=true", "ssl and ca"],
])("readMysqlUrl refuses %s and says what it needs, never the password", (url, needed) => {
  expect(() => readMysqlUrl(url)).toThrow(
    expect.objectContaining({ code: "configInvalid", message: expect.stringContaining(needed) }),
  );
  expect(() => readMysqlUrl(url)).not.toThrow("secret");
});
