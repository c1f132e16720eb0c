/**
 * What fans can predict of a match, and how a pick is written.
 *
 * A pick has one form: what a client sends is what a row holds, what a cell of
 * a settlement is named by and what the crowd is counted by. So a text that
 * means the same and is written otherwise ("02-1") is no pick.
 */
import type { MatchFormat } from "../fixture/competition_rules.ts";
import type { Score } from "../fixture/score.ts";

export const MARKETS = [
  "finalScore",
  "firstScorer",
  "possession",
  "matchWinner",
  "toQualify",
] as const;
export type Market = (typeof MARKETS)[number];

/** The pick of a first scorer that says: nobody. */
export const NOBODY = "none";
/** Goals of one side that can be picked; an outcome may have more, 31-0 is the record of countries. */
export const PICKED_GOALS_MAX = 20;
/** What a player's id may be (actors/fixture/fixture_fields.ts). */
const PLAYER_ID_CHARS_MAX = 128;

const WHOLE = "(0|[1-9]\\d{0,2})";
const SCORE = new RegExp(`^${WHOLE}-${WHOLE}$`);
const PERCENT = new RegExp(`^${WHOLE}$`);

export function isMarket(text: string): text is Market {
  return (MARKETS as readonly string[]).includes(text);
}

/** A league's draw sends nobody further. */
export function marketsOf({ kind }: MatchFormat): Market[] {
  return MARKETS.filter((market) => market !== "toQualify" || kind !== "league");
}

/** What a pick must look like, for who wrote another; null where it looks so. */
export function pickProblem(market: Market, pick: string): string | null {
  switch (market) {
    case "finalScore": {
      const score = readScore(pick);
      const isPick = score !== null && Math.max(score.home, score.away) <= PICKED_GOALS_MAX;
      return isPick ? null : `home-away, each 0 to ${PICKED_GOALS_MAX}, such as 2-1`;
    }
    case "firstScorer": {
      const isId = pick.length > 0 && pick.length <= PLAYER_ID_CHARS_MAX;
      return isId ? null : `a player's id of 1 to ${PLAYER_ID_CHARS_MAX} characters or ${NOBODY}`;
    }
    case "possession":
      return readPercent(pick) === null ? "home's whole percent, 0 to 100" : null;
    case "matchWinner":
      return ["home", "draw", "away"].includes(pick) ? null : "home, draw or away";
    case "toQualify":
      return ["home", "away"].includes(pick) ? null : "home or away";
  }
}

export function writeScore({ home, away }: Score): string {
  return `${home}-${away}`;
}

export function readScore(text: string): Score | null {
  const found = SCORE.exec(text);
  return found && { home: Number(found[1]), away: Number(found[2]) };
}

export function readPercent(text: string): number | null {
  return PERCENT.test(text) && Number(text) <= 100 ? Number(text) : null;
}
