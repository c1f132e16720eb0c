/**
 * A Redis that comes back without its last entries, at the same time as an owner
 * dies or MySQL is away: what was answered with yes is kept, once, and no fan is
 * told to be up to date on what was taken back.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Ledger } from "../actors/ledger.ts";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import type { MatchEntryBody } from "../actors/match/match_actor.ts";
import { until } from "../drills/until.ts";
import {
  beginNode,
  remember,
  type SharedStores,
  startSharedStores,
  type TestNode,
} from "./shared_stores_test_kit.ts";

const play = [scheduled(), started("firstHalf"), goal("home", 10)];

let stores: SharedStores;
let nodes: TestNode[];
beforeEach(async () => {
  stores = await startSharedStores({ isForgetful: true });
  nodes = [];
});
afterEach(async () => {
  for (const node of nodes) await node.die();
  await stores.stop();
});

async function begin(fence: number): Promise<TestNode> {
  const node = await beginNode(stores, { fence });
  nodes.push(node);
  return node;
}

async function die(node: TestNode): Promise<void> {
  nodes.splice(nodes.indexOf(node), 1);
  await node.die();
}

/** Redis forgets what came after `remember`; those who live on reach it again. */
async function forget(...living: TestNode[]): Promise<void> {
  await stores.redis.server.kill();
  await stores.redis.server.startAgain();
  for (const node of living) {
    const isBack = () => node.channel().position().then(() => true, () => false);
    await until("a node reaches Redis again", isBack);
  }
}

/** Facts that feeds told, by their ids, as the ledger in Redis and SQL have them. */
async function recorded(node: TestNode): Promise<{ redis: string[]; sql: string[] }> {
  const ledger = new Ledger<MatchEntryBody>(node.hot.streams, "match", MATCH_ID);
  const inSql = await node.sql.records.entriesAfter(MATCH_ID, 0, 1_000);
  const told = (ids: string[]) => ids.filter((id) => id.startsWith("goal"));
  return {
    redis: told((await ledger.after(0)).map(({ body }) => body.fact.id)),
    sql: told(inSql.map(({ fact }) => fact.id)),
  };
}

test("what Redis and the owner lost together is followed by a new epoch", async () => {
  const first = await begin(1);
  await first.tell(play);
  await remember(stores);
  stores.mariadb.signal("SIGSTOP");
  // Shown, and neither in SQL nor in what Redis comes back with.
  void first.tell([goal("away", 20), goal("away", 21)]).catch(() => {});
  const before = (await first.channel().position())!.top;
  await until(
    "fans have seen them",
    async () => (await first.channel().position())!.top >= before + 2,
  );
  const { epoch, top } = (await first.channel().position())!;
  await Promise.all([forget(), die(first)]);
  stores.mariadb.signal("SIGCONT");

  const second = await begin(2);
  expect(await second.tell([goal("home", 30), goal("home", 31), goal("home", 32)]))
    .toEqual(["accepted", "accepted", "accepted"]);
  const now = (await second.channel().position())!;
  expect(now.top).toBeGreaterThan(top);
  // A fan that comes back with what it saw last.
  expect(await second.channel().after({ epoch, offset: top })).toBe("gap");
  expect(now.epoch).not.toBe(epoch);
  expect((await recorded(second)).sql)
    .toEqual(["goal-home-10+0", "goal-home-30+0", "goal-home-31+0", "goal-home-32+0"]);
});

test("a new owner over a Redis that lost nothing goes on in the same epoch", async () => {
  const first = await begin(1);
  await first.tell(play);
  const { epoch, top } = (await first.channel().position())!;
  await die(first);
  const second = await begin(2);
  await second.tell([goal("home", 30)]);
  const missed = await second.channel().after({ epoch, offset: top });
  expect(missed).not.toBe("gap");
  expect(missed.length).toBeGreaterThan(0);
});

test("what Redis lost while MySQL is away at the takeover comes back from SQL", async () => {
  const first = await begin(1);
  const second = await begin(2);
  await first.tell(play);
  await remember(stores);
  expect(await first.tell([goal("away", 20), goal("away", 21)])).toEqual(["accepted", "accepted"]);
  await Promise.all([forget(second), die(first)]);
  stores.mariadb.signal("SIGSTOP");
  const { epoch } = (await second.channel().position())!;
  // One that is new, and one whose yes the provider did not hear: both land where others were.
  const asked = second.tell([goal("home", 30), goal("away", 21)]);
  const more = pause(700).then(() => second.tell([goal("home", 31)]));
  await until("it is shown", async () => (await recordedInRedis(second)).length === 4);
  stores.mariadb.signal("SIGCONT");
  expect(await asked).toEqual(["accepted", "duplicate"]);
  expect(await more).toEqual(["accepted"]);
  const ids = ["goal-home-10+0", "goal-away-20+0", "goal-away-21+0"];
  const { redis, sql } = await recorded(second);
  expect(sql.slice(0, 3)).toEqual(ids);
  expect(sql.slice(3).toSorted()).toEqual(["goal-home-30+0", "goal-home-31+0"]);
  expect(redis).toEqual(sql);
  expect((await second.channel().position())!.epoch).not.toBe(epoch);
  expect(second.heard.filter((line) => line.startsWith("parked"))).toEqual([]);
});

test("what an owner that was stopped writes into SQL later is taken over too", async () => {
  const first = await begin(1);
  const second = await begin(2);
  await first.tell(play);
  await remember(stores);
  stores.mariadb.signal("SIGSTOP");
  const late = first.tell([goal("away", 20)]);
  await until("it is shown", async () => (await recordedInRedis(first)).length === 2);
  await forget(first, second);
  const asked = second.tell([goal("home", 30)]);
  await until(
    "both are shown",
    async () => (await recordedInRedis(second)).includes("goal-home-30+0"),
  );
  stores.mariadb.signal("SIGCONT");
  const answers = await Promise.race([
    Promise.all([late.catch(() => ["lost"]), asked]),
    pause(20_000),
  ]);
  expect(answers).toBeDefined();
  await until("stores agree", async () => {
    const { redis, sql } = await recorded(second);
    return sql.includes("goal-home-30+0") && redis.join() === sql.join();
  });
  const { sql } = await recorded(second);
  expect(new Set(sql).size).toBe(sql.length);
  if ((answers as string[][])[0]![0] === "accepted") expect(sql).toContain("goal-away-20+0");
});

async function recordedInRedis(node: TestNode): Promise<string[]> {
  const ledger = new Ledger<MatchEntryBody>(node.hot.streams, "match", MATCH_ID);
  const ids = (await ledger.after(0)).map(({ body }) => body.fact.id);
  return ids.filter((id) => id.startsWith("goal"));
}
