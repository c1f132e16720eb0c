/**
 * Rooms, what is said in them, and those who moderate.
 *
 * Each bound stands beside its reason; see ../limits.ts.
 */
export const chatLimits = {
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
  /** A slow room is told of a longer time if it is longer by this: ten thousand read each telling. */
  paceLongerMsMin: 5_000,
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
  /** Wishes of one commit: 1,000 posts/s are taken where a commit and its publishing take 100 ms. */
  roomCommitMax: 128,
  /** A room's snapshot is 360 KB and 1.5 ms: at 1,000 posts a second every 2 s. */
  roomSnapshotEntriesMax: 2_000,
  roomSnapshotAgeMsMax: 5_000,
  /** Entries of a room that stay hot when snapshot and SQL have them: a room's stream is 1.2 MB at most, 4,000 x 300 B. */
  roomLedgerKept: 1_000,
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
  /**
   * Where 200 posts a second come to a gateway, four in this time, those of such a moment go on
   * together: at 500 a second ten share what one costs Redis and the owner, and wait 10 ms for it.
   */
  chatGroupMs: 20,
  chatCrowdMin: 4,
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
  /** A gateway asks so often who may cheer in a room: a mute is in force within it. */
  roomOrderMs: 500,
  roomOrdersMax: 2_000,
  /** Rooms listed for everybody, beside those of matches. */
  publicRoomsMax: 500,
  /** A message by HTTP: 4 KiB of text, escaped at worst, and its names. */
  chatBodyBytesMax: 32 * 1024,
  /** A history page of a room. */
  roomPageMax: 100,
} as const;
