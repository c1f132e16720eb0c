import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ended,
  fullTime,
  goal,
  KICKOFF,
  MATCH_ID,
  scheduled,
  started,
} from "../actors/match/match.testing.ts";
import { SettlementSaid } from "../channels/settlement_said.ts";

import { lastSaid, VolatileVoice } from "../channels/volatile_voice.ts";
import { leaderboardChannel } from "../protocol/channel_name.ts";
import { decodePublication, type Projection } from "../protocol/golazo_codec.ts";
import { limits } from "../runtime/limits.ts";
import { Projector } from "./projector.ts";
import { type SettlementStage, settlementStage } from "./settlement_test_kit.ts";

const LEAGUE = { format: { kind: "league" } } as const;

let stage: SettlementStage;
let projector: Projector;
beforeEach(async () => {
  stage = await settlementStage();
  const { broker, cells, reader } = stage.matches;
  const { clock, directory, store } = stage;
  const signal = stage.signal;
  projector = new Projector({
    ...{ clock, reader, directory, signal, settlements: store },
    ...{ voice: new VolatileVoice(broker, cells), random: stage.random, events: stage.events },
  });
  projector.start();
});
afterEach(async () => {
  projector.stop();
  await stage.close();
});

async function said(): Promise<Projection | null> {
  const [last] = await lastSaid(
    stage.matches.cells,
    leaderboardChannel(MATCH_ID),
    ["projection"],
  );
  return last === undefined ? null : decodePublication(last.body).projection ?? null;
}

const rows = async () => (await said())?.rows.map(({ points, fans, rank }) => [points, fans, rank]);

test("a match's board is told as it would stand, within ten seconds of a goal", async () => {
  await stage.predict([
    ["ana", "finalScore", "1-0"],
    ["ana", "matchWinner", "home"],
    ["bo", "finalScore", "0-0"],
    ["cy", "finalScore", "0-0"],
    ["dee", "matchWinner", "draw"],
  ]);
  await stage.tell([scheduled(LEAGUE)]);
  await stage.pass(limits.projectionEveryMs);
  expect(await said()).toBeNull();
  await stage.tell([started("firstHalf")]);
  await stage.pass(limits.projectionEveryMs);
  expect(await rows()).toEqual([[5, 2, 1], [2, 1, 3]]);
  expect(await said()).toMatchObject({ fans: 4, sampled: false, provisional: false });
  await stage.tell([goal("home", 20)]);
  await stage.pass(limits.projectionEveryMs);
  expect(await rows()).toEqual([[7, 1, 1]]);
  expect((await said())?.score).toMatchObject({ home: 1, away: 0 });
  await stage.tell([ended("firstHalf"), started("secondHalf"), ended("secondHalf")]);
  await stage.pass(limits.projectionEveryMs);
  expect(await said()).toMatchObject({ provisional: true });
});

test("goals that come fast are told together, ten seconds apart at most", async () => {
  await stage.predict([["ana", "finalScore", "3-0"]]);
  await stage.tell([scheduled(LEAGUE), started("firstHalf")]);
  await stage.pass(limits.projectionEveryMs);
  for (const minute of [5, 6, 7]) await stage.tell([goal("home", minute)]);
  await stage.pass(limits.projectionEveryMs);
  expect((await said())?.score).toMatchObject({ home: 3 });
  expect(await rows()).toEqual([[5, 1, 1]]);
});

test("once it is settled nothing is projected any more, and no point was written", async () => {
  await stage.predict([["ana", "finalScore", "1-0"]]);
  await stage.tell([scheduled(LEAGUE), ...fullTime(goal("home", 20))]);
  await stage.pass(limits.projectionEveryMs);
  expect(await said()).toMatchObject({ provisional: true });
  expect(await stage.sql.kysely.selectFrom("point_entry").selectAll().execute()).toEqual([]);
  const worker = await stage.begin();
  await stage.until(async () => await stage.phase() === "settled");
  await stage.pass(2 * limits.projectionEveryMs);
  expect(await said()).toBeNull();
  await worker.stop("the test is over");
});

test("a fan's own points follow the picks, and the rank the cells", async () => {
  await stage.predict([["ana", "finalScore", "1-0"], ["bo", "finalScore", "0-0"]]);
  await stage.tell([scheduled(LEAGUE), started("firstHalf")]);
  await stage.pass(limits.projectionEveryMs);
  const own = new SettlementSaid({
    ...{ cells: stage.matches.cells, reader: stage.matches.reader },
    predictions: {
      ofFan: (_, user) =>
        Promise.resolve([
          {
            ...{ clientId: "c", market: "finalScore", pick: user === "bo" ? "0-0" : "1-1" },
            acceptedAt: user === "late" ? KICKOFF : 1,
          },
        ]),
    },
  });
  expect(await own.projection(MATCH_ID, "bo")).toMatchObject({ points: 5, rank: 1, fans: 2 });
  expect(await own.projection(MATCH_ID, "ana")).toMatchObject({ points: 3, rank: 2 });
  expect(await own.projection(MATCH_ID, "late")).toMatchObject({
    ...{ points: 0, rank: null },
    picks: [{ mark: "void" }],
  });
  expect(await own.projection("no-match", "bo")).toBeNull();
});
