import { afterAll, beforeAll, expect, test } from "vitest";
import { RedisCell } from "./redis_cell.ts";
import { openTestClient, someRedis, wipe } from "./redis_test_kit.ts";

let redis: Awaited<ReturnType<typeof someRedis>>;
let opened: Awaited<ReturnType<typeof openTestClient>>;
beforeAll(async () => {
  redis = await someRedis();
  opened = await openTestClient(redis.url);
});
afterAll(async () => {
  await wipe(opened.client, opened.keys);
  opened.client.close();
  await redis.stop();
});

test("a roll is gone from the server with the last of its members, and not before", async () => {
  const { client, keys } = opened;
  const cells = new RedisCell(client, keys);
  const ttl = async () => Number(await client.run("pttl", keys.roll("device/x")));
  await cells.attend("device/x", "long", 60_000);
  await cells.attend("device/x", "short", 1_000);
  expect(await ttl()).toBeGreaterThan(55_000);
  await cells.depart("device/x", "long");
  await cells.attend("device/x", "short", 2_000);
  expect(await ttl()).toBeGreaterThan(0);
  expect(await ttl()).toBeLessThanOrEqual(2_000);
  await cells.depart("device/x", "short");
  expect(Number(await client.run("exists", keys.roll("device/x")))).toBe(0);
});

test("who attends for a moment reads the roll all the same", async () => {
  const { client, keys } = opened;
  const cells = new RedisCell(client, keys);
  for (let turn = 0; turn < 200; turn++) {
    expect(await cells.attend("device/y", "reader", 1)).toEqual(["reader"]);
  }
});
