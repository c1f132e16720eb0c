/**
 * What a socket, its channels and its device may have of a gateway.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const socketLimits = {
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
  /** Posts of a room are told together: two at a time are 5/s, and 10,000 sockets x 2.5 windows/s a quarter of a core. */
  chatWindowMs: 400,
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
} as const;
