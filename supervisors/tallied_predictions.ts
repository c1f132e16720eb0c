/**
 * Predictions in this process's SQL; what is committed is told to the crowd.
 *
 * So it is told once, by who knows it, whichever gateway the fan came to.
 */
import type {
  FanPrediction,
  PickFans,
  Predictions,
  PredictionToTake,
  TakeOutcome,
} from "../actors/ports/predictions.ts";
import type { Market } from "../actors/prediction/market.ts";
import type { CrowdTally } from "../channels/crowd_tally.ts";

export class TalliedPredictions implements Predictions {
  readonly #store: Predictions;
  readonly #tally: Pick<CrowdTally, "note">;

  constructor(store: Predictions, tally: Pick<CrowdTally, "note">) {
    this.#store = store;
    this.#tally = tally;
  }

  async take(predictions: PredictionToTake[]): Promise<TakeOutcome[]> {
    const outcomes = await this.#store.take(predictions);
    outcomes.forEach((one, at) => {
      const { match, market, pick } = predictions[at]!;
      if (one.outcome === "taken") this.#tally.note(match, market as Market, pick, one.before);
    });
    return outcomes;
  }

  ofFan(match: string, user: string): Promise<FanPrediction[]> {
    return this.#store.ofFan(match, user);
  }

  pickCounts(match: string): Promise<PickFans[]> {
    return this.#store.pickCounts(match);
  }
}
