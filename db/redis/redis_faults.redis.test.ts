import { execFileSync } from "node:child_process";
import { tracingChannel } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { payload, textOf } from "../contract/payload.ts";
import { temporaryFolder } from "../embedded/temporary_folder.ts";
import { RedisBroker } from "./redis_broker.ts";
import { RedisCell } from "./redis_cell.ts";
import { eventsHeard, openTestClient, type RunningRedis, startRedis } from "./redis_test_kit.ts";
import { RedisStream } from "./redis_stream.ts";
import { freePort, until } from "./server_test_kit.ts";

const historyOf = (channel: string) => `channel/${channel}`;

let running: RunningRedis;
let warnings: string[];
let events: BusinessEvents;
const opened: { close(): void }[] = [];
beforeEach(() => {
  warnings = [];
  events = eventsHeard({ warned: (message) => void warnings.push(message) });
});
afterEach(async () => {
  for (const part of opened.splice(0).reverse()) part.close();
  await running.stop();
});

async function openStores(...options: string[]) {
  running = await startRedis(...options);
  const parts = await openTestClient(running.url, events);
  const broker = new RedisBroker({ ...parts, historyOf });
  opened.push(parts.client, broker);
  const stream = new RedisStream(parts.client, parts.keys, parts.random);
  return { ...parts, broker, stream, cells: new RedisCell(parts.client, parts.keys) };
}

/** The failure of a call and how long it took. */
async function failureOf(call: Promise<unknown>): Promise<{ failure: Failure; ms: number }> {
  const startedAt = performance.now();
  const failure = await call.then(() => "nothing failed", (error) => error);
  expect(failure).toBeInstanceOf(Failure);
  return { failure, ms: performance.now() - startedAt };
}

const append = (stream: RedisStream, top: number, text: string) =>
  stream.append("channel/match:a", {
    fence: 1,
    expectedTop: top,
    entries: [payload(text)],
    publish: { channel: "match:a", payloads: [payload(text)] },
  });

describe("a Redis that was emptied", () => {
  test("begins new epochs, gives higher tokens, and listeners hear of it", async () => {
    const { stream, cells, broker } = await openStores("--appendonly", "yes");
    const before = await append(stream, 0, "one");
    const lease = await cells.lease("lease/7", "first", 60_000);
    let doubts = 0;
    await broker.subscribe("match:a", () => {}, () => Promise.resolve(doubts++));
    await until("the beacon looked", () => doubts > 0);
    const looked = doubts;

    await running.server.tell((redis) => redis.flushall());
    const after = await append(stream, 0, "one");
    expect(after).toMatchObject({ outcome: "appended", top: 1 });
    expect(after).not.toMatchObject({ epoch: (before as { epoch: string }).epoch });
    const granted = await cells.lease("lease/7", "second", 60_000);
    expect(granted).toMatchObject({ outcome: "granted" });
    expect((granted as { token: number }).token).toBeGreaterThan(
      (lease as { token: number }).token,
    );
    await until("the listeners look", () => doubts > looked);
  });
});

describe("a Redis that was killed", () => {
  test("fails commands at once, naming it, and holds what it acknowledged when it is back", async () => {
    // By "everysec" a Redis whose disk is slow answers up to 2 s before it writes.
    const { stream, cells, broker } = await openStores(
      ...["--appendonly", "yes", "--appendfsync", "no"],
    );
    const heard: string[] = [];
    let doubts = 0;
    const onDoubt = () => Promise.resolve(doubts++);
    await broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)), onDoubt);
    let top = 0;
    const promised: number[] = [];
    const writing = (async () => {
      for (;;) {
        const answer = await append(stream, top, `${top + 1}`);
        promised.push(top = (answer as { top: number }).top);
      }
    })().catch((error) => error);
    await until("200 appends were promised", () => promised.length >= 200);
    await running.server.kill();
    expect(await writing).toMatchObject({ code: "storeUnavailable", retryable: true });

    const { failure, ms } = await failureOf(cells.get("snapshot/a"));
    expect(failure).toMatchObject({ code: "storeUnavailable", retryable: true });
    expect(failure.message).toContain(`127.0.0.1:${running.server.port} (REDIS_URL)`);
    expect(ms).toBeLessThan(100);

    const looked = doubts;
    await running.server.startAgain();
    await until(
      "the stream is there",
      async () => (await stream.position("channel/match:a")) !== null,
    );
    const held = await stream.read("channel/match:a", 0, 100_000);
    expect(held.length).toBeGreaterThanOrEqual(promised.at(-1)!);
    expect(held.map(({ position }) => position)).toEqual(held.map((_, index) => index + 1));
    await until("the listeners look", () => doubts > looked);
    heard.length = 0;
    await append(stream, held.length, "again");
    await until("publications arrive", () => heard.includes("again"));
    expect(warnings.filter((text) => text.includes("is away"))).toHaveLength(1);
    expect(warnings.filter((text) => text.includes("is back after"))).toHaveLength(1);
  });
});

