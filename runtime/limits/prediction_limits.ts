/**
 * Predictions, crowds, settlement and what it would be if it ended now.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const predictionLimits = {
  /** Matches in the list that fans open. */
  matchListMax: 500,
  /** What was last said on a channel without a history, for who comes after a quiet night. */
  volatileKeptMs: 48 * 3_600_000,
  /** Predictions of one transaction: 100 rows are 8 KB and 3 ms of MariaDB, 1 ms of SQLite's loop. */
  predictionBatchMax: 100,
  /** Transactions of predictions leave a gateway so often, but for full ones: 40 rows each at 1,650/s, a tenth of what a fan may wait. */
  predictionBatchMs: 25,
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
  /** Predictions of one chunk of a settlement: 2,500 take MariaDB 10 ms alone, so 100 ms where it has a tenth of a core; 250 hold SQLite's loop for 0.7 to 1.9 ms. */
  settlementChunkRowsMysql: 2_500,
  settlementChunkRowsSqlite: 250,
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
} as const;
