import { beforeEach, describe, expect, test } from "vitest";
import type { PredictionToTake, TakeOutcome } from "../actors/ports/predictions.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { nextTurn } from "../runtime/turn.ts";
import { PredictionBatches } from "./prediction_batches.ts";

interface Flight {
  batch: PredictionToTake[];
  land(): void;
  crash(error: unknown): void;
}

let clock: SimulatedClock;
let flights: Flight[];
let batches: PredictionBatches;
beforeEach(() => {
  clock = new SimulatedClock();
  flights = [];
  batches = new PredictionBatches({
    take: (batch) =>
      new Promise<TakeOutcome[]>((resolve, reject) =>
        void flights.push({
          batch,
          land: () => resolve(batch.map(() => ({ outcome: "taken", before: null }))),
          crash: reject,
        })
      ),
  }, clock);
});

let asked = 0;
const ask = (user = `fan-${++asked}`, pick = "1-0"): PredictionToTake => ({
  ...{ clientId: `c${++asked}`, user, match: "arg-fra", market: "finalScore" },
  pick,
});
const sizes = () => flights.map(({ batch }) => batch.length);

describe("PredictionBatches", () => {
  test("who comes after a quiet moment goes with his turn, and nobody is answered before it is committed", async () => {
    let answered = 0;
    for (let at = 0; at < 3; at++) void batches.take(ask()).then(() => void answered++);
    expect(sizes()).toEqual([]);
    await clock.advance(0);
    expect(sizes()).toEqual([3]);
    await nextTurn();
    expect(answered).toBe(0);
    flights[0]!.land();
    await nextTurn();
    expect(answered).toBe(3);
  });

  test("in a rush a batch leaves every 25 ms, whether the one before has landed or not", async () => {
    void batches.take(ask());
    await clock.advance(0);
    for (let at = 0; at < 3; at++) void batches.take(ask());
    await clock.advance(limits.predictionBatchMs - 1);
    flights[0]!.land();
    await nextTurn();
    void batches.take(ask());
    expect(sizes()).toEqual([1]);
    await clock.advance(1);
    expect(sizes()).toEqual([1, 4]);
    void batches.take(ask());
    await clock.advance(limits.predictionBatchMs);
    expect(sizes()).toEqual([1, 4, 1]);
  });

  test("a full batch leaves at once, and only so many are under way", async () => {
    const max = limits.predictionBatchMax;
    const all = Array.from(
      { length: max * (limits.predictionFlightsMax + 1) },
      () => batches.take(ask()),
    );
    expect(sizes()).toEqual(Array(limits.predictionFlightsMax).fill(max));
    flights[0]!.land();
    await nextTurn();
    expect(sizes()).toHaveLength(limits.predictionFlightsMax + 1);
    for (const flight of flights) flight.land();
    expect(await Promise.all(all)).toHaveLength(all.length);
  });

  test("what a fan sends last is committed last", async () => {
    void batches.take(ask("ada", "1-0"));
    await clock.advance(limits.predictionBatchMs);
    void batches.take(ask("ada", "2-0"));
    void batches.take(ask("bob"));
    await clock.advance(limits.predictionBatchMs);
    expect(flights.map(({ batch }) => batch.map(({ user }) => user))).toEqual([["ada"], ["bob"]]);
    flights[0]!.land();
    await nextTurn();
    expect(flights[2]!.batch).toMatchObject([{ user: "ada", pick: "2-0" }]);
  });

  test("past the queue fans are told when it will have been served", async () => {
    const fill = () => Array.from({ length: limits.predictionQueueMax }, () => batches.take(ask()));
    void Promise.allSettled(fill());
    await clock.advance(20);
    flights[0]!.land();
    await nextTurn();
    // 100 predictions took 20 ms, so what waits takes a fifth of a millisecond each.
    const waiting = limits.predictionQueueMax - 5 * limits.predictionBatchMax;
    void Promise.allSettled(
      Array.from({ length: limits.predictionQueueMax - waiting }, () => batches.take(ask())),
    );
    expect(await batches.take(ask())).toEqual({
      outcome: "busy",
      retryAfterMs: Math.ceil(limits.predictionQueueMax / (100 / 20)),
    });
  });

  test("one fan cannot fill the queue", async () => {
    for (let at = 0; at < limits.predictionsOfFanWaitingMax; at++) void batches.take(ask("ada"));
    // The first batch is under way with what it holds of her.
    for (let at = 0; at < limits.predictionsOfFanWaitingMax; at++) void batches.take(ask("ada"));
    expect(await batches.take(ask("ada"))).toMatchObject({ outcome: "busy" });
    void batches.take(ask("bob"));
    await clock.advance(limits.predictionBatchMs);
    expect(flights.at(-1)!.batch).toMatchObject([{ user: "bob" }]);
  });

  test("a batch that was in another's way goes again, once", async () => {
    const busy = new Failure("storeBusy", "deadlock", { retryable: true });
    const taken = batches.take(ask());
    await clock.advance(limits.predictionBatchMs);
    flights[0]!.crash(busy);
    await nextTurn();
    flights[1]!.land();
    expect(await taken).toEqual({ outcome: "taken", before: null });

    const given = batches.take(ask()).catch((error) => error);
    await clock.advance(limits.predictionBatchMs);
    flights[2]!.crash(busy);
    await nextTurn();
    flights[3]!.crash(busy);
    expect(await given).toBe(busy);
  });

  test("stop gives up what waits and ends with what is under way", async () => {
    const first = batches.take(ask());
    await clock.advance(limits.predictionBatchMs);
    const second = batches.take(ask()).catch((error) => error.code);
    let isStopped = false;
    const stopped = batches.stop().then(() => (isStopped = true));
    expect(await second).toBe("stopping");
    expect(isStopped).toBe(false);
    flights[0]!.land();
    await stopped;
    expect(await first).toMatchObject({ outcome: "taken" });
    await expect(batches.take(ask())).rejects.toMatchObject({ code: "stopping" });
  });
});
