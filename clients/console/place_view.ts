/** What stands beside the list of rooms: a room at work, a case, an audit, a search. */
import { auditView, caseView } from "./case_view.ts";
import type { RoomPulse } from "./mod_api.ts";
import type { PagedPlace, Place } from "./paged_place.ts";
import type { RoomDesk } from "./room_desk.ts";
import { roomView } from "./room_view.ts";
import { searchView } from "./search_view.ts";

export interface PlaceLook {
  place: Place;
  rooms: readonly RoomPulse[] | null;
  desk: RoomDesk | null;
  paged: PagedPlace | null;
  /** Looked at last: a case is of somebody there; empty: none. */
  lastRoom: string;
  /** Counts what may have changed pictures; null: there is none to be had. */
  pictures: number | null;
}

export function placeViews(look: PlaceLook): HTMLElement[] {
  const { place: { kind, id }, rooms, desk, paged, pictures } = look;
  switch (kind) {
    case "room":
      return desk ? [roomView(desk, rooms?.find((room) => room.id === id))] : [];
    case "user": {
      const path = `/api/users/${encodeURIComponent(id)}/avatar?size=128&v=${pictures}`;
      const picture = pictures === null ? "" : path;
      return [caseView({ found: paged?.case ?? null, user: id, room: roomOfCase(look), picture })];
    }
    case "audit":
      return [auditView(paged?.audit ?? null, id)];
    case "search":
      return [searchView(paged?.findings ?? null, id)];
    default:
      return [];
  }
}

/** Where the moderator comes from, or where something was done to this user last. */
export function roomOfCase(
  { rooms, paged, lastRoom }: Pick<PlaceLook, "rooms" | "paged" | "lastRoom">,
): { id: string; title: string } | null {
  const { owner } = paged?.case?.actions.find(({ owner }) => owner.startsWith("room ")) ?? {};
  const id = lastRoom || owner?.slice("room ".length);
  return id ? { id, title: rooms?.find((room) => room.id === id)?.title || id } : null;
}
