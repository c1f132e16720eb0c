/**
 * An entry of a room's ledger as the rows that SQL keeps of it: the entry, and
 * the bodies that it names.
 */
import type { Committed } from "../../actors/actor_definition.ts";
import { type ChatOp, targetOf } from "../../actors/room/chat_op.ts";
import type { RoomEntryBody } from "../../actors/room/room_entry.ts";
import type { ChatBodyTable } from "./tables/chat_body.ts";
import type { ChatOpTable } from "./tables/chat_op.ts";

/** An entry on its way into SQL; `body` is its JSON. */
export interface ChatLine {
  seq: number;
  recordedAt: number;
  body: string;
}

export type NamedBody = Omit<ChatBodyTable, "room_id" | "bytes">;

export function lineOf({ seq, recordedAt, body }: Committed<RoomEntryBody>): ChatLine {
  return { seq, recordedAt, body: JSON.stringify(body) };
}

export function committed({ seq, recordedAt, body }: ChatLine): Committed<RoomEntryBody> {
  return { seq, recordedAt, body: JSON.parse(body) };
}

export function rowOf(
  roomId: string,
  fence: number,
  line: ChatLine,
  entry: RoomEntryBody,
): ChatOpTable {
  // An entry carries one op at most.
  const [op] = opsOf(entry);
  return {
    ...{ room_id: roomId, seq: line.seq, fence, type: entry.type },
    op: op?.kind ?? null,
    stamp: op?.stamp ?? null,
    target: op === undefined ? null : targetOf(op),
    by: op?.by ?? null,
    ...{ said_at: line.recordedAt, body: line.body },
  };
}

export function opsOf(entry: RoomEntryBody): ChatOp[] {
  if (entry.type === "op.applied") return [entry.op];
  return entry.type === "action.taken" ? entry.ops : [];
}

export function bodiesOf(entry: RoomEntryBody): NamedBody[] {
  if (entry.type === "message.held") {
    const { id: message, by: author, body: { key } } = entry.item;
    return [{ key, message, author }];
  }
  return opsOf(entry).flatMap((op) => {
    if (op.kind !== "post" && op.kind !== "edit") return [];
    return [{ key: op.body.key, message: targetOf(op)!, author: op.by }];
  });
}

/** Of a room's chain. */
export function auditOwner(roomId: string): string {
  return `room ${roomId}`;
}
