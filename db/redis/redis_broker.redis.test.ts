import { type AddressInfo, connect, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { StreamChannel } from "../../channels/stream_channel.ts";
import { encodePublication } from "../../channels/publication.ts";
import { limits } from "../../runtime/limits.ts";
import { payload, textOf } from "../contract/payload.ts";
import { RedisBroker } from "./redis_broker.ts";
import { RedisClient } from "./redis_client.ts";
import { openTestClient, type RunningRedis, startRedis } from "./redis_test_kit.ts";
import { RedisStream } from "./redis_stream.ts";
import { until } from "./server_test_kit.ts";

let running: RunningRedis;
let opened: Awaited<ReturnType<typeof openTestClient>>;
let broker: RedisBroker;
beforeAll(async () => {
  running = await startRedis("--appendonly", "yes");
});
afterAll(() => running?.stop());
beforeEach(async () => {
  opened = await openTestClient(running.url);
  broker = new RedisBroker({ ...opened, historyOf: (channel) => `channel/${channel}` });
});
afterEach(() => {
  broker.close();
  opened.client.close();
});

const subscribed = () =>
  running.server.tell(async (redis) => (await redis.pubsub("CHANNELS", "*") as string[]).length);
/** Ends the connections for subscriptions, as a network may. */
const cut = () => running.server.tell((redis) => redis.call("client", "kill", "type", "pubsub"));

test("RedisBroker subscribes to what has listeners and to nothing else", async () => {
  const first = await broker.subscribe("match:a", () => {});
  const second = await broker.subscribe("match:a", () => {});
  const other = await broker.subscribe("match:b", () => {});
  expect(await subscribed()).toBe(2);
  first();
  other();
  await until("match:b is not asked for any more", async () => await subscribed() === 1);
  second();
  await until("nothing is", async () => await subscribed() === 0);
  const again = await broker.subscribe("match:a", () => {});
  again();
  await broker.subscribe("match:a", () => {});
  expect(await subscribed()).toBe(1);
});

test("a gateway without members of a channel receives no byte of it", async () => {
  const heard: Buffer[] = [];
  const relay = createServer((socket) => {
    const { port } = new URL(running.url);
    const upstream = connect(Number(port), "127.0.0.1");
    upstream.on("data", (bytes) => heard.push(bytes as Buffer));
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => {});
  });
  await new Promise<void>((done) => relay.listen(0, "127.0.0.1", done));
  const { port } = relay.address() as AddressInfo;
  const away = await RedisClient.open({ ...opened, url: `redis://127.0.0.1:${port}` });
  const elsewhere = new RedisBroker({ ...opened, client: away, historyOf: (name) => name });
  const [busy, calm]: [string[], string[]] = [[], []];
  await broker.subscribe("match:busy", (bytes) => busy.push(textOf(bytes)));
  await elsewhere.subscribe("match:calm", (bytes) => calm.push(textOf(bytes)));
  for (let count = 0; count < 500; count++) {
    await broker.publish("match:busy", [payload(`busy ${count}`)]);
  }
  await broker.publish("match:calm", [payload("calm 0")]);
  await until("both heard theirs", () => Promise.resolve(busy.length === 500 && calm.length === 1));
  expect(Buffer.concat(heard).includes("calm 0")).toBe(true);
  expect(Buffer.concat(heard).includes("busy")).toBe(false);
  elsewhere.close();
  away.close();
  relay.close();
});

test("RedisBroker asks for many channels at once, and ends them so", async () => {
  const calls = () =>
    running.server.tell(async (redis) => {
      const stats = await redis.info("commandstats");
      const count = (name: string) =>
        Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
      return { subscribe: count("subscribe"), unsubscribe: count("unsubscribe") };
    });
  const before = await calls();
  const names = Array.from({ length: 500 }, (_, index) => `match:m${index}`);
  const leave = await Promise.all(names.map((name) => broker.subscribe(name, () => {})));
  expect(await subscribed()).toBe(500);
  for (const go of leave) go();
  await until("nothing is asked for", async () => await subscribed() === 0);
  const after = await calls();
  expect(after.subscribe - before.subscribe).toBeLessThanOrEqual(2);
  expect(after.unsubscribe - before.unsubscribe).toBeLessThanOrEqual(2);
});

test("RedisBroker hears again after its connection was cut, and has its listeners look", async () => {
  const heard: string[] = [];
  let doubts = 0;
  const listener = (bytes: Uint8Array) => void heard.push(textOf(bytes));
  await broker.subscribe("match:a", listener, () => Promise.resolve(doubts++));
  await until("a new listener looked", () => doubts === 1);
  await cut();
  await until("the listener looks", () => doubts === 2);
  await broker.publish("match:a", [payload("after")]);
  await until("publications arrive", () => heard.includes("after"));
});

test("RedisBroker.subscribe fails in a second where nobody answers, and leaves nobody behind", async () => {
  await broker.subscribe("match:a", () => {});
  running.server.freeze();
  const startedAt = performance.now();
  await expect(broker.subscribe("match:b", () => {})).rejects.toMatchObject({
    code: "storeUnavailable",
    retryable: true,
  });
  expect(performance.now() - startedAt).toBeLessThan(limits.redisCommandMsMax + 300);
  running.server.thaw();
  await until("match:a alone is asked for", async () => await subscribed() === 1);
});

test("a gateway's channel misses nothing that was published while it was cut off", async () => {
  const stream = new RedisStream(opened.client, opened.keys, opened.random);
  let top = 0;
  const publish = async () => {
    const bytes = encodePublication({
      offset: top + 1,
      lane: "goal",
      key: "",
      body: payload(`${top + 1}`),
      receivedAt: 0,
      trace: "",
    });
    const append = { fence: 1, expectedTop: top, entries: [bytes] };
    const publishing = { channel: "match:a", payloads: [bytes] };
    await stream.append("channel/match:a", { ...append, publish: publishing });
    top += 1;
  };
  await publish();
  const heard: (number | null)[] = [];
  const channel = await StreamChannel.open({
    name: "match:a",
    stream,
    broker,
    snapshot: () => Promise.resolve(null),
    listener: ({ offset }) => void heard.push(offset),
    onReset: () => heard.push(null),
  });
  for (let turn = 0; turn < 5; turn++) {
    await publish();
    await cut();
    await publish();
    await publish();
    await until("everything is heard", () => channel!.position.offset === top);
  }
  expect(heard).toEqual(Array.from({ length: 15 }, (_, index) => index + 2));
  // Nobody publishes any more: what is lost now is found by the beacon.
  await running.server.tell((redis) => redis.flushall());
  top = 0;
  await publish();
  await until("the members begin anew", () => heard.at(-1) === null);
  expect(channel!.position.offset).toBe(1);
  channel!.close();
});
