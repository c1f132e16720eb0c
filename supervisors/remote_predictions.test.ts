import { afterEach, beforeEach, expect, test } from "vitest";
import { PARTITIONS } from "../actors/ports/partition.ts";
import type { PredictionToTake } from "../actors/ports/predictions.ts";
import { OwnerCaller, OwnerDoors } from "../channels/owner_call.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { PredictionStore } from "../db/sql/prediction_store.ts";
import { type TemporarySql, temporarySql } from "../db/sql/temporary_sql.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { predictionAbilities, RemotePredictions } from "./remote_predictions.ts";

let sql: TemporarySql;
let caller: OwnerCaller;
let remote: RemotePredictions;
/** What stands in the way at the owner's. */
let obstacle: Failure | null;
beforeEach(async () => {
  sql = await temporarySql();
  obstacle = null;
  await sql.sql.kysely.insertInto("fixture").values({
    ...{ match_id: "arg-fra", competition: "", stage: "", home: "{}", away: "{}", format: "{}" },
    ...{ status: "scheduled", kickoff_at: 0, lock_at: Number.MAX_SAFE_INTEGER, updated_seq: 1 },
  }).execute();
  const broker = new MemoryBroker(silentEvents);
  const store = new PredictionStore(sql.sql);
  const doors = new OwnerDoors(
    broker,
    predictionAbilities({
      take: (batch) => obstacle === null ? store.take(batch) : Promise.reject(obstacle),
      ofFan: (match, user) => store.ofFan(match, user),
      pickCounts: (match) => store.pickCounts(match),
    }),
  );
  for (let partition = 0; partition < PARTITIONS; partition++) await doors.open(partition);
  caller = await OwnerCaller.open({ broker, clock: systemClock, node: "gateway-1" });
  remote = new RemotePredictions(caller);
});
afterEach(async () => {
  caller.close();
  await sql.close();
});

const ask = (user: string, pick = "2-1"): PredictionToTake => ({
  ...{ clientId: user, user, match: "arg-fra", market: "finalScore" },
  pick,
});

test("RemotePredictions takes, shows and counts where SQL is", async () => {
  expect(await remote.take([])).toEqual([]);
  const fans = Array.from({ length: 40 }, (_, at) => `fan-${at}`);
  for (const fan of fans) {
    expect(await remote.take([ask(fan)])).toEqual([{ outcome: "taken", before: null }]);
  }
  expect(await remote.take([ask("fan-1"), ask("fan-2", "x")])).toEqual([
    { outcome: "unchanged" },
    { outcome: "taken", before: "2-1" },
  ]);
  expect(await remote.ofFan("arg-fra", "fan-1")).toMatchObject([{ pick: "2-1" }]);
  expect(await remote.pickCounts("arg-fra")).toEqual(
    expect.arrayContaining([{ market: "finalScore", pick: "2-1", fans: 39 }]),
  );
});

test("RemotePredictions hears of what is in the way there", async () => {
  obstacle = new Failure("storeBusy", "a deadlock", { retryable: true });
  await expect(remote.take([ask("ada")])).rejects.toMatchObject({
    code: "storeBusy",
    retryable: true,
  });
});