describe("a Redis that stopped answering", () => {
  test("fails commands in a second and works when it answers again", async () => {
    const { stream, broker } = await openStores("--appendonly", "yes");
    const heard: string[] = [];
    let doubts = 0;
    const onDoubt = () => Promise.resolve(doubts++);
    await broker.subscribe("match:a", (bytes) => heard.push(textOf(bytes)), onDoubt);
    await append(stream, 0, "before");
    running.server.freeze();
    const { failure, ms } = await failureOf(stream.position("channel/match:a"));
    expect(failure).toMatchObject({ code: "storeUnavailable", retryable: true });
    expect(ms).toBeLessThan(limits.redisCommandMsMax + 300);
    // Long enough for both connections to be given up.
    await pause(systemClock, limits.redisPingMs + limits.redisSilentMsMax);
    const looked = doubts;
    running.server.thaw();
    await until(
      "the stream is there",
      async () => (await stream.position("channel/match:a")) !== null,
    );
    await until("the listeners look", () => doubts > looked);
    await append(stream, 1, "after");
    await until("publications arrive", () => heard.includes("after"));
  });
});

describe("RedisClient.open", () => {
  test("fails where nobody is there, without the password in its words", async () => {
    running = await startRedis();
    await running.server.kill();
    const url = running.url.replace("//", "//golazo:hush@");
    const { failure } = await failureOf(openTestClient(url));
    expect(failure).toMatchObject({ code: "storeUnavailable", retryable: true });
    expect(failure.message).toContain("ECONNREFUSED");
    expect(failure.message).not.toContain("hush");
  });

  test("fails for good where the password is wrong", async () => {
    running = await startRedis("--requirepass", "right");
    const { failure } = await failureOf(openTestClient(running.url.replace("//", "//:wrong@")));
    expect(failure).toMatchObject({ code: "storeRefused", retryable: false });
    const right = await openTestClient(running.url.replace("//", "//:right@"));
    right.client.close();
  });

  test("fails for good where one server is called a Cluster", async () => {
    running = await startRedis();
    const { failure } = await failureOf(openTestClient(`${running.url}/?cluster=1`));
    expect(failure).toMatchObject({ code: "storeRefused", retryable: false });
    expect(failure.message).toContain("cluster=1");
  });

  test("over TLS believes the authority that it is given, and nobody else", async () => {
    const folder = temporaryFolder();
    const path = (name: string) => folder.path(name);
    const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
    const fresh = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a test's", "-keyout"];
    openssl("req", "-x509", ...fresh, path("ca.key"), "-out", path("ca.pem"));
    openssl("req", ...fresh, path("key"), "-out", path("csr"));
    writeFileSync(path("names"), "subjectAltName=DNS:localhost");
    const signer = ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial"];
    const request = ["-in", path("csr"), "-extfile", path("names"), "-out", path("certificate")];
    openssl("x509", "-req", ...signer, ...request);
    const tlsPort = await freePort();
    running = await startRedis(
      ...["--tls-port", `${tlsPort}`, "--tls-auth-clients", "no"],
      ...["--tls-cert-file", path("certificate"), "--tls-key-file", path("key")],
      ...["--tls-ca-cert-file", path("ca.pem")],
    );
    const ca = `/?ca=${encodeURIComponent(path("ca.pem"))}`;
    const { client } = await openTestClient(`rediss://localhost:${tlsPort}${ca}`);
    expect(String(await client.run("ping"))).toBe("PONG");
    client.close();
    for (const url of [`rediss://localhost:${tlsPort}`, `rediss://127.0.0.1:${tlsPort}${ca}`]) {
      const { failure } = await failureOf(openTestClient(url));
      expect(failure).toMatchObject({ code: "storeRefused", retryable: false });
    }
    folder.remove();
  });

  test("says what a server that may forget has to be set to", async () => {
    await openStores("--maxmemory-policy", "allkeys-lru");
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("set appendonly yes");
    expect(warnings[1]).toContain("set maxmemory-policy noeviction");
    expect(warnings[1]).toContain("allkeys-lru");
  });

  test("says nothing of one that is set well, and notes one that does not tell", async () => {
    running = await startRedis("--appendonly", "yes");
    (await openTestClient(running.url, events)).client.close();
    expect(warnings).toEqual([]);
    await running.server.tell((redis) =>
      redis.acl("SETUSER", "fan", "on", ">word", "~*", "&*", "+@all", "-info", "-config")
    );
    const url = running.url.replace("//", "//fan:word@");
    (await openTestClient(url, events)).client.close();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("may not run INFO");
  });
});

test("a connection that was lost is tried again in bounded steps", async () => {
  let attempts = 0;
  const connects = tracingChannel("ioredis:connect");
  const count = () => void attempts++;
  const { client } = await openStores("--appendonly", "yes");
  await running.server.kill();
  connects.start.subscribe(count);
  await pause(systemClock, 1_500);
  connects.start.unsubscribe(count);
  // 50, 100, 200, 400 ms and then every second, of which up to a fifth may be missing.
  expect(attempts).toBeGreaterThanOrEqual(3);
  expect(attempts).toBeLessThanOrEqual(7);
  expect(client.serverOf(0)).not.toBeNull();
});
