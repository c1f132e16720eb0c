/**
 * Where fans bring their predictions, by socket or by HTTP.
 *
 * What can be refused without asking SQL is refused here, by the same rules; the
 * rest goes on in batches. The lock is SQL's to judge, by its own clock; this one
 * only keeps away who comes long after it. Each prediction has an answer of its
 * own, and "taken" is only said of what is committed.
 */
import type { TakeOutcome } from "../actors/ports/predictions.ts";
import { decidePrediction } from "../actors/prediction/prediction_rules.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { CommandDesk } from "./command_router.ts";
import type { PredictableMatches } from "./predictable_matches.ts";
import type { Busy, PredictionBatches } from "./prediction_batches.ts";

export interface AskedPrediction {
  clientId: string;
  match: string;
  market: string;
  pick: string;
}

export type PredictionAnswer =
  | TakeOutcome
  | { outcome: "rejected"; code: "badClientId"; reason: string }
  | Busy;

export interface PredictionDeskPorts {
  matches: Pick<PredictableMatches, "of">;
  batches: Pick<PredictionBatches, "take">;
  clock: Clock;
}

const CLIENT_ID = new RegExp(`^[\\w.:-]{1,${limits.predictionClientIdCharsMax}}$`);

export class PredictionDesk {
  readonly #ports: PredictionDeskPorts;

  constructor(ports: PredictionDeskPorts) {
    this.#ports = ports;
  }

  /** @throws {Failure} where the world is in the way: whether it was taken is then unknown. */
  async take(user: string, asked: AskedPrediction): Promise<PredictionAnswer> {
    const { matches, batches, clock } = this.#ports;
    if (!CLIENT_ID.test(asked.clientId)) {
      const reason = "a prediction has an id of its client's own: needed 1 to " +
        `${limits.predictionClientIdCharsMax} letters, digits, _ . : or -`;
      return { outcome: "rejected", code: "badClientId", reason };
    }
    const match = await matches.of(asked.match);
    // Whether another fan's or match's prediction has this id only SQL knows.
    const now = clock.now() - limits.predictionLateAskMs;
    const decision = decidePrediction(match, { ...asked, user }, null, now);
    return decision.outcome === "rejected" ? decision : await batches.take({ ...asked, user });
  }

  readonly command: CommandDesk<"predict"> = async (command, { subject }) => {
    const { clientId, match, market, pick } = command;
    const answer = await this.take(subject, { clientId, match, market, pick });
    switch (answer.outcome) {
      case "taken":
      case "unchanged":
        return { code: "ok" };
      case "rejected":
        return { code: answer.code, reason: answer.reason };
      case "busy":
        return {
          code: "busy",
          reason: "Too many predictions wait to be taken",
          retryAfterMs: answer.retryAfterMs,
        };
    }
  };
}
