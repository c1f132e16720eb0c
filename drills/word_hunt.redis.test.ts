import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startRedis } from "../db/redis/redis_test_kit.ts";
import { huntInRedis } from "./word_hunt.ts";

test("a word is found in a key, and in a value of every type", async () => {
  const server = await startRedis();
  const redis = new Redis(server.url);
  try {
    await redis.set("text", "a marker");
    await redis.set("other", "nothing");
    await redis.set("named marker", "");
    await redis.hset("hash", "field", '{"text":"a marker"}');
    await redis.hset("hash field", "marker", "");
    await redis.lpush("list", "a marker");
    await redis.sadd("set", "a marker");
    await redis.zadd("ranking", 1, "a marker");
    await redis.xadd("stream", "*", "body", "a marker");
    expect((await huntInRedis(server.url, "marker")).toSorted()).toEqual(
      ["hash", "hash field", "list", "named marker", "ranking", "set", "stream", "text"],
    );
  } finally {
    redis.disconnect();
    await server.stop();
  }
});
