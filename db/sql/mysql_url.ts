/**
 * What DATABASE_URL says.
 *
 *   mysql://user:password@host:3306/database?ssl=verify&ca=/etc/ssl/database.pem
 *
 * `ssl=verify` encrypts and checks the server's certificate and its host's name;
 * `ssl=verify-ca` checks the certificate alone, for servers that made their own;
 * without `ssl` nothing is encrypted. `ca` is a file with the authorities to
 * believe instead of the public ones. There is no way to encrypt unchecked.
 * Reserved characters of a user or password are percent-encoded. No message
 * repeats the URL, which holds a password.
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { Failure, reasonOf } from "../../runtime/failure.ts";

export interface MysqlTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Null: unencrypted. */
  tls: { ca?: string; verifyIdentity: boolean } | null;
}

const PORT = 3306;

/** @throws {Failure} `configInvalid`. */
export function readMysqlUrl(text: string): MysqlTarget {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "mysql:" || url.hostname === "") {
    throw invalid("mysql://user:password@host:port/database", "something else");
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const database = decoded(url.pathname.slice(1));
  if (!/^[^/\0`]{1,64}$/.test(database)) {
    throw invalid("a database's name after the host", JSON.stringify(url.pathname));
  }
  return {
    host,
    port: url.port === "" ? PORT : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database,
    tls: readTls(url.searchParams, host),
  };
}

function readTls(parameters: URLSearchParams, host: string): MysqlTarget["tls"] {
  for (const name of parameters.keys()) {
    if (name !== "ssl" && name !== "ca") throw invalid("no options but ssl and ca", name);
  }
  const ssl = parameters.get("ssl");
  const path = parameters.get("ca");
  if (ssl === null) {
    if (path !== null) throw invalid("ssl=verify or ssl=verify-ca beside ca", "ca alone");
    return null;
  }
  if (ssl !== "verify" && ssl !== "verify-ca") {
    throw invalid("ssl=verify or ssl=verify-ca", `ssl=${ssl}`);
  }
  // mysql2 compares the certificate of an address with the name "localhost".
  if (ssl === "verify" && isIP(host) > 0) {
    throw invalid("a host's name to verify, or ssl=verify-ca", `the address ${host}`);
  }
  return { ...path === null ? {} : { ca: readCa(path) }, verifyIdentity: ssl === "verify" };
}

function readCa(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw invalid("a readable file as ca", reasonOf(error));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("percent signs written as %25", "a percent sign by itself");
  }
}

function invalid(needed: string, found: string): Failure {
  return new Failure(
    "configInvalid",
    `Cannot use DATABASE_URL as it needs ${needed}, found ${found}`,
  );
}
