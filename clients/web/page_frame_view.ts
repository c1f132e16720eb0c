/**
 * What frames every page: the mark, how the connection is, and the banner that
 * says how old a score is as soon as nobody vouches for it any more.
 */
import type { ConnectionState } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import { icon } from "./drawings.ts";
import { clockText } from "./kickoff_text.ts";

const STATUS_TITLES: Record<ConnectionState["status"], string> = {
  connecting: "Connecting",
  live: "Live",
  stale: "Offline",
  closed: "Offline",
};

/** Why a connection is over for good, where a fan can do something about it. */
const CLOSE_REASONS: Record<number, string> = {
  4501: "This page was opened again somewhere else",
  4502: "Golazo is open in too many places on this device",
  4504: "This account is banned",
  4505: "This page is out of date",
};

export function headerView(state: ConnectionState, isPaused: boolean): HTMLElement {
  return element(
    "header",
    { class: "top" },
    element("a", { class: "wordmark", href: "#/", "aria-label": "Golazo, all matches" }, "Golazo"),
    element(
      "span",
      { class: `connection ${state.status}`, "data-testid": "connection" },
      STATUS_TITLES[state.status],
    ),
    element(
      "button",
      {
        type: "button",
        class: "pause",
        "data-action": "pause",
        "aria-pressed": String(isPaused),
        "aria-label": "Pause updates",
        title: isPaused ? "Show updates again" : "Pause updates",
      },
      icon(isPaused ? "play" : "pause"),
    ),
  );
}

/** `asOf`: when what is shown was last vouched for, by this device; null: never. */
export function staleView(state: ConnectionState, asOf: number | null): HTMLElement {
  const isOver = state.status === "closed";
  const why = isOver ? CLOSE_REASONS[state.code] ?? "The connection has ended" : "No connection";
  const what = asOf === null ? "" : ` – score as of ${clockText(asOf)}`;
  return element(
    "p",
    { class: "banner stale", "data-testid": "stale", key: "stale" },
    element("span", {}, why + what),
    isOver
      ? element("button", { type: "button", "data-action": "reload" }, "Reload")
      : element("span", { class: "trying" }, "Trying again…"),
  );
}

export function pausedView(since: number): HTMLElement {
  return element(
    "p",
    { class: "banner paused", "data-testid": "paused", key: "paused" },
    element("span", {}, `Updates paused at ${clockText(since)}`),
    element("button", { type: "button", "data-action": "pause" }, "Continue"),
  );
}
