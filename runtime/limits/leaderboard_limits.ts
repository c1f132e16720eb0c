/**
 * Boards, their shards and readers, and groups.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const leaderboardLimits = {
  /** A fan's total on a board lies within ± this: 50 points of 1,000 matches ten times over; a board's counts take 16 MB at the very worst, 64 KB as a rule. */
  leaderboardPointsMax: 500_000,
  /** Changes of one chunk, which is one commit: 64 x 25 µs hold SQLite, and the loop with it, for 1.6 ms. */
  leaderboardChangesMaxSqlite: 64,
  /** One script: 1,000 x 2 µs hold Redis for 2 ms; Lua unpacks 8,000 words at most. */
  leaderboardChangesMaxRedis: 1_000,
  /** Full chunks that a shard applies in one turn, with one look at its top: 7 ms of SQLite's commits or of Redis' scripts, between which others have theirs. */
  leaderboardTurnChunksMax: 4,
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
} as const;
