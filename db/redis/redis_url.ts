/**
 * What REDIS_URL says.
 *
 * One server: `redis://user:password@host:6379/0`. A Redis Cluster: some of its
 * servers, any of which names the others, and `cluster=1`:
 * `redis://user:password@a:7000,b:7000,c:7000/?cluster=1`. `rediss` is the same
 * over TLS. Characters such as `@` and `/` in a password are written as %40, %2F.
 */
import { Failure } from "../../runtime/failure.ts";

export interface RedisHost {
  host: string;
  port: number;
}

export interface RedisTarget {
  hosts: RedisHost[];
  isCluster: boolean;
  isTls: boolean;
  username: string | undefined;
  password: string | undefined;
  db: number;
  /** For people and logs: without user and password. */
  shown: string;
}

const FORM = /^(rediss?):\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/(\d*))?(?:\?(.*))?$/;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i;

/** @throws {Failure} `configInvalid`, without what may be a secret. */
export function parseRedisUrl(url: string): RedisTarget {
  const [, scheme, access = "", places = "", db = "", query = ""] = FORM.exec(url) ?? refuse();
  const hosts = places.split(",").map((place) => {
    const [, host, port = "6379"] = HOST.exec(place) ?? refuse();
    if (Number(port) > 65_535) refuse();
    return { host: host!.replace(/^\[|\]$/g, ""), port: Number(port) };
  });
  if (query !== "" && query !== "cluster=1") refuse();
  const isCluster = query !== "";
  if (hosts.length > 1 && !isCluster) refuse();
  if (isCluster && Number(db) !== 0) refuse();
  const [username, password] = access.split(/:(.*)/s).map(decoded);
  return {
    hosts,
    isCluster,
    isTls: scheme === "rediss",
    username: username || undefined,
    password: password || undefined,
    db: Number(db),
    shown: `${scheme}://${places}`,
  };
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
      "a Redis Cluster host:port,host:port/?cluster=1 (database 0), found another form",
  );
}
