/**
 * What happens in the matches of the bench, fact by fact.
 *
 * Matches are told in turn, as on an evening with a full programme. A match has
 * 50 goals; once six stand, each further one is annulled before the next, so the
 * score stays a football score and the ledger grows to a hundred entries, as
 * with the busiest feeds. Each goal has a minute of its own, by which its frame
 * is known again.
 */
import type { Goal } from "../../protocol/mod.ts";

export const PROVIDER = "acme";
const GOALS_A_MATCH = 50;
const STANDING_MAX = 6;
const MINUTE_MS = 60_000;
const HALF_TIME_MINUTE = 45;

export interface ScriptedFact {
  match: number;
  /** Of the goal frame that must follow; null where none does. */
  key: string | null;
  fact: Record<string, unknown>;
}

export interface Script {
  matches: number;
  /** Goals scored and goals annulled, each a frame to everybody. */
  goals: number;
  /** What is told before anybody subscribes. */
  opening: ScriptedFact[];
  play: ScriptedFact[];
}

export function matchId(match: number): string {
  return `bench-match-${match}`;
}

/** Names a goal frame, and the fact behind it, among all of the script. */
export function goalKey(match: number, { kind, minute }: Pick<Goal, "kind" | "minute">): string {
  return `${match} ${kind} ${minute}`;
}

/** @param kickoffAt milliseconds since 1970 */
export function goalScript(matches: number, kickoffAt: number): Script {
  const stories = Array.from({ length: matches }, (_, match) => storyOf(match, kickoffAt));
  const longest = Math.max(...stories.map(({ length }) => length));
  const play: ScriptedFact[] = [];
  for (let step = 0; step < longest; step++) {
    for (const story of stories) {
      const told = story[step];
      if (told !== undefined) play.push(told);
    }
  }
  return {
    matches,
    goals: play.filter(({ key }) => key !== null).length,
    opening: stories.flatMap((_, match) => openingOf(match, kickoffAt)),
    play,
  };
}

function openingOf(match: number, kickoffAt: number): ScriptedFact[] {
  const scheduled = {
    competition: "Bench League",
    stage: "Matchday 1",
    kickoffAt,
    home: { id: `home-${match}`, name: `Home ${match}` },
    away: { id: `away-${match}`, name: `Away ${match}` },
    format: { kind: "league" },
  };
  return [
    factOf(match, kickoffAt - MINUTE_MS, "match.scheduled", scheduled),
    factOf(match, kickoffAt, "period.started", { period: "firstHalf" }),
  ];
}

function storyOf(match: number, kickoffAt: number): ScriptedFact[] {
  const told: ScriptedFact[] = [];
  const standing: number[] = [];
  let isSecondHalf = false;
  for (let goal = 0; goal < GOALS_A_MATCH; goal++) {
    const minute = 1 + Math.floor((goal * 90) / GOALS_A_MATCH);
    const at = kickoffAt + minute * MINUTE_MS;
    if (minute > HALF_TIME_MINUTE && !isSecondHalf) {
      isSecondHalf = true;
      told.push(factOf(match, at, "period.ended", { period: "firstHalf" }));
      told.push(factOf(match, at, "period.started", { period: "secondHalf" }));
    }
    told.push({
      ...factOf(match, at, "goal.scored", {
        side: goal % 2 === 0 ? "home" : "away",
        method: "open",
        player: { id: `player-${goal % 11}`, name: `Player ${goal % 11}` },
        period: isSecondHalf ? "secondHalf" : "firstHalf",
        minute,
      }, `goal-${minute}`),
      key: goalKey(match, { kind: "scored", minute }),
    });
    standing.push(minute);
    if (standing.length < STANDING_MAX) continue;
    const annulled = standing.pop()!;
    told.push({
      ...factOf(match, at, "goal.annulled", {
        target: { provider: PROVIDER, id: `goal-${annulled}` },
        reason: "offside",
      }, `annulled-${annulled}`),
      key: goalKey(match, { kind: "annulled", minute: annulled }),
    });
  }
  return told;
}

function factOf(
  match: number,
  occurredAt: number,
  type: string,
  body: Record<string, unknown>,
  id = `${type}-${occurredAt}`,
): ScriptedFact {
  return { match, key: null, fact: { id, revision: 1, type, occurredAt, ...body } };
}
