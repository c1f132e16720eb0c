/**
 * A room that somebody makes: whether it may be, and its row in SQL. Asked again
 * by the same owner it is the same room.
 */
import { Ledger } from "../actors/ledger.ts";
import type { RoomAnswer, RoomRecord } from "../actors/ports/rooms.ts";
import type { ChatStore } from "../db/sql/chat_store.ts";
import { isChannelId } from "../protocol/channel_name.ts";
import { limits } from "../runtime/limits.ts";
import type { RoomParts } from "./room_owner.ts";

export async function makeRoom(store: ChatStore, record: RoomRecord): Promise<RoomAnswer> {
  const { id, title, owner } = record;
  if (!isChannelId(id) || title.trim() === "" || title.length > limits.roomTitleCharsMax) {
    const needed = `needed an id and a title of up to ${limits.roomTitleCharsMax} characters`;
    return refused("malformed", `Cannot open this room: ${needed}`);
  }
  const made = await store.create(record);
  return made.owner === owner
    ? { outcome: "ok", made: id }
    : refused("roomExists", `Cannot open ${id}: it is another's`);
}

/** Whether anything was ever said to it. @throws {Failure} where a store is away. */
export async function isBegun(
  { stream, definition, history }: Pick<RoomParts, "stream" | "definition" | "history">,
  room: string,
): Promise<boolean> {
  const position = await new Ledger(stream, definition.kind, room).position();
  return (position?.top ?? 0) > 0 || await history.top(room) > 0;
}

export function unknownRoom(): RoomAnswer {
  return refused("unknownRoom", "Cannot find that room");
}

function refused(code: string, reason: string): RoomAnswer {
  return { outcome: "refused", code, reason };
}
