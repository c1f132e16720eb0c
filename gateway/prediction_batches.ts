/**
 * Predictions on their way to SQL, many fans in one transaction.
 *
 * Who comes after a quiet moment goes with the others of his turn; in a rush a
 * transaction leaves every 25 ms, so that many share it. Nobody is answered before
 * his is committed. A few transactions are under way at a time, never
 * two with the same fan, so what a fan sends last is what stands. Whoever comes
 * when the queue is full is told when it will have been served, by the rate at
 * which it is being served now.
 */
import type { Predictions, PredictionToTake, TakeOutcome } from "../actors/ports/predictions.ts";
import type { Clock, Timer } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface Busy {
  outcome: "busy";
  retryAfterMs: number;
}

interface Waiting {
  prediction: PredictionToTake;
  resolve(outcome: TakeOutcome): void;
  reject(reason: unknown): void;
}

/** How much the last batch says about the rate, against all before it. */
const RATE_WEIGHT = 0.2;

export class PredictionBatches {
  readonly #predictions: Pick<Predictions, "take">;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  readonly #waitingOf = new Map<string, number>();
  readonly #fansUnderWay = new Set<string>();
  readonly #flights = new Set<Promise<void>>();
  #timer: Timer | null = null;
  #departedAt = Number.NEGATIVE_INFINITY;
  /** Predictions a millisecond while there are any; null before the first batch. */
  #rate: number | null = null;
  #landedAt = 0;
  #isStopped = false;

  constructor(predictions: Pick<Predictions, "take">, clock: Clock) {
    this.#predictions = predictions;
    this.#clock = clock;
  }

  /** Resolves once committed. @throws {Failure} where SQL is away. */
  async take(prediction: PredictionToTake): Promise<TakeOutcome | Busy> {
    if (this.#isStopped) throw stopping();
    const ofFan = this.#waitingOf.get(prediction.user) ?? 0;
    const isFull = this.#waiting.length >= limits.predictionQueueMax ||
      ofFan >= limits.predictionsOfFanWaitingMax;
    if (isFull) return { outcome: "busy", retryAfterMs: this.#servedInMs() };
    this.#waitingOf.set(prediction.user, ofFan + 1);
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ prediction, resolve, reject });
      // Those who come in one turn, as of one request, go together.
      if (this.#waiting.length >= limits.predictionBatchMax) this.#depart();
      else this.#departIn(Math.max(0, this.#dueInMs()));
    });
  }

  /** What waits is given up, what is under way comes to its end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    for (const { reject } of this.#waiting.splice(0)) reject(stopping());
    await Promise.all(this.#flights);
  }

  #depart(): void {
    while (this.#waiting.length > 0 && this.#flights.size < limits.predictionFlightsMax) {
      const dueInMs = this.#dueInMs();
      if (dueInMs > 0 && this.#waiting.length < limits.predictionBatchMax) {
        return this.#departIn(dueInMs);
      }
      const batch = this.#board();
      // All who wait have something under way; its landing calls them.
      if (batch.length === 0) return;
      this.#departedAt = this.#clock.monotonic();
      const flight = this.#fly(batch).finally(() => {
        this.#flights.delete(flight);
        this.#depart();
      });
      this.#flights.add(flight);
    }
  }

  #dueInMs(): number {
    return this.#departedAt + limits.predictionBatchMs - this.#clock.monotonic();
  }

  #departIn(delayMs: number): void {
    this.#timer ??= this.#clock.after(delayMs, () => {
      this.#timer = null;
      this.#depart();
    });
  }

  /** The first who wait, but for fans of whom another batch is under way. */
  #board(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of this.#waiting) {
      const isFree = batch.length < limits.predictionBatchMax &&
        !this.#fansUnderWay.has(one.prediction.user);
      (isFree ? batch : left).push(one);
    }
    this.#waiting = left;
    for (const { prediction: { user } } of batch) {
      this.#fansUnderWay.add(user);
      const others = this.#waitingOf.get(user)! - 1;
      if (others > 0) this.#waitingOf.set(user, others);
      else this.#waitingOf.delete(user);
    }
    return batch;
  }

  async #fly(batch: Waiting[]): Promise<void> {
    const departedAt = this.#clock.monotonic();
    try {
      const outcomes = await this.#takeTwice(batch.map(({ prediction }) => prediction));
      batch.forEach(({ resolve }, at) => resolve(outcomes[at]!));
      this.#measure(batch.length, departedAt);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { prediction } of batch) this.#fansUnderWay.delete(prediction.user);
    }
  }

  /** Two batches that were in each other's way: one was rolled back, and goes again. */
  async #takeTwice(predictions: PredictionToTake[]): Promise<TakeOutcome[]> {
    try {
      return await this.#predictions.take(predictions);
    } catch (error) {
      if (!(error instanceof Failure && error.code === "storeBusy")) throw error;
      return await this.#predictions.take(predictions);
    }
  }

  #measure(count: number, departedAt: number): void {
    const now = this.#clock.monotonic();
    const rate = count / Math.max(1, now - Math.max(departedAt, this.#landedAt));
    this.#landedAt = now;
    this.#rate = this.#rate === null ? rate : this.#rate + RATE_WEIGHT * (rate - this.#rate);
  }

  #servedInMs(): number {
    const { predictionRetryMsMin, predictionRetryMsMax } = limits;
    const ms = this.#rate === null ? predictionRetryMsMax : this.#waiting.length / this.#rate;
    return Math.ceil(Math.min(predictionRetryMsMax, Math.max(predictionRetryMsMin, ms)));
  }
}

function stopping(): Failure {
  return new Failure("stopping", "Cannot take predictions: this server is stopping", {
    retryable: true,
  });
}
