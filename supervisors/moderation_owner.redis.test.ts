/**
 * The global log over a real Redis and a real MariaDB: another process knows of a
 * ban within a second, told or not, and a Redis that was emptied lifts none.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { banSignal, GlobalBans } from "../channels/ban_roll.ts";
import { AuditSeals } from "../db/sql/audit_seals.ts";
import { verifyAudit } from "../db/sql/audit_verification.ts";
import { ModerationStore } from "../db/sql/moderation_store.ts";
import { until } from "../drills/until.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Config } from "./config.ts";
import { ModerationOwner } from "./moderation_owner.ts";
import { type SharedStores, startSharedStores } from "./shared_stores_test_kit.ts";
import { type HotStores, openHotStores } from "./stores.ts";

const parts = { clock: systemClock, random: systemRandom, events: silentEvents };
const KEY = "k".repeat(32);
const mo = { user: "mo", role: "moderator" } as const;

let shared: SharedStores;
let here: HotStores;
let there: HotStores;
let bans: GlobalBans;

beforeAll(async () => {
  shared = await startSharedStores();
  const config = { redisUrl: shared.redis.url, namespace: "moderation" } as Config;
  here = await openHotStores(config, parts);
  there = await openHotStores(config, parts);
  bans = await GlobalBans.open({ ...there, ...parts });
}, 60_000);
afterAll(async () => {
  bans.close();
  await there.close();
  await here.close();
  await shared.stop();
});

function start(fence: number, isTold: boolean): Promise<ModerationOwner> {
  const told = banSignal(here.broker);
  const silent: typeof told = { ...told, publish: () => Promise.resolve({ outcome: "published" }) };
  return ModerationOwner.start({
    ...{ ...here, ...parts },
    publisher: isTold ? told : silent,
    store: new ModerationStore(shared.schema.sql),
    seals: new AuditSeals(shared.schema.sql, KEY),
    rooms: () => ({ command: () => Promise.resolve({ outcome: "ok" }) }),
    roleOf: () => Promise.resolve("fan"),
    fenceOf: () => fence,
  });
}
const ban = (owner: ModerationOwner, target: string) =>
  owner.command(mo, {
    ...{ kind: "moderate", clientId: `ban-${target}`, targetRole: "fan" },
    request: { kind: "banGlobally", target, reason: "why" },
  });
const rowsInSql = async () =>
  (await new ModerationStore(shared.schema.sql).page({ owner: "global", before: null, limit: 9 }))
    .actions.length;

test("another process knows within a second, also where nobody told it", async () => {
  for (const [fence, isTold, user] of [[1, true, "ana"], [2, false, "bea"]] as const) {
    const owner = await start(fence, isTold);
    expect((await ban(owner, user)).outcome).toBe("ok");
    const since = systemClock.monotonic();
    await until(`${user} is on the roll`, () => bans.isBanned(user) !== null);
    // A look takes its turn each second; the rest is the machine's.
    expect(systemClock.monotonic() - since).toBeLessThan(isTold ? 1_000 : 2_000);
    await until("SQL has it", async () => await rowsInSql() === fence);
    await owner.stop("over");
  }
});

test("an emptied Redis lifts no ban, and is filled from SQL", async () => {
  await shared.redis.server.tell((connection) => connection.flushall());
  const owner = await start(3, true);
  expect(bans.isBanned("ana")).not.toBeNull();
  expect(await ban(owner, "cat")).toEqual({ outcome: "ok", made: "action 3" });
  await until("it goes on", () => bans.isBanned("cat") !== null);
  expect(bans.isBanned("bea")).not.toBeNull();
  await until("SQL has it", async () => await rowsInSql() === 3);
  expect(await verifyAudit(shared.schema.sql, KEY)).toMatchObject({ outcome: "whole", rows: 3 });
  await owner.stop("over");
});

test("an owner of before can do nothing any more", async () => {
  const old = await start(4, true);
  const next = await start(5, true);
  await expect(ban(old, "dan")).rejects.toMatchObject({ retryable: true });
  expect((await ban(next, "eve")).outcome).toBe("ok");
  await until("it is known", () => bans.isBanned("eve") !== null);
  expect(bans.isBanned("dan")).toBeNull();
  await Promise.all([old.stop("over"), next.stop("over")]);
});
