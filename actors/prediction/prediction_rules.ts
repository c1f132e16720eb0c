/**
 * Whether a prediction is taken, and if not, why not.
 *
 * A refusal never leaves a row. Asked on arrival; the lock is asked again by
 * the INSERT's own condition, since time passes on the way. Who has no business
 * with a prediction learns nothing of it: "not yours" comes before anything
 * that the match would say.
 */
import { isMarket, type Market, marketsOf, NOBODY, pickProblem } from "./market.ts";
import { isLate, type PredictableMatch } from "./predictable_match.ts";

export type PredictionRefusal =
  | "notYours"
  | "unknownMatch"
  | "matchVoid"
  | "locked"
  | "unknownMarket"
  | "marketVoid"
  | "badPick"
  | "unknownPlayer";

export interface PredictionAsk {
  user: string;
  market: string;
  pick: string;
}

/** What the ask's client id already names. */
export interface KnownPrediction {
  user: string;
  match: string;
  market: string;
}

export type PredictionDecision =
  | { outcome: "accepted"; market: Market; pick: string }
  | { outcome: "rejected"; code: PredictionRefusal; reason: string };

/** @param match null where nobody scheduled it */
export function decidePrediction(
  match: PredictableMatch | null,
  ask: PredictionAsk,
  known: KnownPrediction | null,
  now: number,
): PredictionDecision {
  const { user, market, pick } = ask;
  if (known !== null && known.user !== user) {
    return rejected("notYours", "a prediction is changed by who made it");
  }
  if (match === null) return rejected("unknownMatch", "the match must be scheduled first");
  if (known !== null && (known.match !== match.matchId || known.market !== market)) {
    const reason = `a prediction keeps its match and market: it is ${known.market} of ` +
      `${known.match}`;
    return rejected("unknownMarket", reason);
  }
  if (match.isOff) return rejected("matchVoid", "the match will not be played to its end");
  if (isLate(now, match.lockAt)) {
    return rejected("locked", `predictions closed at ${new Date(match.lockAt).toISOString()}`);
  }
  const markets = marketsOf(match.format);
  if (!isMarket(market) || !markets.includes(market)) {
    return rejected("unknownMarket", `the match has ${markets.join(", ")}: found ${shown(market)}`);
  }
  if (match.voided.includes(market)) return rejected("marketVoid", `${market} was taken out`);
  const needed = pickProblem(market, pick);
  if (needed !== null) {
    return rejected("badPick", `${market} needs ${needed}: found ${shown(pick)}`);
  }
  if (market === "firstScorer" && pick !== NOBODY && !match.players.includes(pick)) {
    const reason = match.players.length === 0
      ? "the squads are not known yet"
      : `a player of either side is needed: found ${shown(pick)}`;
    return rejected("unknownPlayer", reason);
  }
  return { outcome: "accepted", market, pick };
}

function rejected(code: PredictionRefusal, reason: string): PredictionDecision {
  return { outcome: "rejected", code, reason };
}

/** Enough of a stranger's text to recognise it by. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
