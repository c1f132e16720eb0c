/**
 * Which store holds what: the one file that chooses.
 *
 * Nothing set: five SQLite files in one folder. `hot.db` (intake, ledgers,
 * snapshots, leases) and `golazo.db` (SQL) each hold every committed entry, so
 * one of them may lose its tail or itself and is filled from the other;
 * `channels.db` is a cache and `rankings.db` a copy of the points in SQL, filled
 * anew by the shards that find theirs gone; `bodies.db` has what was written in
 * rooms until it is removed. A damaged file is put aside, never overwritten.
 * REDIS_URL takes the place of all but `golazo.db`, DATABASE_URL of that one. What a process does not use it does not load.
 */
import { join } from "node:path";
import type { Broker } from "../actors/ports/broker.ts";
import type { HotBodies } from "../actors/ports/bodies.ts";
import type { CellStore } from "../actors/ports/cell.ts";
import type { Groups } from "../actors/ports/groups.ts";
import type { PointsLedger } from "../actors/ports/points_ledger.ts";
import type { RankingStore } from "../actors/ports/ranking.ts";
import type { MatchRecords } from "../actors/ports/records.ts";
import type { Settlements } from "../actors/ports/settlements.ts";
import type { StreamStore } from "../actors/ports/stream.ts";
import { historyName } from "../channels/channel_history.ts";
import type { AuditSeals } from "../db/sql/audit_seals.ts";
import type { ChatStore } from "../db/sql/chat_store.ts";
import type { ModerationStore } from "../db/sql/moderation_store.ts";
import type { PredictionStore } from "../db/sql/prediction_store.ts";
import type { SqlDatabase } from "../db/sql/sql_database.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Random } from "../runtime/random.ts";
import type { Config } from "./config.ts";

/** In place of a folder: what is stored ends with the process. */
export const IN_MEMORY = ":memory:";

/** What is hot: shared by every process where it is Redis. */
export interface HotStores {
  /** Intake, ledgers, the match directory, dead letters: durable before they answer. */
  streams: StreamStore;
  /** Channel histories: a cache. */
  channels: StreamStore;
  cells: CellStore;
  /** Who sits on which device. */
  seats: CellStore;
  broker: Broker;
  ranking: RankingStore;
  /** What was written in rooms, as far as it is hot. */
  bodies: HotBodies;
  close(): Promise<void>;
}

/** What lasts. */
export interface SqlStores {
  records: MatchRecords;
  predictions: PredictionStore;
  points: PointsLedger;
  groups: Groups;
  settlements: Settlements;
  chat: ChatStore;
  moderation: ModerationStore;
  sealsWith(key: string): AuditSeals;
  close(): Promise<void>;
}

export type Stores = HotStores & SqlStores;

export interface StoreParts {
  clock: Clock;
  random: Random;
  events: BusinessEvents;
}

/** @throws {Failure} retryable where it does not answer: `storeUnavailable`, `storeBusy`. */
export function openHotStores(config: Config, parts: StoreParts): Promise<HotStores> {
  return config.redisUrl === null
    ? openEmbedded(config.data, parts)
    : openRedis(config.redisUrl, config.namespace, parts);
}

/** @throws {Failure} retryable where it does not answer; `schemaOutdated` before `deno task migrate`. */
export function openSqlStores(config: Config, parts: StoreParts): Promise<SqlStores> {
  return config.databaseUrl === null
    ? openSqlite(config.data, parts)
    : openMysql(config.databaseUrl, parts);
}

/** Everything in files of one folder. */
export async function openEmbeddedStores(folder: string, parts: StoreParts): Promise<Stores> {
  const hot = await openEmbedded(folder, parts);
  const sql = await openSqlite(folder, parts);
  return {
    ...hot,
    ...sql,
    async close() {
      await sql.close();
      await hot.close();
    },
  };
}

async function openEmbedded(folder: string, parts: StoreParts): Promise<HotStores> {
  const { clock, random, events } = parts;
  const [
    { MemoryBroker },
    { SqliteBodies },
    { SqliteCell },
    { openOrSetAside },
    { SqliteRanking },
    { SqliteStream },
  ] = await Promise.all([
    import("../db/embedded/memory_broker.ts"),
    import("../db/embedded/sqlite_bodies.ts"),
    import("../db/embedded/sqlite_cell.ts"),
    import("../db/embedded/sqlite_file.ts"),
    import("../db/embedded/sqlite_ranking.ts"),
    import("../db/embedded/sqlite_stream.ts"),
  ]);
  const open = (name: string, synchronous: "full" | "off") =>
    openOrSetAside(pathIn(folder, name), { synchronous, clock }, events).file;
  const hot = open("hot.db", "full");
  const cache = open("channels.db", "off");
  const rankings = open("rankings.db", "off");
  const bodies = open("bodies.db", "full");
  // The sockets are all here, and end when it does.
  const passing = openOrSetAside(IN_MEMORY, { synchronous: "off", clock }, events).file;
  const broker = new MemoryBroker(events);
  return {
    streams: new SqliteStream(hot, broker, random),
    channels: new SqliteStream(cache, broker, random),
    cells: new SqliteCell(hot, clock),
    seats: new SqliteCell(passing, clock),
    broker,
    ranking: new SqliteRanking(rankings, clock),
    bodies: new SqliteBodies(bodies),
    close() {
      passing.close();
      bodies.close();
      rankings.close();
      cache.close();
      hot.close();
      return Promise.resolve();
    },
  };
}

