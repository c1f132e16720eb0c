import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  goal,
  MATCH_ID,
  reviewClosed,
  reviewOpened,
  scheduled,
  started,
} from "../actors/match/match.testing.ts";
import type { PredictionToTake } from "../actors/ports/predictions.ts";
import { CrowdTally } from "../channels/crowd_tally.ts";
import { MatchSignal } from "../channels/match_signal.ts";
import { type MatchStage, matchStage } from "../channels/match_test_kit.ts";
import { lastSaid, VolatileVoice } from "../channels/volatile_voice.ts";
import { PredictionStore } from "../db/sql/prediction_store.ts";
import { type TemporarySql, temporarySql } from "../db/sql/temporary_sql.ts";
import { decodePublication } from "../protocol/golazo_codec.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { CrowdKeeper } from "./crowd_keeper.ts";
import { TalliedPredictions } from "./tallied_predictions.ts";

const CHANNEL = `prediction:${MATCH_ID}`;
let stage: MatchStage;
let sql: TemporarySql;
let keeper: CrowdKeeper;
let predictions: TalliedPredictions;
let signal: MatchSignal;
beforeEach(async () => {
  [stage, sql] = [matchStage(), await temporarySql()];
  const { broker, cells, clock, reader, directory } = stage;
  const store = new PredictionStore(sql.sql);
  predictions = new TalliedPredictions(store, new CrowdTally(broker, clock));
  signal = new MatchSignal(broker);
  keeper = new CrowdKeeper({
    ...{ hot: stage, store, clock, events: silentEvents, random: seededRandom(1) },
    readers: { reader, directory, signal, voice: new VolatileVoice(broker, cells) },
  });
  await stage.tell([scheduled({ kickoffAt: clock.now() + 60_000 })]);
  await directory.add(MATCH_ID);
  await sql.sql.kysely.insertInto("fixture").values({
    ...{ match_id: MATCH_ID, competition: "", stage: "", home: "{}", away: "{}", format: "{}" },
    // By the database's clock, which is today's.
    ...{ status: "scheduled", kickoff_at: 0, lock_at: Number.MAX_SAFE_INTEGER, updated_seq: 1 },
  }).execute();
});
afterEach(async () => {
  keeper.stop();
  await sql.close();
  stage.close();
});

const pick = (user: string, pick: string): PredictionToTake => ({
  ...{ clientId: user, user, match: MATCH_ID, market: "matchWinner" },
  pick,
});
const said = async (part: "markets" | "crowd") =>
  (await lastSaid(stage.cells, CHANNEL, [part])).map(({ body }) => decodePublication(body));
const crowd = async () =>
  (await said("crowd")).map(({ crowd }) => crowd!).find(({ market }) => market === "matchWinner");
const markets = async () => (await said("markets"))[0]?.markets;
/** Simulated time, with turns for what really waits. */
async function pass(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += limits.crowdLookMs) {
    await stage.clock.advance(limits.crowdLookMs);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}
async function tell(...facts: Parameters<MatchStage["tell"]>[0]): Promise<void> {
  await stage.tell(facts);
  signal.changed(MATCH_ID);
  await pass(limits.crowdLookMs);
}

describe("CrowdKeeper", () => {
  test("says what can be picked of a scheduled match at first sight, and when it locks", async () => {
    await keeper.start();
    expect(await markets()).toMatchObject({
      lockAt: stage.clock.now() + 60_000,
      open: ["finalScore", "firstScorer", "possession", "matchWinner", "toQualify"],
      voided: [],
      suspended: false,
    });
    await pass(60_000);
    expect(await markets()).toMatchObject({ open: [], reason: "locked" });
  });

  test("counts who picked before, adds who picks, and is exact once it is quiet", async () => {
    await predictions.take([pick("ada", "home"), pick("bob", "home"), pick("eve", "draw")]);
    await keeper.start();
    await pass(limits.crowdVoiceMs);
    await predictions.take([pick("ada", "away"), pick("dan", "away")]);
    await pass(limits.crowdTallyMs + limits.crowdVoiceMs);
    await pass(limits.crowdQuietMs + limits.crowdVoiceMs);
    expect(await crowd()).toMatchObject({
      top: [{ pick: "away", fans: 2 }, { pick: "draw", fans: 1 }, { pick: "home", fans: 1 }],
      others: 0,
      fans: 4,
    });
  });

  test("says a crowd once a second at most, however many pick", async () => {
    await keeper.start();
    await pass(limits.crowdVoiceMs);
    let told = 0;
    await stage.broker.subscribe(CHANNEL, () => void told++);
    for (let at = 0; at < 20; at++) {
      await predictions.take([pick(`fan-${at}`, "home")]);
      await pass(limits.crowdLookMs);
    }
    // Five markets each time.
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(5 * 6);
  });

  test("is suspended for a while after a goal and all through a review", async () => {
    await tell(started("firstHalf", { occurredAt: stage.clock.now() }));
    await keeper.start();
    expect(await markets()).toMatchObject({ suspended: false, reason: "locked", open: [] });
    await tell(goal("home", 3));
    expect(await markets()).toMatchObject({ suspended: true, reason: "goal" });
    await tell(reviewOpened(4));
    await pass(2 * limits.suspendedMs);
    expect(await markets()).toMatchObject({ suspended: true, reason: "review" });
    await tell(reviewClosed(6, "goalStands" as never));
    await pass(limits.suspendedMs + limits.crowdLookMs);
    expect(await markets()).toMatchObject({ suspended: false, reason: "locked" });
  });

  test("says that a market was taken out", async () => {
    await keeper.start();
    await sql.sql.kysely.insertInto("market_void").values({
      ...{ match_id: MATCH_ID, market: "possession", by: "op", reason: "no figures", at: 1 },
    }).execute();
    await tell();
    expect(await markets()).toMatchObject({ voided: ["possession"] });
    expect((await markets())!.open).not.toContain("possession");
  });

  test("keeps no more matches than its bound", async () => {
    await keeper.start();
    const tally = new CrowdTally(stage.broker, stage.clock);
    for (let at = 0; at < limits.crowdMatchesMax + 50; at++) {
      tally.note(`match-${at}`, "matchWinner", "home", null);
    }
    tally.tell();
    expect(keeper.kept).toBe(limits.crowdMatchesMax);
  });
});
