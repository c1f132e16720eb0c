import { expect, test } from "vitest";
import type { Failure } from "../../runtime/failure.ts";
import { mysqlFailure } from "./mysql_failure.ts";

const target = {
  host: "db.example",
  port: 3307,
  user: "golazo",
  password: "secret",
  database: "golazo_live",
  tls: null,
};

function failureFor(facts: object): Failure {
  return mysqlFailure(target, Object.assign(new Error("it said so"), facts)) as Failure;
}

test.each([
  ["a lost connection", { code: "PROTOCOL_CONNECTION_LOST", fatal: true }, "storeUnavailable"],
  ["a silent server", { code: "PROTOCOL_SEQUENCE_TIMEOUT" }, "storeUnavailable"],
  ["a refused connection", { code: "ECONNREFUSED", errno: -111 }, "storeUnavailable"],
  ["an unknown host", { code: "ENOTFOUND", errno: -3008 }, "storeUnavailable"],
  ["a name server that is away", { code: "EAI_AGAIN" }, "storeUnavailable"],
  ["a socket that is gone", { code: "ERR_SOCKET_CLOSED" }, "storeUnavailable"],
  ["a closed connection", { fatal: true }, "storeUnavailable"],
  ["a killed session", { code: "ER_CONNECTION_KILLED", errno: 1927 }, "storeUnavailable"],
  ["a server that became a reader", { errno: 1290 }, "storeUnavailable"],
  ["a deadlock", { code: "ER_LOCK_DEADLOCK", errno: 1213 }, "storeBusy"],
  ["a lock wait", { code: "ER_LOCK_WAIT_TIMEOUT", errno: 1205 }, "storeBusy"],
  ["too many connections", { errno: 1040, fatal: true }, "storeBusy"],
  ["a full disk", { code: "ER_DISK_FULL", errno: 1021 }, "storeFull"],
])("%s is retryable", (_name, facts, code) => {
  const failure = failureFor(facts);
  expect(failure).toMatchObject({ name: "Failure", code, retryable: true });
  expect(failure.message).toContain("golazo_live at db.example:3307");
  expect(failure.message).not.toContain("secret");
});

test.each([
  ["a wrong password", { errno: 1045, fatal: true }, "storeRefused", "password"],
  ["an unknown database", { errno: 1049, fatal: true }, "storeRefused", "database"],
  ["a right not granted", { errno: 1142 }, "storeRefused", "ops/mysql_user.sql"],
  [
    "a certificate not believed",
    { code: "HANDSHAKE_SSL_ERROR", fatal: true },
    "storeRefused",
    "ssl",
  ],
  ["a missing table", { errno: 1146 }, "schemaOutdated", "deno task migrate"],
])("%s needs a person, who is told what to do", (_name, facts, code, remedy) => {
  const failure = failureFor(facts);
  expect(failure).toMatchObject({ name: "Failure", code, retryable: false });
  expect(failure.message).toContain(remedy);
});

test.each([
  { code: "ER_PARSE_ERROR", errno: 1064 },
  { code: "ERR_INVALID_ARG_TYPE" },
])("a bug of ours passes as it came: %o", (facts) => {
  const error = Object.assign(new Error("it said so"), facts);
  expect(mysqlFailure(target, error)).toBe(error);
});
