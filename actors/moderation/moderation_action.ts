/**
 * What moderators do, and how it is undone.
 *
 * An action changes one thing, and its record says what that was before and is
 * after. So to undo is to act again, the other way, and only while the thing
 * still is what the action made it: whoever acted since is not overruled by
 * accident. A delete and a purge remove for good; a purge asks once more.
 */
import { limits } from "../../runtime/limits.ts";
import { type ChatRole, MODERATION_KINDS, type ModerationKind } from "./permission_rules.ts";

export interface ActionRequest {
  kind: ModerationKind;
  /** A message, a user, or empty: the room. */
  target: string;
  reason: string;
  /** Of a mute or a ban, milliseconds since 1970; 0: without end. */
  until?: number;
  /** Of slow mode: 0 ends it. */
  seconds?: number;
  /** A purge is meant. */
  confirm?: boolean;
}

/** What an action changes: absent, or a plain value. */
export type Facet = null | boolean | number | string;

export interface Action {
  /** In its owner's log, from 1. */
  number: number;
  /** Milliseconds since 1970. */
  at: number;
  actor: { user: string; role: ChatRole };
  kind: ModerationKind;
  target: string;
  reason: string;
  before: Facet;
  after: Facet;
  /** The action that this one takes back. */
  undoes: number | null;
}

const INVERSE: Partial<Record<ModerationKind, ModerationKind>> = {
  hold: "approve",
  approve: "hold",
  reject: "hold",
  mute: "unmute",
  unmute: "mute",
  ban: "unban",
  unban: "ban",
  banGlobally: "unbanGlobally",
  unbanGlobally: "banGlobally",
  warn: "unwarn",
  unwarn: "warn",
  pin: "unpin",
  unpin: "pin",
  slow: "slow",
  lock: "unlock",
  unlock: "lock",
  restrict: "unrestrict",
  unrestrict: "restrict",
  appoint: "dismiss",
  dismiss: "appoint",
};

const ABOUT_MESSAGE: readonly ModerationKind[] = [
  "delete",
  "hold",
  "approve",
  "reject",
  "pin",
  "unpin",
];
const ABOUT_ROOM: readonly ModerationKind[] = [
  "slow",
  "lock",
  "unlock",
  "restrict",
  "unrestrict",
  "archive",
];
const GLOBAL: readonly ModerationKind[] = ["banGlobally", "unbanGlobally", "removeAvatar"];
const TIMED: readonly ModerationKind[] = ["mute", "ban", "banGlobally"];

export function isAbout(kind: ModerationKind): "message" | "room" | "user" {
  if (ABOUT_MESSAGE.includes(kind)) return "message";
  return ABOUT_ROOM.includes(kind) ? "room" : "user";
}

/** Whether it is the global log's alone, as it holds in every room. */
export function isGlobal(kind: ModerationKind): boolean {
  return GLOBAL.includes(kind);
}

/** The action that takes one of this kind back; undefined: nothing does. */
export function inverseKind(kind: ModerationKind): ModerationKind | undefined {
  return INVERSE[kind];
}

/** Why a request cannot be an action of anybody; null where it can. */
export function problemOf(
  { kind, target, reason, until = 0, seconds, confirm }: ActionRequest,
  now: number,
): { code: "malformed" | "confirmNeeded"; reason: string } | null {
  const malformed = (why: string) => ({ code: "malformed" as const, reason: why });
  if (!MODERATION_KINDS.includes(kind)) return malformed(`there is no action ${kind}`);
  if (target === "" && isAbout(kind) !== "room") return malformed(`${kind} needs a target`);
  if (target.length > limits.subjectCharsMax) {
    return malformed(`a target has at most ${limits.subjectCharsMax} characters`);
  }
  if (reason.length > limits.moderationReasonCharsMax) {
    return malformed(`a reason has at most ${limits.moderationReasonCharsMax} characters`);
  }
  if (TIMED.includes(kind) && !(Number.isSafeInteger(until) && (until === 0 || until > now))) {
    return malformed(`${kind} needs an end that is to come, found ${until}`);
  }
  if (kind === "mute" && until === 0) return malformed("a mute needs an end: a ban may have none");
  const slowest = limits.slowSecondsMax;
  if (kind === "slow" && !(Number.isInteger(seconds) && seconds! >= 0 && seconds! <= slowest)) {
    return malformed(`slow mode needs 0 to ${slowest} seconds, found ${seconds}`);
  }
  if (kind === "purge" && confirm !== true) {
    return { code: "confirmNeeded", reason: "a purge cannot be undone: say so once more" };
  }
  return null;
}

/** The request that takes an action back; null where nothing can. */
export function inverseOf(action: Action, reason: string): ActionRequest | null {
  const { kind, before } = action;
  const inverse = inverseKind(kind);
  if (inverse === undefined) return null;
  // An approved message has the name under which it was published then.
  const target = kind === "approve" ? String(action.after) : action.target;
  const request: ActionRequest = { kind: inverse, target, reason };
  if (kind === "slow") return { ...request, seconds: Number(before) };
  if (kind === "unmute" || kind === "unban" || kind === "unbanGlobally") {
    return { ...request, until: Number(before ?? 0) };
  }
  return request;
}
