/**
 * Predictions in SQL, their only truth.
 *
 * One row a (match, user, market). Acknowledged means committed; the lock is
 * asked in the INSERT's own condition, by the database's clock.
 */
import type { PredictionRefusal } from "../prediction/prediction_rules.ts";

export interface PredictionToTake {
  /** The client's own id of this prediction: the same one again is the same prediction. */
  clientId: string;
  user: string;
  match: string;
  market: string;
  pick: string;
}

export type TakeOutcome =
  /** `before`: the pick that it takes the place of. */
  | { outcome: "taken"; before: string | null }
  /** The row says so already. */
  | { outcome: "unchanged" }
  | { outcome: "rejected"; code: PredictionRefusal; reason: string };

export interface FanPrediction {
  clientId: string;
  market: string;
  pick: string;
  /** By the database's clock, milliseconds since 1970. */
  acceptedAt: number;
}

export interface PickFans {
  market: string;
  pick: string;
  fans: number;
}

/** @throws {Failure} retryable where SQL is away; whether anything was written is then unknown. */
export interface Predictions {
  /** In one transaction; answers in their order. At most limits.predictionBatchMax. */
  take(predictions: PredictionToTake[]): Promise<TakeOutcome[]>;
  ofFan(match: string, user: string): Promise<FanPrediction[]>;
  /** How the match's fans have picked. */
  pickCounts(match: string): Promise<PickFans[]>;
}
