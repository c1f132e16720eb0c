/**
 * Gives the posts of a room's history back the texts that the history does not
 * hold, as they are now: what was edited since says the new, what was removed
 * keeps its place and says nothing.
 */
import type { Rooms } from "../actors/ports/rooms.ts";
import { encodeMessageAt } from "./encode_room.ts";
import type { Publication } from "./publication.ts";

/** @throws {Failure} retryable where the room's owner is away. */
export async function filled(
  rooms: Pick<Rooms, "bodies">,
  room: string,
  publications: Publication[],
): Promise<Publication[]> {
  const ids = [...new Set(publications.flatMap((one) => messageOf(one) ?? []))];
  if (ids.length === 0) return publications;
  const messages = await rooms.bodies(room, ids);
  const byId = new Map(ids.map((id, at) => [id, messages[at] ?? null]));
  return publications.map((publication) => {
    const id = messageOf(publication);
    if (id === null) return publication;
    const body = encodeMessageAt(publication.offset!, byId.get(id) ?? null);
    return { ...publication, body };
  });
}

/** The message that a kept post or edit is about; null: it is complete as it is. */
function messageOf({ offset, lane, key }: Publication): string | null {
  if (offset === null || key === "" || lane === "moderation") return null;
  return key.slice(0, key.indexOf(" "));
}
