/**
 * What SQL, Redis and SQLite are given, and how long they are waited for.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const storeLimits = {
  /** Entries that SQL has not confirmed, kept by the owner: 170 entries x 1,000 matches. */
  historyPendingMax: 170_000,
  /** Entries of one transaction of history: 64, of 64 matches, hold the loop for 2.5 ms. */
  historyFlushEntriesMax: 64,
  /** History's wait before it asks SQL again, doubling from min to max: a provider waits 10 s. */
  historyRetryMsMin: 50,
  historyRetryMsMax: 2_000,
  /** Characters of the bodies of one INSERT: SQL's escapes double them, a server's packet is 4 MiB and more. */
  historyInsertCharsMax: 1024 * 1024,
  /** One process's connections to MySQL: history keeps one busy, the rest read; a server's default is 151. */
  sqlConnectionsMax: 8,
  /** A handshake with MySQL takes no longer; waiting for a free connection twice as long. */
  sqlConnectMsMax: 3_000,
  /** A statement without an answer for so long has lost its server: one of 64 rows takes 3 ms. */
  sqlAnswerMsMax: 5_000,
  /** A statement waits so long for another's lock, so that MySQL says so before we give it up. */
  sqlLockSecondsMax: 3,
  /** MySQL ends a session that says nothing for so long: a frozen owner keeps its locks no longer. */
  sqlSilentSecondsMax: 5,
  /** An idle connection to MySQL is closed by us first. */
  sqlIdleMsMax: 2_000,
  /** One statement of a migration, longer than the hour that a second migration waits for the first. */
  sqlMigrationMsMax: 2 * 60 * 60_000,
  /** Redis answers a command within so much, a third of a lease, or the command failed. */
  redisCommandMsMax: 1_000,
  /** Puts or appends in one script at most: 32 of 10 KB hold Redis up for 0.6 ms. */
  redisBatchMax: 32,
  /** A connection to Redis that says nothing for so long is given up; a quiet one is asked every second. */
  redisSilentMsMax: 2_000,
  redisPingMs: 1_000,
  /** Wait before a lost connection to Redis is tried again, doubling from min to max. */
  redisRetryMsMin: 50,
  redisRetryMsMax: 1_000,
  /** Commands to a shard without a master are tried so often: 3 connections a time, a failover takes 2 s and more. */
  redisFailoverRetryMs: 200,
  /** A Cluster is asked who serves what so often, and whenever a command goes astray. */
  redisTopologyMs: 5_000,
  /** Redis has to be there within so much when the server starts: loading 1 GB takes 3 s. */
  redisConnectMsMax: 5_000,
  /** A publication that Redis lost is noticed after so long at the latest, give or take a fifth. */
  redisBeaconMs: 1_500,
  /** A shard without an answer for so long gets a new client, then again after twice that, up to max. */
  redisShardSilentMsMax: 5_000,
  redisRebuildMsMax: 30_000,
  /** SQLite waits so long for another process's lock, and the loop with it. */
  sqliteBusyMsMax: 1_000,
  /** Prepared statements kept per file: our 40, and kysely's inserts of 1 to 64 rows. */
  sqliteStatementsMax: 256,
} as const;
