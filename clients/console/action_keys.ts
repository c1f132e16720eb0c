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
  /** In the global log: it holds in every room. */
  isEverywhere?: boolean;
  /** Of a user's case alone; there is no place for it beside every message. */
  isInCase?: boolean;
  /** Of a mute. */
  forMs?: number;
  /** Of slow mode. */
  seconds?: number;
  /** Asked once more, with these words. */
  asks?: string;
  /** What is said when it is done. */
  done: string;
}

const ON_MESSAGES: readonly ActionKey[] = [
  { key: "a", action: "approve", title: "Approve", about: "message", done: "Approved" },
  { key: "r", action: "reject", title: "Reject", about: "message", done: "Rejected" },
  { key: "h", action: "hold", title: "Hold", about: "message", done: "Held" },
  { key: "d", action: "delete", title: "Delete", about: "message", done: "Deleted for good" },
  { key: "p", action: "pin", title: "Pin", about: "message", done: "Pinned" },
];

const ON_USERS: readonly ActionKey[] = [
  { key: "w", action: "warn", title: "Warn", about: "user", done: "Warned" },
  {
    ...{ key: "m", action: "mute", title: "Mute 10 min", about: "user" },
    ...{ forMs: 600_000, done: "Muted for 10 minutes" },
  },
  {
    ...{ key: "M", action: "unmute", title: "End the mute", about: "user", isInCase: true },
    done: "May write again",
  },
  { key: "b", action: "ban", title: "Ban here", about: "user", done: "Banned from this room" },
  {
    ...{ key: "e", action: "unban", title: "End the ban here", about: "user", isInCase: true },
    done: "Ban ended here",
  },
  {
    ...{ key: "X", action: "purge", title: "Remove all", about: "user" },
    asks: "removes every message of this account here, for good",
    done: "All messages removed",
  },
  {
    ...{ key: "o", action: "appoint", title: "Make room moderator", about: "user" },
    ...{ isInCase: true, done: "Moderates this room" },
  },
  {
    ...{ key: "O", action: "dismiss", title: "End room moderator", about: "user" },
    ...{ isInCase: true, done: "Does not moderate this room" },
  },
  {
    ...{ key: "B", action: "banGlobally", title: "Ban everywhere", about: "user" },
    ...{ isEverywhere: true, asks: "bans this account in every room, at once" },
    done: "Banned everywhere",
  },
  {
    ...{ key: "E", action: "unbanGlobally", title: "End the ban everywhere", about: "user" },
    ...{ isEverywhere: true, isInCase: true, done: "Ban ended everywhere" },
  },
  {
    ...{ key: "P", action: "purge", title: "Remove all everywhere", about: "user" },
    ...{ isEverywhere: true, isInCase: true },
    asks: "removes every message of this account in every room, for good",
    done: "All messages are being removed in every room",
  },
  {
    ...{ key: "v", action: "removeAvatar", title: "Remove picture", about: "user" },
    ...{ isEverywhere: true, isInCase: true, done: "Picture removed" },
  },
];

const ON_ROOMS: readonly ActionKey[] = [
  { key: "s", action: "slow", title: "Slow mode", about: "room", seconds: 30, done: "Slow mode" },
  { key: "i", action: "restrict", title: "Reactions only", about: "room", done: "Reactions only" },
  { key: "l", action: "lock", title: "Lock", about: "room", done: "Locked" },
  {
    ...{ key: "Z", action: "archive", title: "Archive", about: "room", done: "Archived" },
    asks: "ends this room for good, it can only be read",
  },
];

export const ACTION_KEYS: readonly ActionKey[] = [...ON_MESSAGES, ...ON_USERS, ...ON_ROOMS];

export const OTHER_KEYS: readonly { key: string; title: string }[] = [
  { key: "j", title: "Next message" },
  { key: "k", title: "Message before" },
  { key: "n", title: "Show more" },
  { key: "c", title: "Case of its author" },
  { key: "u", title: "Undo the last action" },
  { key: "g", title: "All rooms" },
  { key: "t", title: "Audit trail" },
  { key: "/", title: "Search" },
  { key: "?", title: "These keys" },
];

/** What cannot be taken back. */
export const FINAL_ACTIONS: readonly string[] = ["delete", "purge", "archive", "removeAvatar"];

/** The same key takes the room's state back; null: nothing is left to be done. */
export function roomAction({ action, ...rest }: ActionKey, state: string): ActionKey | null {
  if (state === "archived") return null;
  const back = (action: string, title: string, done: string) => ({ ...rest, action, title, done });
  if (action === "slow" && state === "slow") {
    return { ...back("slow", "End slow mode", "Slow mode is over"), seconds: 0 };
  }
  if (action === "lock" && state === "locked") return back("unlock", "Unlock", "Unlocked");
  if (action === "restrict" && state === "reactionsOnly") {
    return back("unrestrict", "Let all write", "Everybody may write");
  }
  return { ...rest, action };
}

/** The same key takes a pin back. */
export function messageAction({ action, ...rest }: ActionKey, isPinned: boolean): ActionKey {
  if (action !== "pin" || !isPinned) return { ...rest, action };
  return { ...rest, action: "unpin", title: "Unpin", done: "Not pinned any more" };
}
