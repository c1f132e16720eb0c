/**
 * What a room is asked: by a fan or a moderator at some gateway, or by the
 * household of its owner.
 *
 * Who asks is what a checked token said; what they may do, the room decides. A
 * body is kept before the room is asked (room_posts.ts) and comes as a reference.
 */
import { createHash } from "node:crypto";
import { limits } from "../../runtime/limits.ts";
import { canonicalJson } from "../moderation/canonical_json.ts";
import type { ActionRequest } from "../moderation/moderation_action.ts";
import type { ChatRole } from "../moderation/permission_rules.ts";
import type { ReportReason } from "../moderation/report_queue.ts";
import type { BodyRef, ChatOp } from "./chat_op.ts";
import type { Stamp } from "./hybrid_clock.ts";
import type { PaceMoment } from "./pace_rules.ts";
import type { RoomFacts, Verdict } from "./room_entry.ts";

export interface Sender {
  user: string;
  /** By the token, for all rooms. */
  role: Extract<ChatRole, "anonymous" | "fan" | "moderator" | "operator">;
  /** In every room; the owner's process keeps that roll. */
  isBanned: boolean;
}

/** The same `clientId` of the same user again is the same wish. */
export type FanCommand =
  | {
    kind: "post";
    clientId: string;
    body: BodyRef;
    replyTo: Stamp | null;
    mentions: string[];
    verdict: Verdict;
  }
  | {
    kind: "edit";
    clientId: string;
    target: Stamp;
    body: BodyRef;
    mentions: string[];
    verdict: Verdict;
  }
  | { kind: "deleteOwn"; target: Stamp }
  | { kind: "react"; target: Stamp; reaction: string | null }
  | { kind: "report"; target: Stamp; why: ReportReason }
  | {
    kind: "moderate";
    clientId: string;
    request: ActionRequest;
    /** What accounts say of the user that it is about; the room knows its own roles. */
    targetRole: Sender["role"];
  }
  | { kind: "undo"; clientId: string; action: number; reason: string; targetRole: Sender["role"] };

export type OwnerCommand =
  | { kind: "open"; room: RoomFacts }
  | {
    kind: "pace";
    moment: PaceMoment;
    /** When the match's owner recorded it. */
    at: number;
    /** The match's ledger seq that it was seen in. */
    matchSeq: number;
    /** Seen by somebody who had not looked before: it counts unless the room heard as much. */
    isFirstLook: boolean;
  }
  /** The store has removed what these entries asked for. */
  | { kind: "erased"; seqs: number[] }
  /** Decided by this room's owner in another region. */
  | { kind: "foreign"; op: ChatOp };

export type RoomDelivery =
  & { receivedAt: number; trace?: string }
  & ({ from: Sender; command: FanCommand } | { from: null; command: OwnerCommand });

/** Asked three times in a row for each post. No more than one: what a client chose is not kept. */
let last: { user: string; clientId: string; key: string } | null = null;

/** Names a wish of a client without saying what the client called it. */
export function wishKey(user: string, clientId: string): string {
  if (last?.clientId === clientId && last.user === user) return last.key;
  const digest = createHash("sha256").update(`${user}\n${clientId}`).digest("base64url");
  last = { user, clientId, key: digest.slice(0, 16) };
  return last.key;
}

export function isClientId(text: string): boolean {
  return text.length <= limits.clientIdCharsMax && /^[A-Za-z0-9_-]+$/.test(text);
}

export function deliveryKey({ from, command }: RoomDelivery): string {
  return `${from?.user ?? "owner"} ${canonicalJson(command)}`;
}
