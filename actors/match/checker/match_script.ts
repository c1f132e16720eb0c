/**
 * A plan of a match → its facts, in the order in which they happen.
 *
 * The script sees to it that the facts make a match: equalisers where the plan
 * says how far it goes, periods that follow each other, wall-clock times that
 * are equal only where the plan wants them to be. One provider tells it, an
 * operator corrects here and there.
 */
import { type Period, PERIODS, type ProviderFact } from "../match_event.ts";
import {
  type Draft,
  KICKOFF_AT,
  LENGTH,
  MINUTE,
  nameOf,
  type Plan,
  PROVIDER,
} from "./match_plan.ts";
import { correct } from "./script_corrections.ts";
import { interrupt } from "./script_interruptions.ts";
import { factsIn, kickFacts } from "./script_play.ts";

const BREAK_BEFORE: Record<Period, number> = {
  firstHalf: 0,
  secondHalf: 15,
  extraTimeFirst: 5,
  extraTimeSecond: 2,
  shootout: 4,
};

export function scriptMatch(plan: Plan): ProviderFact[] {
  const planned = withEqualisers(plan);
  const played = interrupt(planned, playedFacts(planned));
  const lost = new Set(plan.lost.map((place) => place % played.length));
  const told = played.filter((_, index) => !lost.has(index));
  told.length = Math.ceil(told.length * plan.percent / 100);
  const fixture: Draft = {
    type: "match.scheduled",
    id: "fixture",
    at: -24 * 60 * MINUTE,
    competition: "Cup of the Checker",
    stage: "Round 1",
    kickoffAt: KICKOFF_AT,
    home: { id: "home", name: "Home" },
    away: { id: "away", name: "Away" },
    format: planned.format,
  };
  return timed(correct([fixture, ...told], plan.corrections), plan.wholeMinutes);
}

/**
 * No two facts happen at once but those that are meant to, so nothing but the
 * rules decides their order.
 */
function timed(drafts: Draft[], wholeMinutes: boolean): ProviderFact[] {
  const names = new Set(drafts.map(nameOf));
  const isTogether = ({ together }: Draft) => together !== undefined && names.has(together);
  const times = new Map<string, number>();
  let before = -Infinity;
  for (const draft of [...drafts].sort((a, b) => a.at - b.at)) {
    if (times.has(nameOf(draft)) || isTogether(draft)) continue;
    before = Math.max(before + 1, KICKOFF_AT + draft.at);
    times.set(nameOf(draft), before);
  }
  for (const draft of drafts.filter(isTogether)) {
    times.set(nameOf(draft), times.get(draft.together!)!);
  }
  return [...drafts]
    .sort((a, b) => (a.toldAt ?? a.at) - (b.toldAt ?? b.at))
    .map((draft) => {
      const { at: _at, toldAt: _toldAt, together: _together, by, ...body } = draft;
      const time = times.get(nameOf(draft))!;
      const occurredAt = wholeMinutes ? Math.floor(time / MINUTE) * MINUTE : time;
      return { revision: 1, ...body, provider: by ?? PROVIDER, occurredAt };
    });
}

function periodsOf({ format, goesTo }: Plan): Period[] {
  if (format.kind === "league" || goesTo === "regulation") return PERIODS.slice(0, 2);
  const extraTime = format.kind === "cup" ||
    (format.kind === "secondLeg" && format.extraTime !== false);
  if (!extraTime) return PERIODS.filter((period) => !period.startsWith("extraTime"));
  return goesTo === "extraTime" ? PERIODS.slice(0, 4) : [...PERIODS];
}

/** Adds the goals, and the first leg, without which the match would not go as far as planned. */
function withEqualisers(plan: Plan): Plan {
  const periods = periodsOf(plan);
  const regular = plan.goals.filter(({ period }) => period < 2);
  if (periods.length === 2) return { ...plan, goals: regular };
  level(regular, 1);
  const format = { ...plan.format };
  if (format.kind === "secondLeg") {
    // As many goals as today, so that away goals are level too.
    const each = regular.length / 2;
    format.aggregate = { home: each, away: each };
  }
  const extra = plan.goals.filter(({ period }) => period >= 2);
  const golden = format.kind === "cup" && format.goldenGoal === true;
  if (!periods.includes("extraTimeFirst")) extra.length = 0;
  // A golden goal is the last one, and there is none if kicks decide.
  else if (golden) extra.splice(plan.goesTo === "shootout" ? 0 : 1);
  else if (plan.goesTo === "shootout") level(extra, 3);
  return { ...plan, format, goals: [...regular, ...extra] };
}

function level(goals: Plan["goals"], period: number): void {
  const difference = goals.reduce((sum, { side }) => sum + (side === "home" ? 1 : -1), 0);
  const side = difference > 0 ? "away" : "home";
  for (let missing = Math.abs(difference); missing > 0; missing--) {
    goals.push({ period, minute: 45, stoppage: missing, side, method: "open" });
  }
}

function playedFacts(plan: Plan): Draft[] {
  const facts: Draft[] = [
    { type: "lineup.published", id: "lineup-home", side: "home", players: [], at: -60 * MINUTE },
  ];
  let startsAt = 0;
  for (const period of periodsOf(plan)) {
    const start = startsAt + BREAK_BEFORE[period] * MINUTE;
    facts.push({ type: "period.started", id: `${period}-start`, period, at: start });
    const inside = period === "shootout"
      ? kickFacts(plan.shootout, start)
      : factsIn(plan, period, start);
    facts.push(...inside);
    startsAt = Math.max(start + LENGTH[period] * MINUTE, ...inside.map(({ at }) => at)) + MINUTE;
    facts.push({ type: "period.ended", id: `${period}-end`, period, at: startsAt });
  }
  return facts.sort((a, b) => a.at - b.at);
}
