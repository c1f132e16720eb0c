/**
 * The head of a match: badges, the big score, the running minute, the scorers
 * and, for a short while, what just happened.
 *
 * The score's text is always the true one; a roll-back is shown by the old
 * digit falling beside it, so nobody and no tool ever reads a score that is
 * half changed.
 */
import type { Side, TimelineItem } from "../../protocol/golazo_codec.ts";
import { minuteLabel } from "../sdk/mod.ts";
import type { MatchPicture } from "../sdk/mod.ts";
import { element } from "./dom.ts";
import { kickoffText } from "./kickoff_text.ts";
import { phaseText, resultText, scoreText, sideName, stageOf, whenText } from "./match_words.ts";
import type { Moment } from "./moments.ts";
import { teamColour } from "./team_colours.ts";
import { teamMark } from "./team_mark.ts";

const SPLASHES: Record<Moment["kind"], string> = {
  goal: "Goal",
  annulled: "Goal annulled",
  corrected: "Score corrected",
  reviewed: "",
};

export function scoreboardView(
  picture: MatchPicture,
  moments: readonly Moment[],
  now: number,
): HTMLElement {
  const moment = moments.find(({ kind }) => kind !== "reviewed");
  return element(
    "section",
    {
      class: "scoreboard",
      "data-moment": moment?.kind,
      "aria-label": "Score",
      "--home-glow": `${teamColour(picture.home)}66`,
      "--away-glow": `${teamColour(picture.away)}66`,
    },
    element("div", { class: "pitch", "aria-hidden": "true" }),
    element(
      "p",
      { class: "fixture-line" },
      [picture.competition, picture.stage].filter(Boolean).join(" · "),
    ),
    moment && splash(picture, moment),
    teamHead(picture, "home"),
    element(
      "div",
      { class: "middle" },
      scoreBox(picture, moment),
      timeLine(picture, now),
    ),
    teamHead(picture, "away"),
    resultLine(picture),
  );
}

function teamHead(picture: MatchPicture, side: "home" | "away"): HTMLElement {
  const team = picture[side];
  return element(
    "div",
    { class: `team-head ${side}` },
    teamMark(team),
    element("h2", { class: "team-name" }, team.name),
    scorers(picture, side),
  );
}

function scoreBox(picture: MatchPicture, moment: Moment | undefined): HTMLElement {
  if (stageOf(picture.state.phase) === "upcoming") {
    const kickoff = kickoffText(picture.state.kickoffAt);
    return element(
      "div",
      { class: "score-box kickoff", "data-testid": "kickoff" },
      element("span", { class: "kickoff-time" }, kickoff.time),
      element("span", { class: "kickoff-day" }, kickoff.day),
    );
  }
  return element(
    "div",
    { class: "score-box" },
    element("span", { class: "score", "data-testid": "score" }, scoreText(picture.state.score)),
    moment && moment.kind !== "goal" && fallingDigit(picture, moment),
  );
}

/** The digit that no longer counts, struck through where it stood. */
function fallingDigit(
  picture: MatchPicture,
  { side, before, kind, at }: Moment,
): HTMLElement | null {
  if (side !== "home" && side !== "away") return null;
  if (before[side] === picture.state.score?.[side]) return null;
  return element(
    "span",
    { class: `falling ${side} ${kind}`, key: `falling-${at}`, "aria-hidden": "true" },
    before[side],
  );
}

function timeLine(picture: MatchPicture, now: number): HTMLElement {
  const { state, clockRate } = picture;
  const label = minuteLabel(state, clockRate, now);
  const isLive = stageOf(state.phase) === "live";
  const isPastTime = label.includes("+") || /^(45|90|105|120)’/.test(label);
  return element(
    "div",
    { class: "time-line" },
    label !== "" &&
      element(
        "span",
        { class: isLive ? "minute is-live" : "minute", "data-testid": "minute" },
        label,
      ),
    isPastTime && state.stoppageAnnounced > 0 &&
      element("span", { class: "added" }, `+${state.stoppageAnnounced} min`),
    element("span", { class: "phase", "data-testid": "phase" }, phaseText(picture)),
  );
}

function splash(picture: MatchPicture, { kind, side, at }: Moment): HTMLElement {
  return element(
    "p",
    { class: `splash ${kind} ${side}`, key: `splash-${at}`, "aria-hidden": "true" },
    element("strong", {}, SPLASHES[kind]),
    element("span", {}, sideName(picture, side)),
  );
}

function scorers({ timeline }: MatchPicture, side: Side): HTMLElement {
  const goals = timeline.filter((item) =>
    item.kind === "goal" && item.side === side && item.status === "standing"
  );
  return element(
    "ul",
    { class: `scorers ${side}`, "aria-label": `Scorers, ${side} side` },
    ...byScorer(goals).map(([name, whens]) =>
      element("li", {}, element("span", {}, name), " ", element("b", {}, whens.join(", ")))
    ),
  );
}

/** `Messi 23’ (P), 108’`, in the order of first goals. */
function byScorer(goals: readonly TimelineItem[]): [string, string[]][] {
  const scorers = new Map<string, string[]>();
  for (const goal of goals) {
    const name = goal.player?.name || "Goal";
    const mark = goal.method === "penalty" ? " (P)" : goal.method === "ownGoal" ? " (OG)" : "";
    scorers.set(name, [...scorers.get(name) ?? [], whenText(goal) + mark]);
  }
  return [...scorers];
}

function resultLine(picture: MatchPicture): HTMLElement | null {
  const text = resultText(picture);
  const { note } = picture.state;
  const line = [text, note].filter(Boolean).join(" · ");
  return line === "" ? null : element("p", { class: "result", "data-testid": "result" }, line);
}
