import { afterEach, beforeEach, expect, test } from "vitest";
import {
  amended,
  correction,
  fullTime,
  goal,
  interruption,
  MATCH_ID,
  scheduled,
  started,
} from "../actors/match/match.testing.ts";
import type { Settlements } from "../actors/ports/settlements.ts";
import { Bug } from "../runtime/failure.ts";
import { type SettlementStage, settlementStage } from "./settlement_test_kit.ts";
import type { SettlementSupervisor } from "./settlement_supervisor.ts";

const LEAGUE = { format: { kind: "league" } } as const;
const winner = goal("home", 80, { player: { name: "Messi" } });
const PLAYED = [scheduled(LEAGUE), ...fullTime(winner)];
const PICKS: [string, string, string][] = [
  ["ana", "finalScore", "1-0"],
  ["ana", "matchWinner", "home"],
  ["bo", "finalScore", "3-2"],
  ["cy", "finalScore", "0-0"],
  ["dee", "matchWinner", "draw"],
  ["eve", "finalScore", "2-0"],
  ["fay", "matchWinner", "home"],
];
const AFTER_1_0 = { ana: 7, bo: 3, eve: 2, fay: 2 };
const AFTER_0_0 = { cy: 5, dee: 2 };

let stage: SettlementStage;
const workers: SettlementSupervisor[] = [];
beforeEach(async () => (stage = await settlementStage()));
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop("the test is over");
  await stage.close();
});

async function work(...how: Parameters<SettlementStage["begin"]>) {
  const worker = await stage.begin(...how);
  workers.push(worker);
  return worker;
}

const isSettled = async () => await stage.phase() === "settled";
const runs = () =>
  stage.sql.kysely.selectFrom("settlement_run").select(["run", "state"])
    .where("match_id", "=", MATCH_ID).orderBy("run").execute();

test("a match that is over is settled, on every board, and its ledger says so", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(isSettled);
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_1_0);
  expect(stage.boards.totals("global")).toEqual(AFTER_1_0);
  expect(stage.boards.totals(
    "competition_" + (await stage.store.latest(MATCH_ID))!.boards[1]!
      .slice("competition_".length),
  )).toEqual(AFTER_1_0);
  await stage.pass(2_000);
  expect(await stage.said()).toMatchObject({ phase: "settled", run: 1, predictions: 7 });
  const { chunks, committed, ranked } = (await stage.said())!;
  expect([chunks, committed, ranked]).toEqual([3, 3, 3]);
  expect(stage.heard).toContain(`settlementEnded ${MATCH_ID} 1 settled 7`);
  await stage.pass(70_000);
  expect(await runs()).toEqual([{ run: 1, state: "settled" }]);
});

test("nothing is given while it is held, by time or by an operator", async () => {
  await stage.close();
  stage = await settlementStage({ holdMs: 120_000 });
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(async () => (await stage.said())?.phase === "planned");
  await stage.pass(100_000);
  expect(stage.boards.totals(MATCH_ID)).toEqual({});
  expect(await stage.command("hold")).toMatchObject({ outcome: "done" });
  await stage.pass(100_000);
  await stage.until(async () => (await stage.said())?.phase === "held");
  expect((await stage.said())?.reason).toBe("because");
  expect(stage.boards.totals(MATCH_ID)).toEqual({});
  await stage.command("resume");
  await stage.until(isSettled);
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_1_0);
});

test("an operator ends the holding time", async () => {
  await stage.close();
  stage = await settlementStage({ holdMs: 24 * 3_600_000 });
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(async () => (await stage.said())?.phase === "planned");
  await stage.command("settle");
  await stage.until(isSettled, 10_000);
});

test("a correction is another run, which gives the difference", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(isSettled);
  await stage.tell([correction("goal.annulled", winner)]);
  await stage.until(async () => (await runs()).length === 2 && await isSettled());
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_0_0);
  expect(await runs()).toEqual([{ run: 1, state: "settled" }, { run: 2, state: "settled" }]);
});

test("what changes no outcome says again that it is settled, and is no run", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(isSettled);
  await stage.tell([amended(winner, { player: { name: "Álvarez" } })]);
  expect(await stage.phase()).toBe("finished");
  await stage.until(isSettled);
  expect((await runs()).every(({ state }) => state === "settled" || state === "unchanged")).toBe(
    true,
  );
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_1_0);
});