async function openRedis(
  url: string,
  namespace: string,
  parts: StoreParts,
): Promise<HotStores> {
  const [
    { RedisKeys },
    { RedisClient },
    { RedisStream },
    { RedisBodies },
    { RedisCell },
    { RedisBroker },
    { RedisRanking },
    { ClusterWatchdog },
  ] = await Promise.all([
    import("../db/redis/keys.ts"),
    import("../db/redis/redis_client.ts"),
    import("../db/redis/redis_stream.ts"),
    import("../db/redis/redis_bodies.ts"),
    import("../db/redis/redis_cell.ts"),
    import("../db/redis/redis_broker.ts"),
    import("../db/redis/redis_ranking.ts"),
    import("../db/redis/cluster_watchdog.ts"),
  ]);
  const keys = new RedisKeys(namespace);
  const client = await RedisClient.open({ url, keys, ...parts });
  const broker = new RedisBroker({ client, keys, historyOf: historyName, ...parts });
  const streams = new RedisStream(client, keys, parts.random);
  const watchdog = client.target.isCluster
    ? new ClusterWatchdog({ client, keys, clock: parts.clock })
    : null;
  const cells = new RedisCell(client, keys);
  return {
    streams,
    channels: streams,
    cells,
    seats: cells,
    broker,
    ranking: new RedisRanking(client, keys),
    bodies: new RedisBodies(client, keys),
    close() {
      watchdog?.stop();
      broker.close();
      client.close();
      return Promise.resolve();
    },
  };
}

async function openSqlite(folder: string, parts: StoreParts): Promise<SqlStores> {
  const [{ openOrSetAside }, { sqliteDatabase }, { migrate }] = await Promise.all([
    import("../db/embedded/sqlite_file.ts"),
    import("../db/sql/sqlite_dialect.ts"),
    import("../db/sql/migration_list.ts"),
  ]);
  const { clock, events } = parts;
  const path = pathIn(folder, "golazo.db");
  const sql = sqliteDatabase(openOrSetAside(path, { synchronous: "full", clock }, events).file);
  await migrate(sql);
  return await storesOver(sql, parts, {
    chunkRows: limits.settlementChunkRowsSqlite,
  });
}

function pathIn(folder: string, name: string): string {
  return folder === IN_MEMORY ? IN_MEMORY : join(folder, name);
}

async function openMysql(url: string, parts: StoreParts): Promise<SqlStores> {
  const [{ mysqlDatabase }, { requireNewest }] = await Promise.all([
    import("../db/sql/mysql_dialect.ts"),
    import("../db/sql/migration_list.ts"),
  ]);
  const sql = mysqlDatabase(url, { clock: parts.clock });
  try {
    await requireNewest(sql);
  } catch (error) {
    await sql.kysely.destroy();
    throw error;
  }
  return await storesOver(sql, parts, {
    chunkRows: limits.settlementChunkRowsMysql,
  });
}

/** What is asked of one database, whichever it is. */
async function storesOver(
  sql: SqlDatabase,
  parts: StoreParts,
  chunks: { chunkRows: number },
): Promise<SqlStores> {
  const [
    { MatchStore },
    { PredictionStore },
    { PointsStore },
    { GroupStore },
    { SettlementStore },
    { ChatStore },
    { ModerationStore },
    { AuditSeals },
  ] = await Promise.all([
    import("../db/sql/match_store.ts"),
    import("../db/sql/prediction_store.ts"),
    import("../db/sql/points_store.ts"),
    import("../db/sql/group_store.ts"),
    import("../db/sql/settlement_store.ts"),
    import("../db/sql/chat_store.ts"),
    import("../db/sql/moderation_store.ts"),
    import("../db/sql/audit_seals.ts"),
  ]);
  return {
    records: new MatchStore(sql, parts.events),
    predictions: new PredictionStore(sql),
    points: new PointsStore(sql),
    groups: new GroupStore(sql, parts),
    settlements: new SettlementStore(sql, { clock: parts.clock, ...chunks }),
    chat: new ChatStore(sql),
    moderation: new ModerationStore(sql),
    sealsWith: (key) => new AuditSeals(sql, key),
    close: () => sql.kysely.destroy(),
  };
}
