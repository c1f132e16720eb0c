/**
 * What rooms keep beside their ledgers, put together from the stores of a
 * process: the way into SQL, and the bodies of messages.
 */
import { ChatRecords } from "../db/sql/chat_records.ts";
import { HistoryWriter } from "../db/sql/history_writer.ts";
import { RoomBodies } from "../db/sql/room_bodies.ts";
import { RoomHistory } from "../db/sql/room_history.ts";
import { limits } from "../runtime/limits.ts";
import type { HotStores, SqlStores } from "./stores.ts";
import type { Parts } from "./wiring.ts";

export function roomStores(
  { bodies: hot }: HotStores,
  { chat: store }: SqlStores,
  fenceOf: (roomId: string) => number | null,
  parts: Parts,
) {
  const writer = new HistoryWriter({
    ...parts,
    records: new ChatRecords(store, hot),
    flushEntriesMax: limits.chatFlushEntriesMax,
    gatherMs: limits.chatGatherMs,
  });
  const history = new RoomHistory(store, writer);
  return { store, history, bodies: new RoomBodies({ hot, store, history, fenceOf }) };
}
