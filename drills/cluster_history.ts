/**
 * What a cluster left in Redis and in SQL, read without any of its code.
 *
 * Raw commands and raw SQL: the names of keys and columns are written down here
 * a second time, so a store that files things wrongly is not read as wrongly.
 */
import { Redis } from "ioredis";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import {
  byMatch,
  ledgerEntry,
  sqlEntry,
  type SqlRow,
  type StoredEntry,
  type StoredHistory,
  type StoredLedgers,
} from "./stored_history.ts";

/** `{golazo:p<partition>}:entries:<stream>` */
const LEDGER_KEY = /^\{golazo:p\d+\}:entries:ledger\/match\/(.+)$/;
const INTAKE_KEYS = "{golazo:p*}:entries:intake/*";

/** The fence of each entry in `match_ledger`, by match, in order of seq. */
export type StoredFences = Map<string, number[]>;

export async function readRedisLedgers(url: string): Promise<StoredLedgers> {
  const lines: { match: string; entry: StoredEntry }[] = [];
  await everyMaster(url, async (redis) => {
    for (const key of await redis.keys("*")) {
      const [, match] = LEDGER_KEY.exec(key) ?? [];
      if (match === undefined) continue;
      for (const [id, [, body]] of await redis.xrange(key, "-", "+")) {
        lines.push({ match, entry: ledgerEntry(Number.parseInt(id), body!) });
      }
    }
  });
  return byMatch(lines);
}

/** Facts that nobody has decided yet. */
export async function countIntake(url: string): Promise<number> {
  let count = 0;
  await everyMaster(url, async (redis) => {
    const keys = await redis.keys(INTAKE_KEYS);
    const lengths = await Promise.all(keys.map((key) => redis.xlen(key)));
    count += lengths.reduce((sum, length) => sum + length, 0);
  });
  return count;
}

export async function emptyRedis(url: string): Promise<void> {
  await everyMaster(url, (redis) => redis.flushall());
}

export async function readClusterHistory(
  redisUrl: string,
  databaseUrl: string,
): Promise<StoredHistory & { fences: StoredFences }> {
  const ledger = await readRedisLedgers(redisUrl);
  const connection = await createConnection(databaseUrl);
  try {
    const [rows] = await connection.query<(RowDataPacket & SqlRow & { fence: number })[]>(
      `SELECT match_id, seq, recorded_at, shadowed, trace, body, fence
       FROM match_ledger ORDER BY match_id, seq`,
    );
    const fences: StoredFences = new Map();
    for (const { match_id, fence } of rows) {
      fences.set(match_id, [...(fences.get(match_id) ?? []), fence]);
    }
    return { ledger, sql: byMatch(rows.map(sqlEntry)), fences };
  } finally {
    await connection.end();
  }
}

/** The one server, or those of a Redis Cluster that are there and no replicas. */
async function everyMaster(url: string, talk: (redis: Redis) => Promise<unknown>): Promise<void> {
  const isCluster = url.endsWith("?cluster=1");
  const [, places] = /^redis:\/\/([^/?]+)/.exec(url)!;
  for (const place of places!.split(",")) {
    const redis = new Redis(`redis://${place}`, { lazyConnect: true, retryStrategy: null });
    redis.on("error", () => {});
    try {
      const isThere = await redis.connect().then(() => true, () => false);
      if (!isThere && !isCluster) throw new Error(`Cannot read the Redis at ${place}: it is away`);
      if (isThere && (await redis.role())[0] === "master") await talk(redis);
    } finally {
      redis.disconnect();
    }
  }
}
