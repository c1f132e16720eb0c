/**
 * What happens in the global log of moderation, and what it is asked.
 *
 * Bans that hold in every room, purges in all of them, avatars: who asks is what
 * a checked token said; what they may do, the log decides.
 */
import type { Committed } from "../actor_definition.ts";
import type { AuditRow } from "./audit_chain.ts";
import type { ActionRequest } from "./moderation_action.ts";
import type { ChatRole } from "./permission_rules.ts";

/** There is one for all rooms: its id, and the name of its chain. */
export const GLOBAL_LOG = "global";

export interface Steward {
  user: string;
  role: Extract<ChatRole, "anonymous" | "fan" | "moderator" | "operator">;
}

/** The same `clientId` of the same user again is the same wish. */
export type GlobalWish =
  | {
    kind: "moderate";
    clientId: string;
    request: ActionRequest;
    /** What accounts say of the user that it is about. */
    targetRole: Steward["role"];
    /** What the action is to change, where that is not the log's to know: an avatar's name. */
    found?: string;
  }
  | { kind: "undo"; clientId: string; action: number; reason: string; targetRole: Steward["role"] };

export type GlobalDelivery =
  & { receivedAt: number; trace?: string }
  & (
    | { from: Steward; wish: GlobalWish }
    /** Its owner's household: the purge has reached so many rooms, and there is none left. */
    | { from: null; wish: { kind: "purged"; action: number; rooms: number } }
  );

export type GlobalEntryBody =
  /** `said` names the client's wish, so that it is known when it comes again. */
  | { type: "action.taken"; row: AuditRow; said: string }
  | { type: "purge.carried"; action: number; rooms: number }
  | { type: "entry.quarantined"; seq: number; reason: string };

export type GlobalEntryType = GlobalEntryBody["type"];
export type GlobalEntry = Committed<GlobalEntryBody>;
