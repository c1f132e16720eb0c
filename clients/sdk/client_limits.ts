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
  /**
   * After a ban without end the server is asked again so late, later each time, and so often, in
   * case it was undone: three hours, 2 handshakes a second where 20,000 are banned.
   */
  banRetryMsMin: 60_000,
  banRetryMsMax: 30 * 60_000,
  banTriesMax: 10,
  /** A refused subscription is asked again after at least this. */
  resubscribeMsMin: 1_000,
  /** A command without an answer: an owner that was killed is replaced within 5 s. */
  commandMsMax: 10_000,
  /** Messages of a room that are kept: four screens more than a newcomer is sent. */
  chatMessagesMax: 200,
  /** As many of the oldest while somebody reads there: the list stays one that a phone scrolls. */
  chatPastMax: 200,
  /** Of the past at once: three screens. */
  chatPageMax: 50,
  /** Of a message, as many as its channel tells. */
  chatReactionsMax: 5,
  /** Pages in which all was removed are gone through by themselves, so many. */
  chatEmptyPagesMax: 5,
  /** A picture is asked for again so late: one taken down is gone from an open page. */
  avatarAgeMs: 5 * 60_000,
  /**
   * The authors of two screens at once, then one every two seconds: where strangers rush by,
   * 10,000 pages ask 5,000 times a second, which caches answer.
   */
  avatarsAtOnce: 24,
  avatarEveryMs: 2_000,
  /** Authors whose pictures are known about. */
  avatarFansMax: 500,
  /** What was removed is remembered, in case an older word of it comes late. */
  chatRemovalsMax: 1_000,
  /** Own messages that wait, are held or were refused. */
  chatOwnMax: 50,
  /** A message that is put off longer than this is the fan's to send again. */
  chatRetryMsMax: 60_000,
  /** A message that is put off so often is not sent by itself any more. */
  chatTriesMax: 5,
  /** Pages hear of new images at once: 180,000 of them ask over ten seconds, 18,000 a second. */
  manifestSpreadMsMax: 10_000,
  /** A manifest is kept by caches for half a minute: six times ten seconds are past that. */
  manifestAgainMs: 10_000,
  manifestTriesMax: 6,
  /** Predictions in one request; the server takes no more. */
  predictionBatchMax: 100,
} as const;
