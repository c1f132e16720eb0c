/**
 * Finds messages by their id or their author in what rooms have in memory, and
 * the users who wrote them.
 *
 * A look at pages, not an index: a moderator asks for it by hand, and a room's
 * memory is ten pages.
 */
import type { RoomMessage, Rooms } from "../../actors/ports/rooms.ts";
import { limits } from "../../runtime/limits.ts";

export interface RoomFindings {
  /** Who wrote something that is found, with how much of it. */
  users: { user: string; messages: number }[];
  /** The newest first. */
  messages: (RoomMessage & { room: string })[];
}

const PAGES_MAX = limits.roomMessagesMax / limits.roomPageMax;

export async function searchRooms(
  rooms: Pick<Rooms, "page">,
  ids: string[],
  text: string,
): Promise<RoomFindings> {
  const wanted = text.toLowerCase();
  const isFound = ({ id, user }: RoomMessage) => id === text || user.toLowerCase().includes(wanted);
  const messages: RoomFindings["messages"] = [];
  for (const room of ids) {
    messages.push(
      ...(await memoryOf(rooms, room)).filter(isFound).map((one) => ({ ...one, room })),
    );
  }
  const counts = new Map<string, number>();
  for (const { user } of messages) counts.set(user, (counts.get(user) ?? 0) + 1);
  return {
    users: [...counts].map(([user, count]) => ({ user, messages: count })),
    messages: messages.sort((a, b) => b.at - a.at).slice(0, limits.roomPageMax),
  };
}

async function memoryOf(rooms: Pick<Rooms, "page">, room: string): Promise<RoomMessage[]> {
  const found: RoomMessage[] = [];
  let before: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page = await rooms.page(room, { before, limit: limits.roomPageMax });
    if (page === null) break;
    found.push(...page.messages.filter((one): one is RoomMessage => !("gone" in one)));
    before = page.before;
    if (before === null) break;
  }
  return found;
}
