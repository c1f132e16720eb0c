/**
 * Who is let in, by which token, and how fast one says goodbye.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const doorLimits = {
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
  /** The rest of a body that was refused is let in so long and so much, so that a phone far away reads why. */
  httpUnreadMsMax: 2_000,
  httpUnreadBytesMax: 16 * 1024 * 1024,
  /** A browser asks again after so long whether another page may call /api/*. */
  corsPreflightSeconds: 600,
  /** For so long a browser that came by https comes by nothing else: a year. */
  strictTransportSeconds: 365 * 24 * 60 * 60,
  /** Frames of one socket: a match day's 128 channels ten times over, then pongs and a fast talker. */
  framesPerSecondMax: 50,
  framesBurstMax: 1_500,
  /** Frames that were not understood before the socket is closed with 4505. */
  protocolErrorsMax: 3,
} as const;
