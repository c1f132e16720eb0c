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
  /** First frame of a socket. */
  helloMsMax: 5_000,
  /** Heartbeat: carriers drop idle mappings after 30 s and more. */
  pingEveryMs: 25_000,
  pongMsMax: 10_000,
  /** Waiting bytes of a socket: volatile publications stop at soft, the socket at hard. */
  queueSoftBytes: 64 * 1024,
  queueHardBytes: 256 * 1024,
  queueStalledMsMax: 5_000,
  /** Writes of one turn before goals have their turn: 256 x 9 µs = 2.3 ms. */
  fanOutSliceWrites: 256,
  /** Of a goal's own turn, before another goal and the rest have theirs: 1,024 x 9 µs = 9 ms. */
  fanOutGoalWrites: 1_024,
  /** What one room may be behind with before it is served without slices: two windows of a busy chat. */
  backlogMax: 1_024,
  /** Posts of a room are told together: 10,000 sockets x 2 windows/s are 20,000 writes/s, a fifth of a core. */
  chatWindowMs: 500,
  /** Posts sent and not known to be read: what a reader takes in half a second, 1 KB at 2 KB/s. */
  chatAheadMs: 500,
  chatAheadBytes: 1024,
  chatAheadBytesMin: 1024,
  chatAheadBytesMax: 64 * 1024,
  /** Channels of one socket: a match day has 60 matches, twice over. */
  subscriptionsMax: 128,
  /** One frame of a client. */
  framePayloadBytesMax: 16 * 1024,
  frameFragmentsMax: 16,
  frameChunksMax: 64,
  /** A device's tabs and app starts; past it the oldest goes with 4502. */
  deviceInstancesMax: 5,
  /** A seat on its device's roll: renewed at each ping, so it outlives two of them and a pong. */
  seatMs: 60_000,
  /** Seats asked about at once: at 2 ms each 128,000 a second, and none waits behind a full pipe. */
  seatsAskedMax: 256,
  /** Seats whose roll did not answer are asked about again after so long. */
  seatsRetryMs: 1_000,
  /** Seats given up in that time leave their rolls in one command: a storm's are thousands. */
  seatsDepartMs: 100,
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
  /**
   * One address's share of both: a carrier's or a stadium's NAT has thousands behind one, whose
   * 4,000 are back in a moment and 10,000 in three seconds, and nobody alone fills the house.
   */
  addressGreetingSocketsMax: 2_500,
  addressHandshakesPerSecondMax: 2_000,
  addressHandshakesBurstMax: 4_000,
  /** Addresses looked after between two sweeps of those that are full again. */
  addressesKeptMax: 20_000,
  /** A loop later than this serves those inside first: a goal that is half a second late is late. */
  admissionLagMsMax: 500,
  /** Memory past which nobody new comes in: 20,000 sockets take 0.4 GB, their queues at worst 5. */
  admissionMemoryBytesMax: 3 * 1024 ** 3,
  /** A token: 700 B are usual, one with a list of groups has 4 KB. */
  tokenBytesMax: 8 * 1024,
  /** Clocks of ours and an issuer's differ by so much at most; a session asks so long for a newer token. */
  tokenSkewMs: 30_000,
  /** No token is older, so a revocation that is kept so long outlives every token that it names. */
  tokenAgeMsMax: 30 * 24 * 60 * 60_000,
  /** A subject or a token's id: what OpenID Connect allows. */
  subjectCharsMax: 255,
  /** Tokens found good, as many as a process has sockets: 20,000 x 400 B = 8 MB. */
  tokensKnownMax: 20_000,
  /** A guest's token, and how many an address gets: a machine with a test's thousand fans, then some. */
  guestTokenMs: 60 * 60_000,
  /** A guest of last month is known again by the token of then: predictions stay somebody's. */
  guestReturnsMs: 30 * 24 * 3_600_000,
  guestsPerSecondMax: 20,
  guestsBurstMax: 1_000,
  /** Public keys are asked for again after so long, and not sooner than the pause for an unknown one. */
  keysAgeMsMax: 10 * 60_000,
  keysPauseMs: 10_000,
  keysAnswerMsMax: 5_000,
  /** Revocations in force: 10,000 x 100 B = 1 MB, read again so often. */
  revocationsMax: 10_000,
  revocationsReadMs: 10_000,
  /** When who was refused for load comes back, at the latest; at the door half of it is spread. */
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
  /** Header lines of one request: browsers send 20, each proxy adds 5. */
  httpHeadersMax: 100,
  /** A browser asks again after so long whether another page may call /api/*. */
  corsPreflightSeconds: 600,
  /** For so long a browser that came by https comes by nothing else: a year. */
  strictTransportSeconds: 365 * 24 * 60 * 60,
  /** Frames of one socket: a match day's 128 channels ten times over, then pongs and a fast talker. */
  framesPerSecondMax: 50,
  framesBurstMax: 1_500,
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
  /** Restarts of all that one launcher started: each of seven may die once a minute, one alone that dies at every start gets there in 51 s. */
  launchedRestartsMax: 7,
  launchedWindowMs: 60_000,
  /** Log lines of one kind of event in a second: 20 x 200 B x 20 kinds = 80 KB/s at the very worst. */
  logLinesPerSecondMax: 20,
  /** Dead letters kept; the oldest go first, each going is logged. */
  deadLettersMax: 10_000,
  /** Of facts that are no goal, card or review, one in a hundred is traced. */
  tracedShare: 1 / 100,
  /** Spans that wait for their collector: 6 a goal, so 340 goals within a second; 2,048 x 300 B. */
  spansWaitingMax: 2_048,
  spansBatchMs: 1_000,
  /** The collector answers within so much, or the batch is lost; the last one of a process faster. */
  spansAnswerMsMax: 3_000,
  spansFlushMsMax: 1_000,
  /** A collector that is away is an operator's matter once a minute. */
  spansWarnMs: 60_000,
  /** What one fact says comes in publications so close together: one script of Redis, one turn. */
  fanOutQuietMs: 200,
  /** Ends of sockets kept for operators: 1,000 x 300 B; of one device they are shown so many. */
  closesKeptMax: 1_000,
  closesShownMax: 100,
  /** Channels that an operator is shown: those with the most members. */
  channelsShownMax: 20,
  /** A fan's total on a board lies within ± this: 50 points of 1,000 matches ten times over; a board's counts take 16 MB at the very worst, 64 KB as a rule. */
  leaderboardPointsMax: 500_000,
  /** Changes of one chunk, which is one commit: 64 x 25 µs hold SQLite, and the loop with it, for 1.6 ms. */
  leaderboardChangesMaxSqlite: 64,
  /** One script: 1,000 x 2 µs hold Redis for 2 ms; Lua unpacks 8,000 words at most. */
  leaderboardChangesMaxRedis: 1_000,
  /** Changes of the chunks that a shard applies in one turn: one commit of SQLite and three more, or a script and some of Redis. */
  leaderboardTurnChangesMax: 2_000,
  /** Deliveries that wait for one shard: 2 ms a turn serve 30 of them, so the last waits 70 ms. */
  leaderboardInboxMax: 1_024,
  /** Fans of one question to a shard: a group. */
  leaderboardMembersMax: 1_000,
  /** Rows of a top page, and of one window around a fan. */
  leaderboardPageMax: 100,
  /** A shard whose store is away asks it again after so long. */
  leaderboardRetryMs: 200,
  /** A chunk is known again for so long after it was applied; a settlement that is held up is not held up for a week. */
  leaderboardKeysKeptMs: 7 * 24 * 60 * 60_000,
  /** Keys older than that which one apply forgets: each adds one, so eight a time keep up. */
  leaderboardKeysForgotten: 8,
  /** A shard that nobody asks for so long sleeps: readers of its board ask ten times a second. */
  leaderboardIdleMs: 10 * 60_000,
  /** Shard and ledger of points are compared again after so long, where SQL is away or chunks are under way. */
  leaderboardCompareMs: 10_000,
  /** Entries of points read at a time for a rebuild: 500 x 2.5 us of SQLite hold the loop for 1.3 ms. */
  pointEntriesReadMax: 500,
  /** Counts behind a rank are no older; those of a board that is read are asked for again after so much. */
  boardAgeMsMax: 100,
  boardRefreshMs: 50,
  /** Counts as readers were last given them, so that they need only what changed since: 8 x 32 KB. */
  shardVersionsKept: 8,
  /** A board is refreshed ahead for so long after somebody read it. */
  boardReadMs: 2_000,
  /** Boards that one gateway has at hand: 60 matches, their competitions, twice over; 200 x 200 KB at worst. */
  boardsReadMax: 200,
  /** A board of a competition that nobody knows is looked for in the list of matches so often at most. */
  boardDirectoryMs: 2_000,
  /** Rows that can be paged through; further down a fan looks around himself. */
  boardDepthMax: 1_000,
  /** A reader waits so long for a shard: a takeover is longer, and told as "come back". */
  boardAskMsMax: 2_000,
  /** A settlement's chunks wait so long for a shard's owner: a takeover takes 4 s. */
  boardApplyMsMax: 10_000,
  /** One shard's rebuild: a quarter of a million fans take a minute. */
  boardRebuildMsMax: 10 * 60_000,
  /** Changes of boards are signalled so often, and told on their channels so often: a fan reads no faster. */
  boardSignalMs: 250,
  boardVoiceMs: 1_000,
  boardVoiceRows: 20,
  /** Groups of one fan: family, work, school, and a new one each month. */
  groupsOfFanMax: 50,
  groupNameCharsMax: 60,
  /** What a fan sends about a group: a name or a code. */
  groupBodyBytesMax: 1_024,
  /** A gateway waits so long for an owner's word on a group: a takeover is told as "come back". */
  groupAskMsMax: 5_000,
  /** A subject as columns hold it. */
  clientUserCharsMax: 128,
  /** Friends, colleagues, a school; ranked whenever it is read. */
  groupMembersMax: 1_000,
  /** Clocks of nodes differ by so much at most; an op from later than that is refused. */
  chatSkewMsMax: 60_000,
  /** Messages of a room in memory, three minutes at 5 a second; older ones are in SQL. 1,000 x 300 B. */
  roomMessagesMax: 1_000,
  /** Client message ids that a room knows again: a reconnect takes 5 s, at 800 posts a second. */
  roomSaidMax: 4_096,
  /** Tombstones of a room are kept so long, and so many: whoever was away longer loads the room anew. */
  roomTombstoneMsMax: 24 * 60 * 60_000,
  roomTombstonesMax: 10_000,
  /** Users who reacted to one message; to the room itself everybody may. */
  messageReactorsMax: 200,
  /** Kinds of reactions counted for a room in one window, and shown of them: a pack has 48. */
  roomReactionKindsMax: 64,
  roomReactionsTop: 5,
  /** Messages of a room that wait for a moderator, and rejected ones that can still be brought back. */
  roomHeldMax: 500,
  roomRejectedMax: 100,
  /** Muted, banned and warned users of a room. */
  roomStandingsMax: 10_000,
  roomModeratorsMax: 100,
  roomPinsMax: 5,
  /** A room's last actions, which can be undone. */
  roomActionsMax: 200,
  /** Why a moderator did it: a sentence or two. */
  moderationReasonCharsMax: 500,
  /** Reported messages of a room; past it the least urgent goes. Who reported each: more say nothing new. */
  roomReportsMax: 500,
  messageReportersMax: 50,
  /** Rows of the audit in one statement: 100 x 13 values. */
  auditRowsAtOnce: 100,
  /** The heads of all audit chains are signed so often, or after so many rows: what could be rewritten unseen. */
  auditSealMs: 60_000,
  auditSealRows: 100,
  auditSealLookMs: 5_000,
  /** Users banned in every room: 20,000 x 120 B in each process. */
  globalBansMax: 20_000,
  /** Purges of users in all rooms that are being carried out. */
  globalPurgesMax: 1_000,
  /** A lost word of a ban costs so much: one look at a stream's position a process and second. */
  banRollReadMs: 1_000,
  /** A purge looks again for rooms in which its user wrote: history reaches SQL within a second. */
  purgeLookAgainMs: 1_000,
  /** An owner answers a moderator within so much: a takeover takes 4 s. */
  moderationAnswerMsMax: 5_000,
  /** A moderator's slow mode: what Stream and Twitch allow. */
  slowSecondsMax: 120,
  /** Slow mode by itself: one message in so many seconds, for so long after a goal, a card, a review. */
  paceSlowSeconds: 5,
  paceGoalMs: 60_000,
  paceReviewMsMax: 5 * 60_000,
  paceAfterReviewMs: 30_000,
  /** Above so many messages a second nobody can read them all: each viewer gets a sample. */
  chatMessagesPerSecondMax: 5,
  /** One message of a chat, as people count characters. */
  chatGraphemesMax: 500,
  /** Its bytes: 500 emoji of 8; a family of four has 25. */
  chatTextBytesMax: 4 * 1024,
  /** Marks on one character: Vietnamese has two, Arabic and Thai two, Hebrew three; more climb over other lines. */
  chatMarksMax: 3,
  /** Users whom one message calls. */
  chatMentionsMax: 5,
  /** One sender in one room: Twitch's 20 in 30 s; the same text as a goal brings it, and shouted sentences. */
  chatFloodWindowMs: 30_000,
  chatFloodMessagesMax: 20,
  chatSameMessagesMax: 3,
  chatLoudMessagesMax: 3,
  chatLoudCharsMin: 20,
  /** Refusals for pace within the window, after which a sender is shadowed: no person goes on. */
  chatRefusedMax: 10,
  /** Reactions of a room are told so often, of so many messages at most: 100 x 60 B. */
  roomReactionsMs: 1_000,
  roomTalliesMax: 100,
  /** Messages of a room that a newcomer is shown: two screens. */
  roomShownMax: 50,
  /** A room's snapshot is 360 KB and 1.5 ms: at 1,000 posts a second every 2 s. */
  roomSnapshotEntriesMax: 2_000,
  roomSnapshotAgeMsMax: 5_000,
  /** What one room may have to decide at once: a second of the busiest. */
  roomAskedMax: 1_024,
  /** Senders of a room whose pace is remembered, 200 B each: half a minute of 300 new ones a second. */
  roomPacesMax: 10_000,
  /** A room that nobody asks for so long sleeps. */
  roomIdleMs: 10 * 60_000,
  /** A store that did not take an erasure is asked again after so long. */
  roomErasureRetryMs: 1_000,
  /** Bodies that nobody needs hot any more are looked for so often. */
  roomSweepMs: 60_000,
  /** Matches are looked at so often, in case the nudge that opens or slows a room was lost. */
  roomMatchesLookMs: 10_000,
  /** A gateway waits so long for a room's owner: a takeover takes 4 s. */
  roomAskMsMax: 5_000,
  /** When who was refused for load comes back. */
  roomBusyRetryMs: 2_000,
  /** Chat goes on without SQL for so long and so much: then posts are refused. */
  chatBehindMsMax: 30 * 60_000,
  chatBehindBytesMax: 512 * 1024 * 1024,
  /** Entries of a room in one transaction: 256 rows and their bodies take MariaDB 20 ms, SQLite 5. */
  chatFlushEntriesMax: 256,
  /** Entries of rooms go into SQL ten times a second: at 1,000 posts/s a transaction has 100. */
  chatGatherMs: 100,
  /** Rows of the audit trail in one answer. */
  auditPageMax: 100,
  roomTitleCharsMax: 100,
  /** What a fan is told that concerns them alone: the last ones are kept, gathered for so long first. */
  noticesKept: 20,
  noticeGatherMs: 100,
  /** Fans who are told something at once: five called in each of 2,000 messages. */
  noticedUsersMax: 10_000,
  /** What one user may do in that time, in all rooms and at all gateways: a post or two reactions a second. */
  chatWindowOfUserMs: 10_000,
  chatPostsOfUserMax: 10,
  chatReactionsOfUserMax: 20,
  /** A moderator with one key an action, and reports of a fan who reads everything. */
  chatActionsOfUserMax: 60,
  /** Rooms made, and invitations tried: both are rare for a person. */
  chatRoomsOfUserMax: 3,
  chatInvitesOfUserMax: 5,
  /** One socket: two frames of a chat a second, and a burst of a goal's joy. */
  chatFramesPerSecondMax: 5,
  chatFramesBurstMax: 20,
  /** Users whose allowance a gateway remembers: everybody who spoke lately. */
  chatUsersRememberedMax: 20_000,
  /** The store of allowances may be silent for so long, then chat is refused. */
  chatStoreSilentMsMax: 1_000,
  /** A gateway looks at a room's facts, which never change, so often: a room that was just made is found. */
  roomRecordMs: 5_000,
  roomRecordsMax: 2_000,
  /** Who came in by invitation: a season. */
  roomMemberMs: 300 * 86_400_000,
  /** Who has shown a moderator's or operator's token is known as one for so long. */
  stewardKnownMs: 30 * 86_400_000,
  /** Reactions to a room itself are counted for so long before its owner is told. */
  cheerMs: 1_000,
  /** Rooms listed for everybody, beside those of matches. */
  publicRoomsMax: 500,
  /** A message by HTTP: 4 KiB of text, escaped at worst, and its names. */
  chatBodyBytesMax: 32 * 1024,
  /** A history page of a room. */
  roomPageMax: 100,
  /** Matches in the list that fans open. */
  matchListMax: 500,
  /** What was last said on a channel without a history, for who comes after a quiet night. */
  volatileKeptMs: 48 * 3_600_000,
  /** Predictions of one transaction: 100 rows are 8 KB and 3 ms of MariaDB, 1 ms of SQLite's loop. */
  predictionBatchMax: 100,
  /** A prediction waits so long for others to share its transaction: a twentieth of what a fan notices. */
  predictionBatchMs: 10,
  /** Transactions of predictions at a time: half of a process's connections to MySQL. */
  predictionFlightsMax: 4,
  /** Predictions that wait for a transaction: 1.4 s at 3,000/s; 4,096 x 300 B. */
  predictionQueueMax: 4_096,
  /** Of one fan: every market of twenty matches. */
  predictionsOfFanWaitingMax: 100,
  /** An owner with SQL answers a batch within so much: a takeover takes 4 s. */
  predictionAnswerMsMax: 5_000,
  /** Who was refused for load is told a time between these, by the rate at which the queue is served. */
  predictionRetryMsMin: 50,
  predictionRetryMsMax: 10_000,
  /** So shortly after the lock SQL is still asked: its clock decides, and who lost an answer is told what became of it. */
  predictionLateAskMs: 5_000,
  /** A client's own id of a prediction: a UUID has 36. */
  predictionClientIdCharsMax: 64,
  /** A hundred predictions with ids of players: 100 x 600 B. */
  predictionBodyBytesMax: 64 * 1024,
  /** What a gateway knows of matches to take predictions on: 300 x 2 KB; looked at again even where no change was told. */
  predictableMatchesMax: 300,
  predictableMatchMs: 2_000,
  /** The page of a match's markets is no older, nor kept for more matches: 300 x 20 KB. */
  marketPageMs: 1_000,
  marketPagesMax: 300,
  /** What was taken is told to the crowd's keeper so often, so that 3,000/s are two messages. */
  crowdTallyMs: 500,
  /** A match's crowd is told so often: bars that move faster are not read. */
  crowdVoiceMs: 1_000,
  /** Picks of a market that are shown one by one. */
  crowdTopMax: 5,
  /** Matches whose crowd is in memory: 1,000 x 500 picks x 60 B at worst. */
  crowdMatchesMax: 1_000,
  /** Nobody picked for so long, so every tally is in: what is in doubt is counted again. */
  crowdQuietMs: 2_000,
  /** How often the crowd's keeper looks what is due, and at all matches, should a change have been missed. */
  crowdLookMs: 250,
  crowdSweepMs: 10_000,
  /** After a goal, a red card or a penalty nobody knows yet whether it stands. */
  suspendedMs: 10_000,
  /** Predictions of one chunk of a settlement: 5,000 take MariaDB 40 ms, 400 hold SQLite's loop for 1.5 ms. */
  settlementChunkRowsMysql: 5_000,
  settlementChunkRowsSqlite: 400,
  /** Chunks at once: one is written while the other is ranked; SQLite has one writer. */
  settlementChunksMysql: 2,
  settlementChunksSqlite: 1,
  /** A run that nobody nudges looks by itself at what operators wrote. */
  settlementLookMs: 1_000,
  /** All listed matches are looked at so often, in case a nudge was lost. */
  settlementSweepMs: 10_000,
  /** A settlement's wait for a store or a board, doubling from min to max. */
  settlementRetryMsMin: 100,
  settlementRetryMsMax: 5_000,
  /** Progress is told at most so often. */
  settlementSayMs: 500,
  /** A match's board if it ended now is told at most so often, as are goals to it. */
  projectionEveryMs: 10_000,
  /** Joint picks counted one by one, 200 B each; past it a share of the fans is. */
  projectionCellsMax: 20_000,
  /** Points shown of a projection: a fan of all markets can have 18 different totals and some. */
  projectionRowsMax: 100,
  /** Matches whose cells are kept: a match day of every league. */
  projectionMatchesMax: 100,
  /** One image of a pack's source: the heaviest flag has 170 KB; a crest of more was never made for a page. */
  assetSourceBytesMax: 1024 * 1024,
  /** Pixels of one source, all its frames together: 16 M x 4 B = 64 MB decoded. */
  assetSourcePixelsMax: 16_000_000,
  /** libvips gives one image up after so long: the slowest of ours takes 0.1 s. */
  assetImageSecondsMax: 5,
  /** One task of an image process, the heaviest of which takes 2 s; past it the process is killed. */
  assetTaskMsMax: 60_000,
  /** Either side of a sheet: what every phone's GPU takes as one texture. */
  assetSheetPixelsMax: 2_048,
  /** Images of one pack: a match day of every league has 400 crests. */
  assetPackImagesMax: 1_000,
  /** A file up to this is read at once, a longer one goes out piece by piece of this. */
  assetChunkBytes: 64 * 1024,
  /** A file whose name follows from its bytes, and the one that names them all. */
  assetFileAgeSeconds: 365 * 24 * 60 * 60,
  assetManifestAgeSeconds: 30,
  assetManifestStaleSeconds: 300,
  /** Texts of a build are some thirty, each at most 10 KB compressed. */
  assetZippedMax: 64,
  /** A build is told within that; one `stat` each time. */
  assetLookMs: 2_000,
  /** A picture that somebody sends for an avatar: a phone's, made smaller by the page. */
  avatarBytesMax: 1024 * 1024,
  /** Sent, decoded, turned and written twice within so much, the start of a process included. */
  avatarTaskMsMax: 8_000,
  /** Pictures that wait to be decoded, 1 MB each; who comes then comes again. */
  avatarsWaitingMax: 8,
  avatarRetryMs: 2_000,
  /** One fan changes theirs so often; remembered of so many. */
  avatarEveryMs: 10_000,
  avatarFansMax: 10_000,
  /** The process that decodes ends when nobody has sent a picture for so long: 70 MB. */
  avatarIdleMs: 60_000,
  /** Which picture is a user's is asked again after so long. */
  avatarAgeSeconds: 60,
  /** Both images of a card take 0.2 s; past this the process that paints is killed. */
  cardPaintMsMax: 5_000,
  /** What a process that paints may hold: 120 MB once it is warm; above this it is replaced. */
  cardPainterBytesMax: 400 * 1024 * 1024,
  /** One match is painted twice at once and then once in so long: a burst of a second is three images. */
  cardBurstMax: 2,
  cardBurstMs: 1_200,
  /** A card whose painter died is tried again after so long, so often. */
  cardRetryMs: 1_000,
  cardTriesMax: 3,
  /** Matches whose cards wait or are remembered: all that are listed, twice. */
  cardsWaitingMax: 1_024,
  /** An image that was replaced is still fetched by who read its page before. */
  cardReplacedMs: 10 * 60_000,
  cardSweepMs: 60_000,
  /** Cards of matches that nobody asks for; then they are painted anew when somebody does. */
  cardKeptMs: 48 * 3_600_000,
  /** Who asks for a card that is being painted waits so long, and looks so often. */
  cardWaitMsMax: 2_000,
  cardLookMs: 40,
  /** One match's card is asked for so often by one gateway. */
  cardAskMs: 500,
} as const;
