/**
 * All matches, grouped by what a fan came for: what is on now, what comes, what
 * is over.
 */
import type { Team } from "../../protocol/golazo_codec.ts";
import { minuteLabel } from "../sdk/mod.ts";
import type { MatchPicture } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import { kickoffText } from "./kickoff_text.ts";
import type { LiveMatch } from "./live_match.ts";
import { phaseText, resultText, scoreText, stageOf } from "./match_words.ts";
import type { Stage } from "./match_words.ts";
import { listMark } from "./team_mark.ts";

const GROUPS: [Stage, string][] = [
  ["live", "Live now"],
  ["upcoming", "Coming up"],
  ["over", "Played"],
];

export function matchListView(
  matches: readonly LiveMatch[],
  emptyText: string,
  now: number,
): HTMLElement {
  return element(
    "div",
    { class: "match-list", key: "match-list", "data-testid": "match-list" },
    element("h1", { class: "unseen", tabindex: -1 }, "Matches"),
    ...GROUPS.map(([stage, title]) => {
      const shown = matches.filter(({ picture }) =>
        picture !== null && stageOf(picture.state.phase) === stage
      );
      return shown.length === 0 ? null : groupView(stage, title, shown, now);
    }),
    matches.length === 0 && element("p", { class: "empty" }, emptyText),
  );
}

function groupView(
  stage: Stage,
  title: string,
  matches: readonly LiveMatch[],
  now: number,
): HTMLElement {
  return element(
    "section",
    { class: `group ${stage}`, key: stage },
    element("h2", {}, title, element("span", { class: "count" }, matches.length)),
    element(
      "ul",
      {},
      ...matches.map((match) => element("li", { key: match.picture!.id }, cardView(match, now))),
    ),
  );
}

function cardView({ picture, moments }: LiveMatch, now: number): HTMLElement {
  const { id, competition, stage, home, away, state, clockRate } = picture!;
  const shownAs = stageOf(state.phase);
  const isReplay = clockRate > 1 && shownAs === "live";
  const moment = moments.find(({ kind }) => kind !== "reviewed");
  const kickoff = kickoffText(state.kickoffAt);
  return element(
    "a",
    {
      class: `card ${shownAs}`,
      href: `#/match/${id}`,
      "data-testid": `match-card-${id}`,
      "data-moment": moment?.kind,
    },
    element(
      "span",
      { class: "card-top" },
      cardTime(picture!, kickoff, now),
      state.review && element("span", { class: "tag var" }, "VAR"),
      moment?.kind === "goal" && element("span", { class: "tag goal" }, "Goal"),
      moment?.kind === "annulled" && element("span", { class: "tag annulled" }, "Annulled"),
      isReplay && element("span", { class: "tag" }, `×${clockRate}`),
      element("span", { class: "card-stage" }, [competition, stage].filter(Boolean).join(" · ")),
    ),
    teamView(home, "home"),
    shownAs === "upcoming"
      ? element("span", { class: "card-score" }, kickoff.time)
      : element("span", { class: "card-score", "data-testid": "score" }, scoreText(state.score)),
    teamView(away, "away"),
    cardFoot(picture!),
  );
}

function cardTime(
  picture: MatchPicture,
  kickoff: { day: string; time: string },
  now: number,
): HTMLElement {
  const { state, clockRate } = picture;
  const label = minuteLabel(state, clockRate, now) || kickoff.day;
  const isLive = stageOf(state.phase) === "live";
  return element(
    "span",
    { class: isLive ? "minute is-live" : "minute", "data-testid": "minute" },
    label,
    element("span", { class: "unseen" }, ` ${phaseText(picture)}`),
  );
}

function teamView(team: Team, side: "home" | "away"): HTMLElement {
  return element(
    "span",
    { class: `card-team ${side}` },
    listMark(team),
    element("span", {}, team.name),
  );
}

function cardFoot(picture: MatchPicture): HTMLElement | null {
  const { shootout, phase, feedSilentSince } = picture.state;
  if (phase === "scheduled") return element("span", { class: "card-foot call" }, "Predict now");
  const running = phase === "shootout" && shootout ? `Shootout ${scoreText(shootout)}` : "";
  const text = running || resultText(picture) || picture.state.note ||
    (feedSilentSince > 0 ? "No word from the ground: may be behind" : "");
  return text === "" ? null : element("span", { class: "card-foot" }, text);
}
