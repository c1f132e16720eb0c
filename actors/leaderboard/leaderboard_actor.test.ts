import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentEvents } from "../../runtime/business_events.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { LeaderboardActor } from "./leaderboard_actor.ts";
import { changedCounts } from "./rank_histogram.ts";
import { changes, pointSums, type ShardBench, shardBench } from "./leaderboard_test_kit.ts";

let bench: ShardBench;
let clock: SimulatedClock;
let announced: number;
let actors: LeaderboardActor[];
beforeEach(() => {
  bench = shardBench();
  clock = new SimulatedClock();
  announced = 0;
  actors = [];
});
afterEach(async () => {
  bench.rankings.isAway = false;
  for (const actor of actors) await actor.stop();
  bench.close();
});

async function start(fence = 1): Promise<LeaderboardActor> {
  const announce = () => void announced++;
  const actor = await LeaderboardActor.start({
    ...bench.options,
    fence,
    clock,
    events: silentEvents,
    announce,
  });
  actors.push(actor);
  return actor;
}
const chunk = (key: string, scores: Record<string, number>) => ({ key, changes: changes(scores) });
const page = (actor: LeaderboardActor) =>
  actor.top.rows.map(({ rank, member, score }) => `${rank} ${member} ${score}`);
const until = async (isSo: () => boolean) => {
  for (let turns = 0; !isSo() && turns < 1_000; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isSo()).toBe(true);
};
const applied = { outcome: "applied" };
const unavailable = { code: "shardUnavailable", retryable: true };

