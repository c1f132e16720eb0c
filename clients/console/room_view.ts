/**
 * One room at work: its state, what waits and what is said, and the actions on
 * the message where the moderator is.
 */
import { element } from "../web/dom.ts";
import { clockText } from "../web/kickoff_text.ts";
import { ACTION_KEYS, type ActionKey, messageAction, roomAction } from "./action_keys.ts";
import { actionButton, keyView, moreButton, reasonField } from "./frame_view.ts";
import type { RoomPulse } from "./mod_api.ts";
import type { DeskItem, RoomDesk } from "./room_desk.ts";
import { stateText } from "./room_list_view.ts";

const KINDS: Record<DeskItem["kind"], string> = {
  held: "Held",
  reported: "Reported",
  live: "Seen by all",
  rejected: "Rejected",
};

export function roomView(desk: RoomDesk, pulse: RoomPulse | undefined): HTMLElement {
  const { store, items, item, id } = desk;
  const { state } = store.picture;
  const mode = state?.mode ?? pulse?.state ?? "";
  const title = state?.name || pulse?.title || id;
  const pinned = new Set(state?.pinned ?? []);
  return element(
    "section",
    { class: "panel room-desk", key: `desk-${id}`, "aria-label": title },
    element("a", { class: "back", href: "#/" }, "All rooms"),
    element("h1", { class: "title", tabindex: -1 }, title),
    element(
      "p",
      { class: "facts", "data-testid": "room-state" },
      element("span", { class: "tag" }, stateText(mode)),
      state && state.slowMs > 0 &&
        element("span", {}, `one message every ${Math.round(state.slowMs / 1_000)} s`),
      pulse && element("span", {}, `${pulse.postsPerMinute} a minute`),
      element("span", {}, `${desk.items.filter(({ kind }) => kind === "held").length} held`),
      element("span", {}, `${desk.queue?.reported.length ?? 0} reported`),
    ),
    element(
      "div",
      { class: "actions", role: "group", "aria-label": "Room" },
      ...roomActions(mode).map(actionButton),
      element(
        "a",
        { class: "button", href: `#/audit/${encodeURIComponent(`room ${id}`)}` },
        "Audit ",
        keyView("t"),
      ),
      reasonField(),
    ),
    element(
      "ol",
      { class: "items", "aria-label": "Messages, the most urgent first", "data-testid": "items" },
      ...items.map((one) => itemView(one, one.id === item?.id, pinned.has(one.id))),
      items.length === 0 &&
        element("li", { class: "empty" }, desk.queue === null ? "Loading…" : "Nothing waits here"),
    ),
    desk.moreText !== null && moreButton(desk.moreText),
  );
}

function itemView(item: DeskItem, isCurrent: boolean, isPinned: boolean): HTMLElement {
  const { kind, id, user, text, at, note } = item;
  return element(
    "li",
    {
      key: `item-${id}`,
      class: `item ${kind}`,
      tabindex: isCurrent ? 0 : -1,
      "aria-current": isCurrent ? "true" : null,
      "data-item": id,
      "data-testid": `item-${kind}`,
    },
    element(
      "p",
      { class: "item-head" },
      element("span", { class: `tag ${kind}` }, KINDS[kind], note !== "" && `: ${note}`),
      isPinned && element("span", { class: "tag" }, "Pinned"),
      element("b", {}, user),
      element("time", {}, clockText(at)),
    ),
    element(
      "p",
      { class: text === null ? "item-text gone" : "item-text" },
      text === null ? "Its text is gone" : text === "" ? "A sticker" : text,
    ),
    isCurrent && element(
      "div",
      { class: "actions", role: "group", "aria-label": "Actions" },
      ...actionsFor(item, isPinned).map(actionButton),
      element(
        "a",
        { class: "button", href: `#/user/${encodeURIComponent(user)}` },
        "Case ",
        keyView("c"),
      ),
    ),
  );
}

export function roomActions(state: string): ActionKey[] {
  return ACTION_KEYS.filter(({ about }) => about === "room")
    .flatMap((action) => roomAction(action, state) ?? []);
}

/** What makes sense for a message as it is. */
export function actionsFor({ kind }: DeskItem, isPinned: boolean): ActionKey[] {
  const useless: Record<DeskItem["kind"], string[]> = {
    held: ["hold", "pin"],
    reported: ["reject"],
    live: ["approve", "reject"],
    rejected: ["reject", "pin", "approve"],
  };
  return ACTION_KEYS.filter(({ about, action, isInCase }) =>
    about !== "room" && !isInCase && !useless[kind].includes(action)
  ).map((action) => messageAction(action, isPinned));
}
