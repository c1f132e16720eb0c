/**
 * Sprites, avatars and share cards.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const assetLimits = {
  /** One image of a pack's source: the heaviest flag has 170 KB; a crest of more was never made for a page. */
  assetSourceBytesMax: 1024 * 1024,
  /** Pixels of one source, all its frames together: 16 M x 4 B = 64 MB decoded. */
  assetSourcePixelsMax: 16_000_000,
  /** libvips gives one source up after so long: the slowest of ours takes 0.1 s. */
  assetImageSecondsMax: 5,
  /** An animation is decoded, scaled and encoded within so much: six frames of noise took 5 s on a busy machine. */
  assetAnimationSecondsMax: 30,
  /** One task of an image process: the heaviest takes 2 s, 9 s with AVIF; past it the process is killed. */
  assetTaskMsMax: 120_000,
  /** Either side of a sheet: what every phone's GPU takes as one texture. */
  assetSheetPixelsMax: 2_048,
  /** Images of one pack: a match day of every league has 400 crests. */
  assetPackImagesMax: 1_000,
  /** A file up to this is read at once, a longer one goes out piece by piece of this. */
  assetChunkBytes: 64 * 1024,
  /** Kept in memory: every sheet of ours, the heaviest being the flags at 3x. */
  assetHotFileBytesMax: 256 * 1024,
  /** All of them: what a match day asks for, three densities, is 2 MB. */
  assetHotBytesMax: 16 * 1024 * 1024,
  /** One that is removed from the folder is served no longer than this; one `lstat` each time. */
  assetHotLookMs: 1_000,
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
  /** Both images of a card take 0.1 s, and at the lowest priority much longer where both cores are busy; past this the process that paints hangs and is killed. */
  cardPaintMsMax: 30_000,
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
