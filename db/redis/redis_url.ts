/**
 * What REDIS_URL says.
 *
 * One server: `redis://user:password@host:6379/0`. A Redis Cluster: some of its
 * servers, any of which names the others, and `cluster=1`:
 * `redis://user:password@a:7000,b:7000,c:7000/?cluster=1`. `rediss` is the same
 * over TLS, the server's certificate and name checked; `ca=/etc/ssl/redis.pem`
 * is a file with the authorities to believe instead of the public ones. In a
 * password `/`, `?` and `%` are written as %2F, %3F and %25.
 */
import { readFileSync } from "node:fs";
import { Failure } from "../../runtime/failure.ts";

export interface RedisHost {
  host: string;
  port: number;
}

export interface RedisTarget {
  hosts: RedisHost[];
  isCluster: boolean;
  /** Null: unencrypted. */
  tls: { ca?: string } | null;
  username: string | undefined;
  password: string | undefined;
  db: number;
  /** For people and logs: without user and password. */
  shown: string;
}

const FORM = /^(rediss?):\/\/(?:([^/?]*)@)?([^@/?]+)(?:\/(\d*))?(?:\?(.*))?$/;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;

/** @throws {Failure} `configInvalid`, without what may be a secret. */
export function parseRedisUrl(url: string): RedisTarget {
  const [, scheme, access = "", places = "", db = "", query = ""] = FORM.exec(url) ?? refuse();
  const hosts = places.split(",").map((place) => {
    const [, host, port = "6379"] = HOST.exec(place) ?? refuse();
    if (Number(port) > 65_535) refuse();
    return { host: host!.replace(/^\[|\]$/g, ""), port: Number(port) };
  });
  const { cluster, ca, ...unknown } = Object.fromEntries(new URLSearchParams(query));
  if (![undefined, "1"].includes(cluster) || Object.keys(unknown).length > 0) refuse();
  if (ca !== undefined && scheme !== "rediss") refuse();
  const isCluster = cluster === "1";
  if (hosts.length > 1 && !isCluster) refuse();
  if (isCluster && Number(db) !== 0) refuse();
  const [username, password] = access.split(/:(.*)/s).map(decoded);
  return {
    hosts,
    isCluster,
    tls: scheme === "rediss" ? (ca === undefined ? {} : { ca: readCa(ca) }) : null,
    username: username || undefined,
    password: password || undefined,
    db: Number(db),
    shown: `${scheme}://${places}`,
  };
}

export function isRedisUrl(url: string): boolean {
  try {
    parseRedisUrl(url);
    return true;
  } catch {
    return false;
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Failure("configInvalid", "Cannot read the file that REDIS_URL names as ca", {
      cause: error,
    });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse();
  }
}

function refuse(): never {
  throw new Failure(
    "configInvalid",
    "Cannot read REDIS_URL: needed redis:// or rediss://[user:password@]host[:port][/db], or for " +
      "a Redis Cluster host:port,host:port/?cluster=1 (database 0), with rediss also ?ca=file, " +
      "found another form",
  );
}
