/**
 * What was done: to one user over all rooms, or by everybody in one log, newest
 * first, each with its undo while it can be taken back.
 *
 * Whether the rows hang together is shown too. That is their numbers and links;
 * their content is checked by `deno task audit verify`, where the rows are.
 */
import { element } from "../web/dom.ts";
import { clockText } from "../web/kickoff_text.ts";
import { ACTION_KEYS, type ActionKey, FINAL_ACTIONS } from "./action_keys.ts";
import { actionButton, button, moreButton, reasonField } from "./frame_view.ts";
import type { AuditPage, AuditRow, UserCase } from "./mod_api.ts";

export interface CaseLook {
  found: UserCase | null;
  user: string;
  /** Where the moderator comes from; null: no room is known to be this user's. */
  room: { id: string; title: string } | null;
  /** Of the user's picture; empty: they have none. */
  picture: string;
}

export function caseView({ found, user, room, picture }: CaseLook): HTMLElement {
  const actions = (where: string, isEverywhere: boolean) =>
    element(
      "div",
      { class: "actions", role: "group", "aria-label": where },
      element("span", { class: "where" }, where),
      ...caseActions(room !== null).filter((one) => (one.isEverywhere ?? false) === isEverywhere)
        .map(actionButton),
    );
  return element(
    "section",
    { class: "panel", key: `case-${user}` },
    element("a", { class: "back", href: room ? `#/room/${room.id}` : "#/" }, backText(room)),
    element("h1", { class: "title", tabindex: -1 }, `Case of ${user}`),
    found && element(
      "div",
      { class: "who" },
      picture === "" ? element("span", { class: "no-picture" }, "No picture") : element("img", {
        ...{ class: "picture", src: picture, alt: `Picture of ${user}`, width: 64, height: 64 },
        "data-testid": "picture",
      }),
      element("span", { class: "tag" }, found.role),
    ),
    room && actions(`In ${room.title}`, false),
    actions("Everywhere", true),
    element("p", { class: "actions" }, reasonField()),
    found ? rowsView(found) : element("p", { class: "empty" }, "Loading…"),
  );
}

/** Those of a room only where one is known. */
export function caseActions(isInRoom: boolean): ActionKey[] {
  return ACTION_KEYS.filter(({ about, isEverywhere }) =>
    about === "user" && (isInRoom || isEverywhere)
  );
}

function backText(room: CaseLook["room"]): string {
  return room ? `Back to ${room.title}` : "All rooms";
}

export function auditView(page: AuditPage | null, owner: string): HTMLElement {
  return element(
    "section",
    { class: "panel", key: `audit-${owner}` },
    element("a", { class: "back", href: "#/" }, "All rooms"),
    element("h1", { class: "title", tabindex: -1 }, `Audit of ${owner}`),
    page && element("p", { class: "chain", "data-testid": "chain" }, chainText(page)),
    page ? rowsView(page) : element("p", { class: "empty" }, "Loading…"),
  );
}

/** How far the rows of one log, newest first, hang together. */
export function chainText({ actions, before }: AuditPage): string {
  for (let at = 0; at + 1 < actions.length; at++) {
    const [row, older] = [actions[at]!.row, actions[at + 1]!.row];
    if (row.number !== older.number + 1 || row.previous !== older.hash) {
      return `Chain: broken between ${older.number} and ${row.number}`;
    }
  }
  const last = actions.at(-1)?.row.number ?? 0;
  if (before === null && last > 1) return `Chain: cut, it begins at ${last}`;
  return `Chain: ${actions.length} linked${before === null ? ", from the first on" : ""}`;
}

function rowsView({ actions, before }: AuditPage): HTMLElement {
  const undone = new Set(
    actions.flatMap(({ owner, row }) => row.undoes === null ? [] : [`${owner} ${row.undoes}`]),
  );
  return element(
    "div",
    { key: "rows" },
    element(
      "ol",
      { class: "rows", "data-testid": "rows" },
      ...actions.map(({ owner, row }) => rowView(owner, row, undone.has(`${owner} ${row.number}`))),
      actions.length === 0 && element("li", { class: "empty" }, "Nothing was done yet"),
    ),
    before !== null && moreButton("Older"),
  );
}

function rowView(owner: string, row: AuditRow, isUndone: boolean): HTMLElement {
  const { number, at, actor, kind, target, reason, before, after, undoes } = row;
  const mayUndo = !isUndone && !FINAL_ACTIONS.includes(kind);
  return element(
    "li",
    { key: `row-${owner}-${number}`, class: "row" },
    element(
      "p",
      { class: "item-head" },
      element("span", { class: "tag" }, kind),
      undoes !== null && element("span", {}, `takes back ${undoes}`),
      isUndone && element("span", {}, "taken back"),
      element("time", {}, `${new Date(at).toLocaleDateString("en-CA")} ${clockText(at)}`),
    ),
    element("p", {}, element("b", {}, target || "the room"), ` by ${actor.user} (${actor.role})`),
    element(
      "p",
      { class: "help" },
      `${facet(before)} → ${facet(after)}${reason && ` · ${reason}`}`,
    ),
    element("p", { class: "help" }, `${owner}, ${number} · ${row.hash.slice(0, 12)}`),
    mayUndo && button(
      "undo-row",
      {
        "data-owner": owner,
        "data-number": number,
        "aria-label": `Undo ${kind} of ${target || "the room"}`,
      },
      "Undo",
    ),
  );
}

/** What an action changed, in a word. */
function facet(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (value === 0) return "without end";
  if (value === true) return "on";
  if (value === false) return "off";
  const isTime = typeof value === "number" && value > 1e12;
  return isTime ? `until ${clockText(value)}` : String(value);
}
