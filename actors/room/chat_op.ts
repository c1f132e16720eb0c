/**
 * What can be done in a conversation, as operations that may come in any order.
 *
 * An op is named by its stamp and made by the owner of a room once it was
 * allowed; op_set.ts believes it. What a fan wrote is not in it: an op holds the
 * key and the digest of a body that lives where it can be removed
 * (ports/bodies.ts), so ops may be kept forever.
 */
import { isStamp, type Stamp } from "./hybrid_clock.ts";

/** Where a body is, and what it was when it was accepted. */
export interface BodyRef {
  key: string;
  /** Of the body's bytes, which hold a salt: it says nothing once they are gone. */
  digest: string;
}

/** Whose messages everybody gets, whatever the pace. */
export type Badge = "moderator" | "operator";

interface Made {
  /** Names the op. */
  stamp: Stamp;
  /** The user who did it. */
  by: string;
}

/** Its stamp is the message's name. */
export interface PostOp extends Made {
  kind: "post";
  body: BodyRef;
  replyTo: Stamp | null;
  /** Users. */
  mentions: string[];
  badge: Badge | null;
}
export interface EditOp extends Made {
  kind: "edit";
  target: Stamp;
  body: BodyRef;
  mentions: string[];
}
/** For good. */
export interface DeleteOp extends Made {
  kind: "delete";
  target: Stamp;
}
/** Every message and reaction of `user` up to and including `upTo`, for good. */
export interface PurgeUserOp extends Made {
  kind: "purgeUser";
  user: string;
  upTo: Stamp;
}
/** Null takes the reaction back; a user has one a message. */
export interface ReactOp extends Made {
  kind: "react";
  target: Stamp;
  reaction: string | null;
}
export interface PinOp extends Made {
  kind: "pin" | "unpin";
  target: Stamp;
  /** Who wrote it: a pin outlives the window of messages, a purge must still find it. */
  author: string;
}
/** Taken out of the conversation until somebody has looked at it, or let in again. */
export interface HoldOp extends Made {
  kind: "hold" | "release";
  target: Stamp;
}
/** Nobody speaks any more of what was posted up to `upTo`: its tombstones may go. */
export interface CollectOp extends Made {
  kind: "collect";
  upTo: Stamp;
}

export type ChatOp =
  | PostOp
  | EditOp
  | DeleteOp
  | PurgeUserOp
  | ReactOp
  | PinOp
  | HoldOp
  | CollectOp;

/** The message that an op is about; null where it is about none. */
export function targetOf(op: ChatOp): Stamp | null {
  if (op.kind === "post") return op.stamp;
  return "target" in op ? op.target : null;
}

/**
 * Whether an op can have been made by somebody who knew what it speaks of: what
 * is answered came before. Then whatever is too old to be spoken of is known by
 * the target alone.
 */
export function isCausal(op: ChatOp): boolean {
  if (!isStamp(op.stamp)) return false;
  const spokenOf = "upTo" in op ? op.upTo : "target" in op ? op.target : null;
  return spokenOf === null || (isStamp(spokenOf) && spokenOf < op.stamp);
}
