/**
 * What happens in a room, as its ledger has it: JSON, ids and digests, never
 * what somebody wrote.
 */
import type { Committed } from "../actor_definition.ts";
import type { AuditRow } from "../moderation/audit_chain.ts";
import type { Report } from "../moderation/report_queue.ts";
import type { BodyRef, ChatOp } from "./chat_op.ts";
import type { PaceMoment } from "./pace_rules.ts";
import type { Stamp } from "./hybrid_clock.ts";

export interface RoomFacts {
  title: string;
  /** The match that it is about. */
  matchId: string | null;
  /** Null: nobody in particular, as a match's room. */
  owner: string | null;
}

/** What the text pipeline says of a post. */
export interface Verdict {
  outcome: "allow" | "hold" | "block" | "shadow";
  rule: string;
  listVersion: string;
}

/** A message that waits for a moderator, or that one has turned down. */
export interface HeldMessage {
  /** Its name in the conversation too, where it was published before. */
  id: Stamp;
  by: string;
  body: BodyRef;
  replyTo: Stamp | null;
  mentions: string[];
  wasPublished: boolean;
  status: "waiting" | "rejected";
  /** What held it; empty: a moderator. */
  rule: string;
  listVersion: string;
}

export type RoomEntryBody =
  | { type: "room.opened"; room: RoomFacts }
  /** `said` names the client's wish, so that it is known when it comes again. */
  | { type: "op.applied"; op: ChatOp; said: string | null }
  | { type: "message.held"; item: HeldMessage; said: string }
  /** Its author alone believes that it was posted. */
  | { type: "message.shadowed"; id: Stamp; by: string; key: string; verdict: Verdict; said: string }
  | { type: "message.reported"; report: Report }
  /** With the ops that carry it out, and the message that it puts into the queue. */
  | { type: "action.taken"; row: AuditRow; ops: ChatOp[]; item: HeldMessage | null; said: string }
  | { type: "pace.slowed"; because: PaceMoment; until: number; matchSeq: number }
  | { type: "pace.calmed" }
  | { type: "standings.expired"; users: string[]; at: number }
  /** By the entries that asked for it. */
  | { type: "bodies.erased"; seqs: number[] }
  | { type: "entry.quarantined"; seq: number; reason: string };

export type RoomEntryType = RoomEntryBody["type"];
export type RoomEntry = Committed<RoomEntryBody>;