test("outcomes that change on the way begin the next run; nobody ever has other points", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  stage.boards.isAway = true;
  await work();
  await stage.until(async () => (await stage.store.unranked(MATCH_ID)).length === 1);
  await stage.tell([correction("goal.annulled", winner)]);
  await stage.pass(1_000);
  stage.boards.isAway = false;
  await stage.until(isSettled);
  expect(await runs()).toEqual([{ run: 1, state: "superseded" }, { run: 2, state: "settled" }]);
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_0_0);
  for (const [fan, totals] of stage.boards.seen) {
    const given = [0, AFTER_1_0[fan as "ana"] ?? 0, AFTER_0_0[fan as "cy"] ?? 0];
    for (const total of totals) expect(given).toContain(total);
  }
});

test("a worker that dies is followed by another, which goes on where the rows are", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  stage.boards.isRefusing = true;
  const first = await work("worker-1");
  await stage.until(async () => (await stage.store.unranked(MATCH_ID)).length === 1);
  await first.stop("killed");
  stage.boards.isRefusing = false;
  await work("worker-2");
  await stage.until(isSettled);
  expect(await runs()).toEqual([{ run: 1, state: "settled" }]);
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_1_0);
});

test("of two workers one settles", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await Promise.all([work("worker-1"), work("worker-2")]);
  await stage.until(isSettled);
  await stage.pass(30_000);
  expect(await runs()).toEqual([{ run: 1, state: "settled" }]);
  expect(stage.heard.filter((line) => line.startsWith("settlementEnded"))).toHaveLength(1);
});

test("sums that differ hold the run, with an alarm, until somebody has looked", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  const wrong = { match_id: MATCH_ID, user_id: "dee", market: "matchWinner", run: 1, points: 9 };
  await stage.sql.kysely.insertInto("point_entry").values(wrong).execute();
  await work();
  await stage.until(() => stage.heard.some((line) => line.startsWith("settlementHeld")));
  await stage.pass(5_000);
  expect(await stage.store.latest(MATCH_ID)).toMatchObject({
    state: "held",
    held: { by: "golazo", reason: expect.stringContaining("matchWinner draw has 9 points") },
  });
  expect(await stage.phase()).toBe("finished");
  await stage.sql.kysely.deleteFrom("point_entry").where("points", "=", 9).execute();
  await stage.command("resume");
  await stage.until(isSettled);
});

test("an abandoned match is settled too: what was not decided is void", async () => {
  await stage.predict(PICKS);
  await stage.tell([scheduled(LEAGUE), started("firstHalf"), interruption("match.abandoned", 60)]);
  await work();
  await stage.until(async () => (await runs())[0]?.state === "settled");
  await stage.until(async () =>
    (await stage.matches.reader.read(MATCH_ID))?.context.settledSeq !== null
  );
  expect(await stage.phase()).toBe("abandoned");
  expect(stage.boards.totals(MATCH_ID)).toEqual({});
});

test("a match that is played on keeps its points until it is over again", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(isSettled);
  const whistle = PLAYED.find(({ type, id }) => type === "period.ended" && id.includes("second"))!;
  await stage.tell([correction("event.voided", whistle)]);
  await stage.pass(60_000);
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_1_0);
  expect(await runs()).toHaveLength(1);
});

test("one that always crashes is parked, and its neighbour is settled", async () => {
  const other = "bra-ger-2014-07-08";
  await stage.predict(PICKS);
  await stage.predict(PICKS, other);
  await stage.tell(PLAYED);
  await stage.tell(PLAYED, other);
  const broken = new Proxy(stage.store as Settlements, {
    get(target, name) {
      const own = target[name as keyof Settlements];
      if (name === "writeChunk") {
        return (matchId: string, ...rest: unknown[]) =>
          matchId === MATCH_ID
            ? Promise.reject(new Bug("broken"))
            : (own as (...args: unknown[]) => unknown).call(target, matchId, ...rest);
      }
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
  const worker = await work("worker-1", broken);
  await stage.until(() => stage.heard.some((line) => line.startsWith("childParked")));
  await stage.until(async () => await stage.phase(other) === "settled");
  expect(worker.status().map(({ id, state }) => [id, state])).toContainEqual([
    `settlement/${MATCH_ID}`,
    "parked",
  ]);
});

test("said again by an operator, a run writes nothing and verifies", async () => {
  await stage.predict(PICKS);
  await stage.tell(PLAYED);
  await work();
  await stage.until(isSettled);
  await stage.pass(1_000);
  await stage.command("again");
  workers[0]!.command(MATCH_ID);
  await stage.until(async () =>
    (await runs()).length === 2 && (await runs())[1]!.state === "settled"
  );
  expect(stage.boards.totals(MATCH_ID)).toEqual(AFTER_1_0);
});
