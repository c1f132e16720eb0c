/**
 * What facts and their ledgers may be: the bounds of intake, loop and match.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const feedLimits = {
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
} as const;
