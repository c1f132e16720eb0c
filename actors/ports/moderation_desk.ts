/**
 * The global log of moderation, wherever its owner is, and the audit of all logs.
 *
 * Whoever asks has checked the token and no more: the owner decides again.
 * Everything may be asked again, as a wish is known by its client id.
 */
import type { AuditRow } from "../moderation/audit_chain.ts";
import type { GlobalWish, Steward } from "../moderation/global_log_entry.ts";
import type { RoomAnswer } from "./rooms.ts";

export interface AuditedAction {
  /** Whose log it is in: `room <id>`, or `global`. */
  owner: string;
  row: AuditRow;
}

export interface AuditPage {
  /** Newest first. */
  actions: AuditedAction[];
  /** Where to go on towards the past; null: here is nothing older. */
  before: number | null;
}

/** What SQL has of every owner's chain. */
export interface AuditTrail {
  /** Rows of one owner before that number. */
  page(ask: { owner: string; before: number | null; limit: number }): Promise<AuditPage>;
  /** What was done to a user, over all owners; `before` is a time. */
  ofUser(ask: { user: string; before: number | null; limit: number }): Promise<AuditPage>;
}

/** @throws {Failure} retryable where the owner or its SQL is away. */
export interface ModerationDesk extends AuditTrail {
  /** `made`: `action 7`; also where the wish was granted before. */
  command(from: Steward, wish: GlobalWish): Promise<RoomAnswer>;
}
