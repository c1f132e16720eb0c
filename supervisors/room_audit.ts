/**
 * A room's audit trail, newest first: the last actions from what the room itself
 * remembers, which SQL may not have yet, those before from SQL.
 */
import type { RoomAudit } from "../actors/ports/rooms.ts";
import { limits } from "../runtime/limits.ts";
import type { RoomView } from "./room_reading.ts";

export async function auditOfRoom(
  { context, store }: Pick<RoomView, "context" | "store">,
  { before, limit }: { before: number | null; limit: number },
): Promise<RoomAudit> {
  const { roomId, actions, chain: head } = context;
  const count = Math.min(limit, limits.auditPageMax);
  const rows = actions.filter(({ number }) => before === null || number < before)
    .toReversed().slice(0, count);
  const last = rows.at(-1)?.number ?? before ?? head.count + 1;
  if (rows.length < count && last > 1) {
    rows.push(...await store.auditBefore(roomId, last, count - rows.length));
  }
  const oldest = rows.at(-1)?.number ?? 1;
  return { rows, before: oldest > 1 ? oldest : null, head };
}
