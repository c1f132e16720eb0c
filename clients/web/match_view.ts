/**
 * One match as a page: head, review, the fan's own place, shootout, possession,
 * and a tab each for predictions, story, line-ups and chat.
 */
import type { MatchPicture } from "../sdk/mod.ts";
import type { ChatDoor } from "./chat_door.ts";
import { element } from "./dom.ts";
import { icon } from "./drawings.ts";
import type { FanMatch } from "./fan_match.ts";
import { clockText, kickoffText } from "./kickoff_text.ts";
import { lineupView } from "./lineup_view.ts";
import type { LiveMatch } from "./live_match.ts";
import { stageOf } from "./match_words.ts";
import { predictView } from "./predict_view.ts";
import { standView } from "./rank_view.ts";
import { reviewView } from "./review_view.ts";
import { scoreboardView } from "./scoreboard_view.ts";
import { shootoutView } from "./shootout_view.ts";
import { timelineView } from "./timeline_view.ts";

export const TABS = ["predict", "timeline", "lineups", "chat"] as const;
export type Tab = (typeof TABS)[number];
const TAB_TITLES: Record<Tab, string> = {
  predict: "Predict",
  timeline: "Timeline",
  lineups: "Line-ups",
  chat: "Chat",
};
const TAB_VIEWS: Record<
  Exclude<Tab, "chat">,
  (picture: MatchPicture, fan: FanMatch, now: number) => HTMLElement
> = {
  predict: predictView,
  timeline: timelineView,
  lineups: lineupView,
};

/** What a fan comes for: to predict before kick-off, and the story from then on. */
export function firstTab(picture: MatchPicture): Tab {
  return stageOf(picture.state.phase) === "upcoming" ? "predict" : "timeline";
}

export function matchView(
  match: LiveMatch,
  fan: FanMatch,
  chat: ChatDoor,
  tab: Tab,
  now: number,
): HTMLElement {
  const { picture, moments } = match;
  if (!picture) return waitingView(match.isUnknown);
  return element(
    "article",
    { class: "match", key: `match-${picture.id}` },
    element(
      "h1",
      { class: "unseen", tabindex: -1 },
      `${picture.home.name} against ${picture.away.name}`,
    ),
    backLink(),
    scoreboardView(picture, moments, now),
    notesView(picture),
    reviewView(picture, moments, now),
    standView(picture, fan, now),
    element(
      "div",
      { class: "columns", key: "columns" },
      element(
        "div",
        { class: "aside" },
        shootoutView(picture),
        possessionView(picture),
        factsView(picture),
      ),
      element(
        "div",
        { class: "story" },
        tabsView(tab),
        element(
          "div",
          { class: "panel", role: "tabpanel", id: "tabpanel", "aria-labelledby": `tab-${tab}` },
          match.isWhole
            ? tab === "chat" ? chat.view() : TAB_VIEWS[tab](picture, fan, now)
            : element("p", { class: "empty" }, "Loading…"),
        ),
      ),
    ),
  );
}

function waitingView(isUnknown: boolean): HTMLElement {
  return element(
    "article",
    { class: "match", key: "match-none" },
    backLink(),
    element(
      "h1",
      { class: "empty", tabindex: -1 },
      isUnknown ? "There is no such match here" : "Loading the match…",
    ),
  );
}

function backLink(): HTMLElement {
  return element("a", { class: "back", href: "#/" }, icon("back"), "All matches");
}

function notesView({ clockRate, state }: MatchPicture): HTMLElement | null {
  const isSilent = state.feedSilentSince > 0;
  if (clockRate <= 1 && !isSilent && !state.stale) return null;
  return element(
    "p",
    { class: "notes", key: "notes" },
    clockRate > 1 &&
      element(
        "span",
        { class: "note replay", "data-testid": "replay-note" },
        `Replay ×${clockRate}`,
      ),
    state.stale && element(
      "span",
      { class: "note silent", "data-testid": "match-stale" },
      "This match is not being followed right now: the score may be behind",
    ),
    isSilent && element(
      "span",
      { class: "note silent", "data-testid": "feed-silent" },
      `No word from the ground since ${clockText(state.feedSilentSince)}: the score may be behind`,
    ),
  );
}

function possessionView({ possession, home, away }: MatchPicture): HTMLElement | null {
  if (!possession) return null;
  return element(
    "section",
    { class: "panel possession", key: "possession", "data-testid": "possession" },
    element("h3", {}, "Possession"),
    element(
      "p",
      { class: "possession-numbers" },
      element("span", {}, element("b", {}, `${possession.home}%`), ` ${home.code || home.name}`),
      element("span", {}, `${away.code || away.name} `, element("b", {}, `${possession.away}%`)),
    ),
    element(
      "div",
      { class: "possession-bar", "--home-share": `${possession.home}%`, "aria-hidden": "true" },
      element("i", {}),
    ),
  );
}

function factsView({ venue, state }: MatchPicture): HTMLElement {
  const { day, time } = kickoffText(state.kickoffAt);
  return element(
    "dl",
    { class: "panel facts", key: "facts" },
    element("dt", {}, "Kick-off"),
    element("dd", {}, `${day}, ${time}`),
    venue !== "" && element("dt", {}, "Ground"),
    venue !== "" && element("dd", {}, venue),
  );
}

function tabsView(tab: Tab): HTMLElement {
  return element(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "The match" },
    ...TABS.map((name) =>
      element("button", {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "data-tab": name,
        "data-testid": `tab-${name}`,
        "aria-selected": String(name === tab),
        "aria-controls": "tabpanel",
        tabindex: name === tab ? 0 : -1,
      }, TAB_TITLES[name])
    ),
  );
}
