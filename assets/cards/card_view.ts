/**
 * What a share card says of a match, in words and numbers, before it is drawn.
 *
 * A pure function of the match's view, without a clock: an image stands in
 * caches and chats for as long as it likes, so it tells the minute of what
 * happened and never the minute that it is. Two views that say the same here
 * share one image.
 */
import type { Player, Side, Team } from "../../actors/match/match_event.ts";
import type { MatchView, Phase, TimelineItem } from "../../actors/match/match_view.ts";
import { countryOf } from "../../actors/match/country_code.ts";

export type TeamMark =
  /** A flag of flag-icons by its name. */
  | { kind: "flag"; country: string }
  | { kind: "badge"; letters: string; ground: string; figure: string };

export interface Scorer {
  name: string;
  /** `23’ (p), 108’` */
  when: string;
}

export interface CardSide {
  name: string;
  mark: TeamMark;
  /** Null before kick-off, and where none is played. */
  score: number | null;
  scorers: Scorer[];
  /** Scorers beside those. */
  more: number;
}

export type CardTone = "upcoming" | "live" | "over" | "stopped";
export type HeadlineTone = "goal" | "annulled" | "review" | "red" | "plain";

export interface CardView {
  matchId: string;
  competition: string;
  stage: string;
  /** The phase in words. */
  status: string;
  tone: CardTone;
  home: CardSide;
  away: CardSide;
  shootout: { home: number; away: number } | null;
  headline: { tone: HeadlineTone; text: string } | null;
}

export const SCORERS_MAX = 3;

const STATUS: Record<Phase, [words: string, tone: CardTone]> = {
  scheduled: ["Kick-off to come", "upcoming"],
  firstHalf: ["First half", "live"],
  halfTime: ["Half-time", "live"],
  secondHalf: ["Second half", "live"],
  awaitingExtraTime: ["Extra time to come", "live"],
  extraTimeFirst: ["Extra time, 1st half", "live"],
  extraTimeHalfTime: ["Half-time, extra time", "live"],
  extraTimeSecond: ["Extra time, 2nd half", "live"],
  awaitingShootout: ["Shootout to come", "live"],
  shootout: ["Penalty shootout", "live"],
  finished: ["Full time", "over"],
  settled: ["Full time", "over"],
  suspended: ["Suspended", "stopped"],
  postponed: ["Postponed", "stopped"],
  abandoned: ["Abandoned", "stopped"],
  cancelled: ["Cancelled", "stopped"],
  awarded: ["Awarded", "over"],
};
const UNPLAYED: readonly Phase[] = ["scheduled", "postponed", "cancelled"];
const REVIEWS = {
  goal: "checking the goal",
  penalty: "checking a penalty",
  redCard: "checking a red card",
  secondYellow: "checking a second yellow card",
  mistakenIdentity: "checking who was booked",
  corner: "checking a corner",
} as const;

export function cardOf(view: MatchView): CardView {
  const { shootout } = view;
  return {
    matchId: view.id,
    competition: view.competition,
    stage: view.stage,
    status: statusOf(view),
    tone: STATUS[view.phase][1],
    home: sideOf(view, "home"),
    away: sideOf(view, "away"),
    shootout: shootout === null ? null : { home: shootout.home, away: shootout.away },
    headline: headlineOf(view),
  };
}

function statusOf({ phase, shootout, extraTime }: MatchView): string {
  if (phase !== "finished" && phase !== "settled") return STATUS[phase][0];
  if (shootout !== null) return "After penalties";
  return extraTime === null ? STATUS[phase][0] : "After extra time";
}

function sideOf(view: MatchView, side: Side): CardSide {
  const scorers = scorersOf(view.timeline, side);
  return {
    name: view[side].name,
    mark: markOf(view[side]),
    score: UNPLAYED.includes(view.phase) ? null : view.score[side],
    scorers: scorers.slice(0, SCORERS_MAX),
    more: Math.max(scorers.length - SCORERS_MAX, 0),
  };
}

/** Each once, with all the minutes, in the order of their first goals. */
function scorersOf(timeline: readonly TimelineItem[], side: Side): Scorer[] {
  const minutes = new Map<string, { name: string; when: string[] }>();
  for (const item of inOrder(timeline)) {
    if (item.kind !== "goal" || item.status !== "standing" || item.side !== side) continue;
    const name = nameOf(item.player);
    const isOwn = item.method === "ownGoal";
    const key = `${isOwn} ${item.player?.id ?? name}`;
    const scorer = minutes.get(key) ?? { name, when: [] };
    const how = isOwn ? " (og)" : item.method === "penalty" ? " (p)" : "";
    scorer.when.push(`${minuteOf(item)}${how}`);
    minutes.set(key, scorer);
  }
  return [...minutes.values()].map(({ name, when }) => ({ name, when: when.join(", ") }));
}

