/**
 * Rooms, wherever their owners are.
 *
 * Whoever asks has checked the token and no more: texts come as they were
 * written, and the room's owner moderates, keeps and decides. Everything may be
 * asked again: a wish is known by its client id, the rest changes nothing the
 * second time. Texts are only in answers here, never in what a store keeps.
 */
import type { ActionRequest } from "../moderation/moderation_action.ts";
import type { AuditRow, ChainHead } from "../moderation/audit_chain.ts";
import type { RoomState } from "../moderation/permission_rules.ts";
import type { ReportReason } from "../moderation/report_queue.ts";
import type { Badge } from "../room/chat_op.ts";
import type { Stamp } from "../room/hybrid_clock.ts";
import type { ReactionCount } from "../room/reaction_tally.ts";
import type { Sender } from "../room/room_delivery.ts";
import type { RoomFacts } from "../room/room_entry.ts";
import type { RoomFace } from "../room/room_face.ts";
import type { Standings } from "../room/standings.ts";

export type RoomWish =
  | {
    kind: "post";
    clientId: string;
    /** As it was written; may be empty beside a sticker. */
    text: string;
    sticker: string | null;
    replyTo: Stamp | null;
    /** Users. */
    mentions: string[];
  }
  | { kind: "edit"; clientId: string; target: Stamp; text: string; mentions: string[] }
  | { kind: "deleteOwn"; target: Stamp }
  | { kind: "react"; target: Stamp; reaction: string | null }
  | { kind: "report"; target: Stamp; why: ReportReason }
  | {
    kind: "moderate";
    clientId: string;
    request: ActionRequest;
    /** What accounts say of the user that it is about. */
    targetRole: Sender["role"];
  }
  | { kind: "undo"; clientId: string; action: number; reason: string; targetRole: Sender["role"] };

export interface RoomCommand {
  /** As the checked token says. */
  from: Omit<Sender, "isBanned">;
  wish: RoomWish;
}

export type RoomAnswer =
  /**
   * `made`: the message's id, or `action 7`; also where the wish was granted
   * before. `held`: it waits for a moderator.
   */
  | { outcome: "ok"; made?: string; held?: true }
  | { outcome: "refused"; code: string; reason: string; retryAfterMs?: number };

export interface RoomMessage {
  id: Stamp;
  user: string;
  text: string;
  at: number;
  /** As its author sent it. */
  clientId: string;
  replyTo: Stamp | null;
  sticker: string | null;
  mentions: string[];
  badge: Badge | null;
  edited: boolean;
  reactions: Record<string, number>;
}

/** It was there, and is not any more. */
export interface RemovedMessage {
  id: Stamp;
  gone: true;
}

export interface RoomPage {
  /** Oldest first. */
  messages: (RoomMessage | RemovedMessage)[];
  /** Where to go on towards the past; null: here is nothing older. */
  before: Stamp | null;
}

/** The room at an offset of its channel. */
export interface RoomWhole {
  face: RoomFace;
  /** The last ones, oldest first. */
  messages: RoomMessage[];
  offset: number;
}

export interface HeldItem {
  id: Stamp;
  user: string;
  /** Null: its body is gone. */
  text: string | null;
  at: number;
  wasPublished: boolean;
  status: "waiting" | "rejected";
  /** What held it; empty: a moderator. */
  rule: string;
}

export interface ReportedItem {
  message: Stamp;
  user: string;
  text: string | null;
  why: ReportReason;
  reporters: number;
  firstAt: number;
}

/** What waits for moderators. */
export interface RoomQueue {
  held: HeldItem[];
  /** The most urgent first. */
  reported: ReportedItem[];
}

export interface RoomAudit {
  /** Newest first. */
  rows: AuditRow[];
  /** Where to go on towards the past: rows before this number. Null: none. */
  before: number | null;
  /** As the room itself has it. */
  head: ChainHead;
}

/** A room that somebody made, as SQL has it. */
export interface RoomRecord {
  id: string;
  title: string;
  matchId: string | null;
  /** Null: an operator's room. */
  owner: string | null;
  /** Needed to join and to read; null: everybody may. */
  inviteCode: string | null;
  createdAt: number;
}

/** What of a room changes by the minute, for who watches many. */
export interface RoomPulse {
  id: string;
  title: string;
  state: RoomState;
  /** Of the last minute. */
  postsPerMinute: number;
  held: number;
  reported: number;
}

/** Who may do what in a room just now, for who must refuse what its owner is not asked about. */
export interface RoomOrder {
  state: RoomState;
  room: RoomFacts;
  standings: Standings;
}

/** @throws {Failure} retryable where the owner is away: `ownerUnavailable`, `roomUnavailable`. */
export interface Rooms {
  command(room: string, command: RoomCommand): Promise<RoomAnswer>;
  /** Reactions to the room itself, counted by a gateway: told once a second, never kept. */
  cheer(room: string, counts: ReactionCount[]): Promise<void>;
  /** Messages before `before`, or the newest. Null: there is no such room. */
  page(
    room: string,
    ask: { before: Stamp | null; limit: number },
  ): Promise<RoomPage | null>;
  /** Null: there is no such room. */
  whole(room: string): Promise<RoomWhole | null>;
  /** Of the channel's history, which holds no texts; null: removed, held, or long ago. */
  bodies(room: string, messages: Stamp[]): Promise<(RoomMessage | null)[]>;
  queue(room: string): Promise<RoomQueue | null>;
  audit(
    room: string,
    ask: { before: number | null; limit: number },
  ): Promise<RoomAudit | null>;
  pulse(room: string): Promise<RoomPulse | null>;
  order(room: string): Promise<RoomOrder | null>;
  /** `record.id` is the caller's: the same one again from the same owner is the same room. */
  create(record: Omit<RoomRecord, "createdAt">): Promise<RoomAnswer>;
  /** Null: nobody made it, as a match's room, or there is none. */
  find(room: string): Promise<RoomRecord | null>;
}