describe("LeaderboardActor", () => {
  test("applies what waits, in order", async () => {
    const actor = await start();
    const answers = await Promise.all([
      actor.apply(chunk("a", { ana: 3, bea: 3 })),
      actor.apply(chunk("b", { ana: 1 })),
      actor.apply(chunk("b", { ana: 1 })),
    ]);
    expect(answers).toEqual([applied, applied, { outcome: "applied before" }]);
    expect(
      await Promise.all([
        actor.standings(["ana", "bea"]),
        actor.standings(["cem"]),
        actor.around({ member: "ana", score: 4 }, 1, 1),
      ]),
    ).toEqual([
      [{ member: "ana", score: 4, rank: 1 }, { member: "bea", score: 3, rank: 2 }],
      [{ member: "cem", score: 0, rank: null }],
      [{ member: "ana", score: 4, rank: 1 }, { member: "bea", score: 3, rank: 2 }],
    ]);
    expect(changedCounts(null, actor.counts())).toEqual([
      { score: 3, members: 1 },
      { score: 4, members: 1 },
    ]);
    expect(announced).toBeGreaterThan(1);
  });

  test("answers questions while a chunk is under way, with what was committed before it", async () => {
    const actor = await start();
    await actor.apply(chunk("a", { ana: 3, bea: 5 }));
    const { promise, resolve: goOn } = Promise.withResolvers<void>();
    bench.rankings.held = promise;
    let isApplied = false;
    const applying = actor.apply(chunk("b", { ana: 9 })).then(() => (isApplied = true));
    await until(() => actor.state === "applying");
    expect(await actor.standings(["ana"])).toEqual([{ member: "ana", score: 3, rank: 2 }]);
    const window = await actor.around({ member: "ana", score: 3 }, 1, 1);
    expect(window.map(({ member }) => member)).toEqual(["bea", "ana"]);
    expect(isApplied).toBe(false);
    goOn();
    await applying;
    expect(await actor.standings(["ana"])).toEqual([{ member: "ana", score: 12, rank: 1 }]);
  });

  test("answers nobody from a ranking that is being replaced", async () => {
    const actor = await start();
    await actor.apply(chunk("a", { ana: 3 }));
    const rebuilt = actor.rebuild(pointSums({ ana: 7, bea: 8 }));
    const seen = new Set<string>();
    let isOver = false;
    void rebuilt.then(() => (isOver = true));
    while (!isOver) {
      const [standing] = await actor.standings(["ana"]);
      seen.add(`${standing!.rank} ${standing!.score}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await actor.standings(["ana"])).toEqual([{ member: "ana", score: 7, rank: 2 }]);
    expect([...seen].every((one) => one === "1 3" || one === "2 7")).toBe(true);
  });

  test("takes no more questions at once than its inbox holds", async () => {
    const actor = await start();
    const ask = () => actor.standings(["ana"]);
    const answers = await Promise.allSettled(
      Array.from({ length: limits.leaderboardInboxMax + 5 }, ask),
    );
    expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(5);
    expect(answers.at(-1)).toMatchObject({ reason: unavailable });
    expect(await ask()).toEqual([{ member: "ana", score: 0, rank: null }]);
  });

  test("tells who sent a chunk of unknown outcome to send it again, and counts it once", async () => {
    const actor = await start();
    for (const [at, loss] of (["never", "at once", "late"] as const).entries()) {
      bench.rankings.losses = [loss];
      const lost = chunk(`run/${at}`, { ana: 1 });
      await expect(actor.apply(lost)).rejects.toMatchObject(unavailable);
      expect(await actor.apply(lost)).toEqual({ outcome: "applied before" });
      expect(page(actor)).toEqual([`1 ana ${at + 1}`]);
    }
  });

  test("waits for its store, then answers with what the store holds", async () => {
    const actor = await start();
    await actor.apply(chunk("a", { ana: 3 }));
    bench.rankings.isAway = true;
    await expect(actor.standings(["ana"])).rejects.toMatchObject(unavailable);
    await expect(actor.apply(chunk("b", { ana: 1 }))).rejects.toMatchObject(unavailable);
    expect(actor.state).toBe("loading");
    expect(page(actor)).toEqual(["1 ana 3"]);
    const later = actor.apply(chunk("b", { ana: 1 }));
    bench.rankings.isAway = false;
    await clock.advance(limits.leaderboardRetryMs);
    expect(await later).toEqual({ outcome: "applied before" });
    expect(page(actor)).toEqual(["1 ana 4"]);
  });

  test("frozen it refuses chunks and answers questions, after a restart too", async () => {
    const first = await start();
    await first.apply(chunk("a", { ana: 3 }));
    expect(await first.freeze()).toEqual({ outcome: "done" });
    expect(await first.freeze()).toEqual({ outcome: "done" });
    await first.stop();
    const actor = await start(2);
    expect(actor.state).toBe("frozen");
    const refused = { outcome: "refused", state: "frozen" };
    expect(await actor.apply(chunk("b", { ana: 1 }))).toEqual(refused);
    expect(await actor.standings(["ana"])).toEqual([{ member: "ana", score: 3, rank: 1 }]);
    expect(await actor.unfreeze()).toEqual({ outcome: "done" });
    expect(await actor.apply(chunk("b", { ana: 1 }))).toEqual(applied);
  });

  test("a rebuild gives the ranks of the sums; chunks in them stay applied, others come after", async () => {
    const actor = await start();
    await actor.apply(chunk("run/0", { ana: 3, bea: 1, ghost: 9 }));
    const rebuilt = actor.rebuild(
      pointSums({ ana: 3, bea: 1, cem: 3, dan: 0, eve: 1 }, ["run/0", "run/1"]),
    );
    // As soon as it has begun.
    expect(await actor.apply(chunk("run/2", { bea: 4 }))).toEqual({
      outcome: "refused",
      state: "rebuilding",
    });
    expect(await actor.standings(["ghost"])).toEqual([{ member: "ghost", score: 9, rank: 1 }]);
    expect(await rebuilt).toEqual({ outcome: "done" });
    expect(page(actor)).toEqual(["1 ana 3", "1 cem 3", "3 bea 1", "3 eve 1"]);
    for (const key of ["run/0", "run/1"]) {
      expect(await actor.apply(chunk(key, { ana: 3 }))).toEqual({ outcome: "applied before" });
    }
    expect(await actor.apply(chunk("run/2", { bea: 4 }))).toEqual(applied);
    expect(page(actor)[0]).toBe("1 bea 5");
    await actor.stop();
    expect(page(await start(2))).toEqual(["1 bea 5", "2 ana 3", "2 cem 3", "4 eve 1"]);
  });

  test("a rebuild that fails or is stopped leaves the old ranks and no trace", async () => {
    const actor = await start();
    await actor.apply(chunk("run/0", { ana: 3 }));
    await expect(actor.rebuild(pointSums({ bea: 1, cem: 0.5 }))).rejects
      .toMatchObject({ code: "pointsOutOfRange" });
    expect(page(actor)).toEqual(["1 ana 3"]);
    bench.rankings.losses = ["at once"];
    await expect(actor.rebuild(pointSums({ bea: 1 }))).rejects.toMatchObject({ retryable: true });
    expect(page(actor)).toEqual(["1 ana 3"]);
    const { promise: stopping, resolve: goOn } = Promise.withResolvers<void>();
    const contained = async function* () {
      await stopping;
      yield ["run/0"];
    };
    const source = { ...pointSums({ bea: 1, cem: 2, dan: 3 }), contained: contained() };
    const stopped = expect(actor.rebuild(source)).rejects.toThrow();
    await until(() => actor.state === "rebuilding");
    const isStopped = actor.stop();
    goOn();
    await isStopped;
    await stopped;
    const next = await start(2);
    expect(page(next)).toEqual(["1 ana 3"]);
    expect(await next.apply(chunk("run/0", { ana: 3 }))).toEqual({ outcome: "applied before" });
  });

  test("ends with a crash where a newer owner has come, and answers nobody after its end", async () => {
    const old = await start(1);
    await start(2);
    await expect(old.apply(chunk("a", { ana: 1 }))).rejects.toMatchObject(unavailable);
    expect(await old.exited).toMatchObject({ kind: "crash", cause: { code: "fenced" } });
    await expect(old.standings(["ana"])).rejects.toMatchObject(unavailable);
  });

  test("refuses to take more than its inbox holds, and who waits at its stop is told", async () => {
    const actor = await start();
    const asked = Array.from(
      { length: limits.leaderboardInboxMax + 5 },
      (_, n) => actor.apply(chunk(`run/${n}`, { ana: 1 })),
    );
    const stopped = actor.stop();
    const answers = await Promise.allSettled(asked);
    await stopped;
    expect(await actor.exited).toEqual({ kind: "shutdown" });
    const done = answers.filter(({ status }) => status === "fulfilled").length;
    expect(answers.slice(-5).every(({ status }) => status === "rejected")).toBe(true);
    expect(page(await start(2))).toEqual(done === 0 ? [] : [`1 ana ${done}`]);
  });

  test("does not start without its store", async () => {
    bench.rankings.isAway = true;
    await expect(start()).rejects.toMatchObject({ retryable: true });
  });

  test("a chunk beyond its limit is the sender's bug and not the shard's", async () => {
    const actor = await start();
    const many = Array.from({ length: limits.leaderboardChangesMaxSqlite + 1 }, (_, n) => ({
      member: `u${n}`,
      score: 1,
    }));
    expect(() => actor.apply({ key: "a", changes: many })).toThrow("limit");
    expect(await actor.apply({ key: "a", changes: many.slice(1) })).toEqual(applied);
  });
});
