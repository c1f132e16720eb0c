/**
 * The rooms that are open, the ones with most to look at first.
 */
import { element } from "../web/dom.ts";
import type { RoomPulse } from "./mod_api.ts";

const STATES: Record<string, string> = {
  open: "Open",
  slow: "Slow",
  reactionsOnly: "Reactions only",
  locked: "Locked",
  archived: "Archived",
};

export function stateText(state: string): string {
  return STATES[state] ?? state;
}

export function roomListView(rooms: readonly RoomPulse[] | null, current: string): HTMLElement {
  return element(
    "section",
    { class: "panel rooms", key: "rooms", "aria-label": "Rooms" },
    element(
      current === "" ? "h1" : "h2",
      { class: "title", tabindex: -1 },
      "Rooms",
    ),
    rooms === null ? element("p", { class: "empty" }, "Loading the rooms…") : element(
      "ul",
      { "data-testid": "rooms" },
      ...rooms.map((room) => roomView(room, room.id === current)),
      rooms.length === 0 && element("li", { class: "empty" }, "No room is open"),
    ),
    element(
      "p",
      { class: "actions" },
      element("a", { class: "button", href: "#/audit/global" }, "Audit of what holds everywhere"),
    ),
  );
}

function roomView(room: RoomPulse, isCurrent: boolean): HTMLElement {
  const { id, title, state, postsPerMinute, held, reported } = room;
  return element(
    "li",
    { key: `room-${id}` },
    element(
      "a",
      {
        href: `#/room/${id}`,
        class: held + reported > 0 ? "room waits" : "room",
        "aria-current": isCurrent ? "page" : null,
        "data-room": id,
        "data-testid": `room-${id}`,
      },
      element("b", {}, title || id),
      element(
        "span",
        { class: "facts" },
        element("span", {}, stateText(state)),
        element("span", {}, `${postsPerMinute} a minute`),
      ),
      element(
        "span",
        { class: "counts" },
        held > 0 && element("span", { class: "tag held" }, `${held} held`),
        reported > 0 && element("span", { class: "tag reported" }, `${reported} reported`),
      ),
    ),
  );
}
