/**
 * What one key does: the console's whole vocabulary, for the keyboard, the
 * buttons and the list of keys alike.
 */

export interface ActionKey {
  key: string;
  /** As the server calls it. */
  action: string;
  title: string;
  about: "message" | "user" | "room";
  /** Of a mute. */
  forMs?: number;
  /** Of slow mode. */
  seconds?: number;
  /** Asked once more, with these words. */
  asks?: string;
  /** What is said when it is done. */
  done: string;
}

export const ACTION_KEYS: readonly ActionKey[] = [
  { key: "a", action: "approve", title: "Approve", about: "message", done: "Approved" },
  { key: "r", action: "reject", title: "Reject", about: "message", done: "Rejected" },
  { key: "h", action: "hold", title: "Hold", about: "message", done: "Held" },
  { key: "d", action: "delete", title: "Delete", about: "message", done: "Deleted for good" },
  { key: "p", action: "pin", title: "Pin", about: "message", done: "Pinned" },
  {
    ...{ key: "m", action: "mute", title: "Mute 10 min", about: "user" },
    ...{ forMs: 600_000, done: "Muted for 10 minutes" },
  },
  { key: "b", action: "ban", title: "Ban here", about: "user", done: "Banned from this room" },
  {
    ...{ key: "B", action: "banGlobally", title: "Ban everywhere", about: "user" },
    ...{ asks: "bans this account in every room, at once", done: "Banned everywhere" },
  },
  {
    ...{ key: "X", action: "purge", title: "Remove all", about: "user" },
    asks: "removes every message of this account here, for good",
    done: "All messages removed",
  },
  { key: "s", action: "slow", title: "Slow mode", about: "room", seconds: 30, done: "Slow mode" },
  { key: "l", action: "lock", title: "Lock", about: "room", done: "Locked" },
];

export const OTHER_KEYS: readonly { key: string; title: string }[] = [
  { key: "j", title: "Next message" },
  { key: "k", title: "Message before" },
  { key: "c", title: "Case of its author" },
  { key: "u", title: "Undo the last action" },
  { key: "g", title: "All rooms" },
  { key: "t", title: "Audit trail" },
  { key: "/", title: "Search" },
  { key: "?", title: "These keys" },
];

/** What cannot be taken back. */
export const FINAL_ACTIONS: readonly string[] = ["delete", "purge", "purgeGlobally", "archive"];

/** The same key takes the room's state back. */
export function roomAction(
  { action, seconds, ...rest }: ActionKey,
  state: string,
): ActionKey {
  if (action === "slow" && state === "slow") {
    return { ...rest, action, seconds: 0, title: "End slow mode", done: "Slow mode is over" };
  }
  if (action === "lock" && state === "locked") {
    return { ...rest, action: "unlock", title: "Unlock", done: "Unlocked" };
  }
  return { ...rest, action, ...seconds === undefined ? {} : { seconds } };
}
