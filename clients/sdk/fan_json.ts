/**
 * What the HTTP routes of predictions and leaderboards say, as they write it.
 */

export interface PredictionToSend {
  /** The client's own: the same one again is the same prediction. */
  clientId: string;
  match: string;
  market: string;
  /** As the market writes it: "2-1", a player's id, "home", "54". */
  pick: string;
}

export interface PredictionResult {
  clientId: string;
  outcome: "taken" | "unchanged" | "rejected";
  code?: string;
  reason?: string;
}

export interface OwnPrediction {
  clientId: string;
  market: string;
  pick: string;
  acceptedAt: number;
  /** Once they are settled. */
  points?: number;
}

export interface CrowdJson {
  /** Commonest first. */
  top: { pick: string; fans: number }[];
  others: number;
  fans: number;
}

export interface MarketJson {
  market: string;
  title: string;
  /** The rules, as they are settled by. */
  text: string;
  state: "open" | "locked" | "void";
  /** What can be picked, where that is a list. */
  picks?: { pick: string; label: string }[];
  crowd: CrowdJson;
}

export interface MatchMarkets {
  matchId: string;
  lockAt: number;
  suspended: boolean;
  markets: MarketJson[];
}

/** The fan's own points if it ended now, and the rank that these would be. */
export interface OwnProjection {
  points: number;
  /** Null without points, and once the settled board has the rank. */
  rank: number | null;
  /** Who predicted. */
  fans: number;
  /** The match is over and not settled yet. */
  provisional: boolean;
  picks: { market: string; pick: string; points: number; mark: "settled" | "void" | "open" }[];
}

export interface BoardRow {
  rank: number;
  user: string;
  points: number;
}

export interface BoardPage {
  id: string;
  version: string;
  members: number;
  rows: BoardRow[];
}

export interface AroundMe extends BoardPage {
  me: { rank: number | null; points: number; user: string } | null;
}
