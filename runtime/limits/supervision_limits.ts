/**
 * How often a child comes back, how long an owner holds, what is logged and traced.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const supervisionLimits = {
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
  /** Questions to one owner that go together: 64 posts of 300 B are 20 KB. */
  ownerQuestionsMax: 64,
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
} as const;
