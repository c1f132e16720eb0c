/**
 * Every bound of the client beside its reason.
 */

export const clientLimits = {
  /** A new socket sooner than this helps nobody: the server that fell needs longer. */
  reconnectDelayMsMin: 500,
  /** A fan who waits longer reloads the page by hand. */
  reconnectDelayMsMax: 20_000,
  /** A fan who returns waits for us; 300 ms spread the thousands who return at half-time. */
  wakeSpreadMsMax: 300,
  /** From opening until every channel is answered; the server's own bound for Hello is 5 s. */
  handshakeMsMax: 10_000,
  /** A connection that lived so long was good: the next failure is the first again. */
  stableMs: 10_000,
  /** A refused subscription is asked again after at least this. */
  resubscribeMsMin: 1_000,
  /** Predictions in one request; the server takes no more. */
  predictionBatchMax: 100,
} as const;