/** The one thing to be told first: what is being checked, what just happened, who won. */
function headlineOf(view: MatchView): CardView["headline"] {
  if (view.review !== null) {
    return { tone: "review", text: `VAR: ${REVIEWS[view.review.reason]}` };
  }
  if (STATUS[view.phase][1] === "over") return resultOf(view);
  if (view.phase === "scheduled") return { tone: "plain", text: kickoffOf(view.kickoffAt) };
  const item = newsOf(view);
  if (item === undefined) {
    return view.note === "" ? null : { tone: "plain", text: view.note };
  }
  const who = nameOf(item.player);
  if (item.kind === "card") {
    return { tone: "red", text: `${minuteOf(item)} Red card: ${who}` };
  }
  const how = item.method === "ownGoal" ? "Own goal" : "Goal";
  return item.status === "annulled"
    ? { tone: "annulled", text: `${minuteOf(item)} ${how} ${annulledBy(view, item)}: ${who}` }
    : { tone: "goal", text: `${minuteOf(item)} ${how}: ${who}` };
}

/** The last goal, annulled or not, or red card of the period that is played. */
function newsOf({ phase, timeline }: MatchView): TimelineItem | undefined {
  return inOrder(timeline).findLast(({ kind, status, card, period }) =>
    period === phase &&
    ((kind === "goal" && status !== "removed") ||
      (kind === "card" && status === "standing" && card !== "yellow"))
  );
}

function annulledBy({ timeline }: MatchView, goal: TimelineItem): string {
  const isByReview = timeline.some(({ kind, status, text, order }) =>
    kind === "review" && status === "standing" && order > goal.order &&
    text.includes("goalAnnulled")
  );
  return isByReview ? "annulled by VAR" : "annulled";
}

function resultOf({ winner, shootout, phase, home, away }: MatchView): CardView["headline"] {
  if (winner === null) return null;
  if (winner === "draw") return { tone: "plain", text: "A draw" };
  const name = isolated(winner === "home" ? home.name : away.name);
  if (shootout === null || phase === "awarded") return { tone: "plain", text: `${name} win` };
  const [own, other] = winner === "home"
    ? [shootout.home, shootout.away]
    : [shootout.away, shootout.home];
  return { tone: "plain", text: `${name} win ${own}–${other} on penalties` };
}

function kickoffOf(at: number): string {
  const date = new Intl.DateTimeFormat("en-GB", {
    ...{ day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
    timeZone: "UTC",
  });
  return `${date.format(at)} UTC`;
}

/** Dark and light ones that tell each other apart in any pair: the page's own. */
const GROUNDS = ["#12355b", "#7b1e3a", "#0b6e4f", "#4a2c82", "#8f2d12", "#1d1d2c", "#005f73"];
const FIGURES = ["#ffffff", "#ffd23f", "#8ecae6", "#f4a261", "#b8f2a0"];

/** By the same sum as on the page, so a club's colours are the same there. */
function markOf(team: Team): TeamMark {
  const country = countryOf(team);
  if (country !== null) return { kind: "flag", country };
  let sum = 7;
  for (const letter of team.id || team.code || "") {
    sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  }
  return {
    kind: "badge",
    letters: (team.code ?? [...team.name].slice(0, 3).join("")).toUpperCase(),
    ground: GROUNDS[sum % GROUNDS.length]!,
    figure: FIGURES[(sum >>> 4) % FIGURES.length]!,
  };
}

function inOrder(timeline: readonly TimelineItem[]): TimelineItem[] {
  return timeline.toSorted((one, other) => one.order - other.order);
}

function minuteOf({ minute, stoppage }: TimelineItem): string {
  return stoppage > 0 ? `${minute}+${stoppage}’` : `${minute}’`;
}

/** A feed often learns it a minute after the goal. */
function nameOf(player: Player | null): string {
  return player === null ? "scorer to come" : isolated(player.name);
}

/** A name keeps its own direction within an English line: U+2068 … U+2069. */
export function isolated(name: string): string {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name;
}
