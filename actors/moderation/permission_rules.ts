/**
 * Who may do what in a room, by role, action and the room's state.
 *
 * Asked at the door and again by the room itself, so a door that is bypassed
 * opens nothing. permission_table.csv holds every cell for people to review; the
 * test asks for each. Beside the table: nobody acts on somebody of their own
 * rank or above, nor in their own case, so nobody lifts a ban of their own.
 */

/** Ascending: whoever stands later may do more, and to those before. */
export const ROLES = [
  "anonymous",
  "fan",
  "roomModerator",
  "roomOwner",
  "moderator",
  "operator",
] as const;
export type ChatRole = (typeof ROLES)[number];

export const ROOM_STATES = ["open", "slow", "reactionsOnly", "locked", "archived"] as const;
export type RoomState = (typeof ROOM_STATES)[number];

export const FAN_ACTIONS = ["post", "edit", "deleteOwn", "react", "report"] as const;
export type FanAction = (typeof FAN_ACTIONS)[number];

/** The lowest role that may. */
const MODERATION = {
  delete: "roomModerator",
  hold: "roomModerator",
  approve: "roomModerator",
  reject: "roomModerator",
  mute: "roomModerator",
  unmute: "roomModerator",
  ban: "roomModerator",
  unban: "roomModerator",
  warn: "roomModerator",
  unwarn: "roomModerator",
  pin: "roomModerator",
  unpin: "roomModerator",
  slow: "roomModerator",
  lock: "roomModerator",
  unlock: "roomModerator",
  restrict: "roomModerator",
  unrestrict: "roomModerator",
  appoint: "roomOwner",
  dismiss: "roomOwner",
  archive: "roomOwner",
  purge: "moderator",
  banGlobally: "moderator",
  unbanGlobally: "moderator",
  removeAvatar: "moderator",
} as const satisfies Record<string, ChatRole>;

export type ModerationKind = keyof typeof MODERATION;
export const MODERATION_KINDS = Object.keys(MODERATION) as ModerationKind[];

/** What still makes sense where nobody talks any more. */
const IN_ARCHIVE: readonly (FanAction | ModerationKind)[] = [
  "deleteOwn",
  "report",
  "delete",
  "purge",
  "banGlobally",
  "unbanGlobally",
  "removeAvatar",
];

export type Refusal =
  | "signIn"
  | "forbidden"
  | "roomArchived"
  | "roomLocked"
  | "reactionsOnly"
  | "ownCase"
  | "superior";

export function permission(
  role: ChatRole,
  action: FanAction | ModerationKind,
  state: RoomState,
): "allowed" | Refusal {
  if (role === "anonymous") return "signIn";
  const needed: ChatRole = action in MODERATION ? MODERATION[action as ModerationKind] : "fan";
  if (isBelow(role, needed)) return "forbidden";
  if (state === "archived") return IN_ARCHIVE.includes(action) ? "allowed" : "roomArchived";
  if (!isBelow(role, "roomModerator")) return "allowed";
  const speaks = action === "post" || action === "edit";
  if (state === "locked" && (speaks || action === "react")) return "roomLocked";
  if (state === "reactionsOnly" && speaks) return "reactionsOnly";
  return "allowed";
}

/** Whether `actor` may act on `target` at all, whatever it is. */
export function permissionOver(
  actor: { user: string; role: ChatRole },
  target: { user: string; role: ChatRole },
): "allowed" | "ownCase" | "superior" {
  if (actor.user === target.user) return "ownCase";
  return isBelow(target.role, actor.role) ? "allowed" : "superior";
}

export function isBelow(role: ChatRole, other: ChatRole): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(other);
}

/** The higher of two roles that one user has. */
export function higher(a: ChatRole, b: ChatRole): ChatRole {
  return isBelow(a, b) ? b : a;
}
