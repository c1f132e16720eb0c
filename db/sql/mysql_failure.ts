/**
 * What MySQL, MariaDB and the network before them say, as a `Failure` that names
 * the server and the way out.
 *
 * Told apart by MySQL's error numbers, and by code where there is no server to
 * give one. What is left, such as a syntax error, is a bug of ours and passes as
 * it came. The password is in none of it.
 */
import { Failure, reasonOf } from "../../runtime/failure.ts";
import type { MysqlTarget } from "./mysql_url.ts";

type Kind = "storeBusy" | "storeFull" | "storeRefused" | "storeUnavailable" | "schemaOutdated";

/** What mysql2 throws, as far as it is looked at. */
interface MysqlError {
  code?: string;
  errno?: number;
  /** The connection is gone with it. */
  fatal?: boolean;
}

/** Numbers of https://mariadb.com/kb/en/mariadb-error-codes/ and MySQL's server errors. */
const KIND_BY_NUMBER = new Map<number, Kind>([
  // Too many connections (also of one user), changed since read, lock wait, deadlock.
  ...[1040, 1203, 1226, 1020, 1205, 1213].map((number) => [number, "storeBusy"] as const),
  // Disk full, table full.
  ...[1021, 1114].map((number) => [number, "storeFull"] as const),
  // Host blocked or not allowed, user, password, database, login method, rights.
  ...[1129, 1130, 1044, 1045, 1698, 1820, 1862, 3118, 4151, 1049, 1251, 1142, 1143, 1227, 1370]
    .map((number) => [number, "storeRefused"] as const),
  // Commit failed, shutdown, aborted, read errors, read-only, statement interrupted, session killed.
  ...[1180, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1290, 1792, 1836, 1317, 1927, 4031]
    .map((number) => [number, "storeUnavailable"] as const),
  // No such table, no such column.
  ...[1146, 1054].map((number) => [number, "schemaOutdated"] as const),
]);

/** Codes of mysql2 for a server that we do not want to talk to, or that does not know how. */
const REFUSED_BY_CODE = /^HANDSHAKE_|^AUTH_SWITCH_/;

/** The system's codes (ECONNREFUSED, EAI_AGAIN), Node's for a closed socket, mysql2's for a silent one. */
const LOST_BY_CODE = /^E(?!RR?_)[A-Z_]+$|^ERR_(SOCKET|STREAM)_|^PROTOCOL_/;

const REMEDY: Record<Kind, string> = {
  storeBusy: "another holds what is needed: this passes by itself",
  storeFull: "its disk is full: make room there",
  storeRefused:
    "its server must let us in: look after the user, password, database and ssl of DATABASE_URL, " +
    "and the user's rights (ops/mysql_user.sql)",
  storeUnavailable: "its server must run, be reached from here and take writes",
  schemaOutdated: "its tables must be the newest: run `deno task migrate`",
};

/** A `Failure` for what the world did; anything else as it was thrown. */
export function mysqlFailure(target: MysqlTarget, error: unknown): unknown {
  const kind = kindOf(error as MysqlError);
  return kind === null ? error : failureOf(target, kind, reasonOf(error), error);
}

export function failureOf(
  { host, port, database }: MysqlTarget,
  kind: Kind,
  found: string,
  cause?: unknown,
): Failure {
  const server = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new Failure(
    kind,
    `Cannot use the database ${database} at ${server} (DATABASE_URL) as ${REMEDY[kind]}; found: ` +
      found,
    { retryable: kind !== "storeRefused" && kind !== "schemaOutdated", cause },
  );
}

function kindOf({ code = "", errno = 0, fatal = false }: MysqlError): Kind | null {
  const known = KIND_BY_NUMBER.get(errno);
  if (known !== undefined) return known;
  if (REFUSED_BY_CODE.test(code)) return "storeRefused";
  if (fatal || LOST_BY_CODE.test(code)) return "storeUnavailable";
  return null;
}
