/**
 * Every bound of the system beside the sum or the reason that gave it.
 *
 * A limit is part of the promise: each one is tested past its edge.
 */

export const limits = {
  /** Body of one provider request: 256 KiB is about 600 facts of 400 bytes, a whole match four times over. */
  intakeBodyBytesMax: 256 * 1024,
  /** Facts of one provider request; a match has 10 to 170 of them. */
  intakeFactsMax: 500,
  /** How long a provider waits for its answer before it is told to come back. */
  intakeAnswerMsMax: 10_000,
  /** Age of a signed request: the Standard Webhooks recommendation. */
  webhookAgeMsMax: 5 * 60_000,
  /** Facts of one match: the busiest feed sends 170; 2,000 leaves room for ten corrections of each. */
  matchFactsMax: 2_000,
  /** Waiting deliveries of one actor; beyond it facts wait in the intake and commands are refused. */
  inboxDeliveriesMax: 256,
  /** Deliveries folded before the loop lets others run: 32 x 0.1 ms = 3 ms. */
  loopBatchMax: 32,
  /** A snapshot after so many entries, … */
  snapshotEntriesMax: 32,
  /** … so much time, or a change of phase: replaying 32 entries costs under 5 ms. */
  snapshotAgeMsMax: 2_000,
  /** A shootout kick waits so long for a missing earlier number. */
  kickWaitMsMax: 2_000,
  /** Play without a word from the source before fans are told. */
  feedSilenceMsMax: 60_000,
  /** Publications that a returning client can catch up on without a snapshot. */
  channelRingMin: 300,
  /** Entries that SQL has not confirmed, kept by the owner: 170 entries x 1,000 matches. */
  historyPendingMax: 170_000,
  /** SQL hears of an entry within so much time. */
  historyDelayMsMax: 250,
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
  /** First frame of a socket. */
  helloMsMax: 5_000,
  /** Heartbeat: carriers drop idle mappings after 30 s and more. */
  pingEveryMs: 25_000,
  pongMsMax: 10_000,
  /** Waiting bytes of a socket: volatile publications stop at soft, the socket at hard. */
  queueSoftBytes: 64 * 1024,
  queueHardBytes: 256 * 1024,
  queueStalledMsMax: 5_000,
  /** Writes of one turn to one room before others have their turn: 256 x 9 µs = 2.3 ms. */
  fanOutSliceWrites: 256,
  /** What one room may be behind with before it is served without slices: two seconds of a busy chat. */
  backlogMax: 512,
  /** Channels of one socket: a match day has 60 matches, twice over. */
  subscriptionsMax: 128,
  /** One frame of a client. */
  framePayloadBytesMax: 16 * 1024,
  frameFragmentsMax: 16,
  frameChunksMax: 64,
  /** A device's tabs and app starts; past it the oldest goes with 4502. */
  deviceInstancesMax: 5,
  /** A device's or instance's id: a UUID has 36 characters. */
  clientIdCharsMax: 64,
  /** Frames that come while Hello is being checked: 128 subscriptions and some. */
  framesBeforeWelcomeMax: 160,
  /** How long a closing handshake may take before the socket is cut. */
  closeMsMax: 5_000,
  /** A channel without members stays open so long: a page reload takes 1 to 3 s. */
  channelLingerMs: 5_000,
  /** Sockets of one gateway without Hello: 4,000 handshakes/s x 5 s would be 20,000. */
  greetingSocketsMax: 10_000,
  /** Handshakes of one gateway: somewhat above the 3,000/s that a core serves. */
  handshakesPerSecondMax: 4_000,
  handshakesBurstMax: 8_000,
  /** When who was refused for load comes back. */
  busyRetryMs: 2_000,
  /** The farewell of a gateway: slices at least, sockets of a slice at most, time to return at most. */
  drainSlicesMin: 5,
  drainSliceSocketsMax: 1_000,
  drainRetryMsMax: 5_000,
  /** One HTTP request: its head, the whole, an idle connection, its header's size. */
  httpHeadMsMax: 10_000,
  httpRequestMsMax: 15_000,
  httpIdleMsMax: 30_000,
  httpHeaderBytesMax: 8 * 1024,
  /** Frames that were not understood before the socket is closed with 4505. */
  protocolErrorsMax: 3,
  /** A child's restarts within the window before it is parked: OTP's advice, 5 in 30 s. */
  restartsMax: 5,
  restartWindowMs: 30_000,
  restartDelayMsMin: 200,
  restartDelayMsMax: 30_000,
  /** Infrastructure: intensities multiply up the tree, so the top is allowed less. */
  infrastructureRestartsMax: 3,
  infrastructureWindowMs: 60_000,
  /** Deliveries remembered as the one that an entity crashed over: one a match of the busiest day. */
  blamedDeliveriesMax: 1_000,
  /** A dead owner is replaced after this; renewed three times in it. */
  leaseMs: 3_000,
  leaseRenewMs: 1_000,
  /** A node looks at the roll and its leases so often: a takeover waits for 3 s + this. */
  leaseRoundMs: 500,
  /** A lease that is meant for us and still held is asked for so often: it ends within 3 s. */
  leaseHeldRoundMs: 100,
  /** An owner that comes back asks SQL so long what it has: 3.5 s + this is below the 5 s of a takeover. */
  takeoverSqlMsMax: 500,
  /** An owner that could not renew for so long stops, a second before its lease ends. */
  leaseSilentMsMax: 2_000,
  /** A question to an owner is asked again so often until it is answered: a takeover costs four. */
  ownerAskAgainMs: 1_000,
  /** A fact whose notice was lost is found in the intake after so long. */
  intakeSweepMs: 1_000,
  /** A match that is over sleeps when nobody spoke to it for so long: 40 KB each come back. */
  passivationMs: 10 * 60_000,
  /** How long a child may take to stop before it is dropped. */
  shutdownMsMax: 5_000,
  /** Stores that do not answer at the start are waited for: an orchestrator brings them up within a minute. */
  startPatienceMs: 60_000,
  /** Wait before the start is tried again, doubling from restartDelayMsMin up to this. */
  startRetryMsMax: 2_000,
  /** A launched process says within so long that it is ready: its own patience and a half. */
  processStartMsMax: 90_000,
  /** A launched process that was told to end is killed after this: sockets are sent away in 5 s. */
  processStopMsMax: 10_000,
  /** Restarts of all that one launcher started: five of each of six within a minute; one alone never gets there. */
  launchedRestartsMax: 30,
  launchedWindowMs: 60_000,
  /** Log lines of one kind of event in a second: 20 x 200 B x 20 kinds = 80 KB/s at the very worst. */
  logLinesPerSecondMax: 20,
  /** Dead letters kept; the oldest go first, each going is logged. */
  deadLettersMax: 10_000,
  /** Matches in the list that fans open. */
  matchListMax: 500,
} as const;
