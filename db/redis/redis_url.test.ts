import { expect, test } from "vitest";
import { parseRedisUrl } from "./redis_url.ts";

test("parseRedisUrl reads one server", () => {
  expect(parseRedisUrl("redis://cache.example")).toEqual({
    hosts: [{ host: "cache.example", port: 6379 }],
    isCluster: false,
    tls: null,
    username: undefined,
    password: undefined,
    db: 0,
    shown: "redis://cache.example",
  });
  expect(parseRedisUrl("rediss://us%40er:p%2Fw:d@[::1]:6380/3")).toMatchObject({
    hosts: [{ host: "::1", port: 6380 }],
    tls: {},
    username: "us@er",
    password: "p/w:d",
    db: 3,
    shown: "rediss://[::1]:6380",
  });
  expect(parseRedisUrl("redis://user:an@hush@h")).toMatchObject({ password: "an@hush" });
  expect(parseRedisUrl("redis://:word@h/")).toMatchObject({
    username: undefined,
    password: "word",
  });
});

test("parseRedisUrl reads some servers of a cluster", () => {
  expect(parseRedisUrl("redis://u:p@a:7000,b:7001,c/?cluster=1")).toMatchObject({
    hosts: [{ host: "a", port: 7000 }, { host: "b", port: 7001 }, { host: "c", port: 6379 }],
    isCluster: true,
    shown: "redis://a:7000,b:7001,c",
  });
  expect(parseRedisUrl("redis://a:7000?cluster=1").isCluster).toBe(true);
  const encrypted = parseRedisUrl("rediss://a/?cluster=1&ca=deno.json");
  expect(encrypted).toMatchObject({
    isCluster: true,
    tls: { ca: expect.stringContaining("{") },
    shown: "rediss://a",
  });
});

test("parseRedisUrl refuses what it cannot take whole, and does not repeat it", () => {
  const wrong = [
    "http://redis",
    "redis://",
    "redis://a:1,b:2",
    "redis://a:1,b:2/?cluster=yes",
    "redis://a/1?cluster=1",
    "redis://a:70000",
    "redis://a/x",
    "redis://a/?ca=deno.json",
    "rediss://a/?ca=deno.json&what=1",
    "rediss://a/?ca=no-such-file",
    "redis://hush:hush@a b",
    "redis://hush%zz@a",
  ];
  for (const url of wrong) {
    expect(() => parseRedisUrl(url), url).toThrow("REDIS_URL");
    expect(() => parseRedisUrl(url), url).not.toThrow("hush");
  }
});
