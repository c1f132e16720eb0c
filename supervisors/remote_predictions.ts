/**
 * Predictions as a process without SQL sees them: it asks one that has.
 *
 * Any owner can answer, so a batch goes through one of sixteen doors, which are
 * spread over all owners, by a fan of it; that fans' own order is kept is the
 * asking gateway's care. A question that is asked again, as its answer was lost,
 * finds the rows there and is told "unchanged".
 */
import { partitionOf } from "../actors/ports/partition.ts";
import type {
  FanPrediction,
  PickFans,
  Predictions,
  PredictionToTake,
  TakeOutcome,
} from "../actors/ports/predictions.ts";
import type { Abilities, OwnerCaller } from "../channels/owner_call.ts";
import { limits } from "../runtime/limits.ts";

const ABILITIES = {
  take: "predictions.take",
  ofFan: "predictions.ofFan",
  pickCounts: "predictions.pickCounts",
} as const;
const DOORS = 16;

export class RemotePredictions implements Predictions {
  readonly #caller: Pick<OwnerCaller, "ask">;

  constructor(caller: Pick<OwnerCaller, "ask">) {
    this.#caller = caller;
  }

  async take(predictions: PredictionToTake[]): Promise<TakeOutcome[]> {
    if (predictions.length === 0) return [];
    return await this.#ask(predictions[0]!.user, ABILITIES.take, predictions);
  }

  ofFan(match: string, user: string): Promise<FanPrediction[]> {
    return this.#ask(user, ABILITIES.ofFan, { match, user });
  }

  pickCounts(match: string): Promise<PickFans[]> {
    return this.#ask(match, ABILITIES.pickCounts, { match });
  }

  #ask<T>(by: string, ability: string, body: unknown): Promise<T> {
    const entity = `predictions/${partitionOf(by) % DOORS}`;
    return this.#caller.ask(entity, ability, body, limits.predictionAnswerMsMax) as Promise<T>;
  }
}

/** The same, answered by this process's SQL. */
export function predictionAbilities(predictions: Predictions): Abilities {
  return {
    [ABILITIES.take]: (_entity, batch: PredictionToTake[]) => predictions.take(batch),
    [ABILITIES.ofFan]: (_entity, { match, user }: { match: string; user: string }) =>
      predictions.ofFan(match, user),
    [ABILITIES.pickCounts]: (_entity, { match }: { match: string }) =>
      predictions.pickCounts(match),
  };
}
