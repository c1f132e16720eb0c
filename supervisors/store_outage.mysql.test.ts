/** Matches that start while a store is away: however long that is, they wait and are not parked. */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import { until } from "../drills/until.ts";
import { limits } from "../runtime/limits.ts";
import {
  beginNode,
  hurriedClock,
  type SharedStores,
  startSharedStores,
  type TestNode,
} from "./shared_stores_test_kit.ts";

const TIMES = 8;
/** Six starts that fail take 6.2 s: who counted them would have parked the match by then. */
const AWAY_MS = 20_000 / TIMES;
const play = [scheduled(), started("firstHalf"), goal("home", 23)];

let stores: SharedStores;
let node: TestNode;
beforeEach(async () => {
  stores = await startSharedStores();
  node = await beginNode(stores, { clock: hurriedClock(TIMES) });
});
afterEach(async () => {
  await node.die();
  await stores.stop();
});

const alarms = () => node.heard.filter((line) => line.startsWith(`match/${MATCH_ID} cannot run`));

describe("a match that nobody has heard of yet", () => {
  test.each(["SIGKILL", "SIGSTOP"] as const)("waits for a MySQL that got %s", async (signal) => {
    stores.mariadb.signal(signal);
    const asked = node.tell(play);
    await pause(AWAY_MS);
    // One that is frozen may not have failed the first start yet.
    expect(["backingOff", "starting"]).toContain(node.state());
    if (signal === "SIGKILL") expect(alarms()).toHaveLength(1);
    if (signal === "SIGSTOP") stores.mariadb.signal("SIGCONT");
    else await stores.mariadb.restart();
    expect(await asked).toEqual(["accepted", "accepted", "accepted"]);
    expect(node.heard.filter((line) => /^(restarted|parked)/.test(line))).toEqual([]);
  });
});

test("a match that sleeps waits for a Redis that is away", async () => {
  await node.tell(play);
  await node.matches.passivate(MATCH_ID);
  await stores.redis.server.kill();
  await node.matches.wake(MATCH_ID);
  await pause(AWAY_MS);
  expect(node.state()).toBe("backingOff");
  expect(alarms()).toHaveLength(1);
  await stores.redis.server.startAgain();
  await until("it runs", () => node.state() === "running", limits.startRetryMsMax * 2);
  expect(await node.tell([goal("away", 40)])).toEqual(["accepted"]);
});

test("a match that plays waits for a Redis that goes away", async () => {
  await node.tell(play);
  stores.redis.server.freeze();
  const asked = node.matches.deliver(MATCH_ID, [
    { fact: goal("away", 40), receivedAt: 0, intake: 99 },
  ]);
  await pause(AWAY_MS);
  expect(["backingOff", "starting"]).toContain(node.state());
  stores.redis.server.thaw();
  // It may have taken in before it froze what nobody was told of.
  expect(["accepted", "duplicate"]).toContain((await asked)[0]!.outcome);
  expect(node.heard.filter((line) => /^(restarted|parked)/.test(line))).toEqual([]);
});
