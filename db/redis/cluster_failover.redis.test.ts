import { tracingChannel } from "node:diagnostics_channel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { payload, textOf } from "../contract/payload.ts";
import { type RunningCluster, startCluster } from "./cluster_test_kit.ts";
import { ClusterWatchdog } from "./cluster_watchdog.ts";
import { RedisBroker } from "./redis_broker.ts";
import { eventsHeard, openTestClient } from "./redis_test_kit.ts";
import { RedisStream } from "./redis_stream.ts";
import { until } from "./server_test_kit.ts";

let cluster: RunningCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster?.stop());

/** Stores, and a match on each of a dozen partitions that somebody writes to and somebody hears. */
async function openMatches() {
  const rebuilt: string[] = [];
  const events = eventsHeard({ copyRebuilt: (_what, reason) => void rebuilt.push(reason) });
  const parts = await openTestClient(cluster.url, events);
  const { client, keys, clock } = parts;
  const broker = new RedisBroker({ ...parts, historyOf: (channel) => `channel/${channel}` });
  const stream = new RedisStream(client, keys, parts.random);
  const watchdog = new ClusterWatchdog({ client, keys, clock });
  const matches = await Promise.all(Array.from({ length: 12 }, async (_, index) => {
    const match = new HeardMatch(`m${index}`, stream);
    await match.listen(broker);
    return match;
  }));
  return {
    ...parts,
    matches,
    rebuilt,
    close() {
      for (const match of matches) match.isOver = true;
      watchdog.stop();
      broker.close();
      client.close();
    },
  };
}

/** One match: an owner that appends and publishes, and a gateway's ring of what it heard. */
class HeardMatch {
  readonly id: string;
  readonly #stream: RedisStream;
  /** Positions heard, each once, in order; a hole is filled from the history. */
  readonly heard: number[] = [];
  top = 0;
  failures = 0;
  failedAt = 0;
  writtenAt = 0;
  isOver = false;

  constructor(id: string, stream: RedisStream) {
    this.id = id;
    this.#stream = stream;
  }

  async listen(broker: RedisBroker): Promise<void> {
    await broker.subscribe(
      `match:${this.id}`,
      (bytes) => {
        const position = Number(textOf(bytes));
        if (position === this.heard.length + 1) this.heard.push(position);
      },
      async () => {
        const held = await this.#stream.read(`channel/match:${this.id}`, this.heard.length, 1_000);
        for (const { position } of held) {
          if (position === this.heard.length + 1) this.heard.push(position);
        }
      },
    );
  }

  async hasHeardAll(): Promise<boolean> {
    const position = await this.#stream.position(`channel/match:${this.id}`);
    return this.heard.length === position!.top;
  }

  /** Appends one position after another; what failed is tried again, as an owner does. */
  async write(): Promise<void> {
    while (!this.isOver) {
      const entries = [payload(`${this.top + 1}`)];
      const publish = { channel: `match:${this.id}`, payloads: entries };
      const append = { fence: 1, expectedTop: this.top, entries, publish };
      try {
        const answer = await this.#stream.append(`channel/match:${this.id}`, append);
        // After a failover the new master may lack the last ones: they are appended again.
        if (answer.outcome !== "fenced") this.top = answer.top;
        this.writtenAt = performance.now();
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
        expect(error).toMatchObject({ retryable: true });
        this.failures += 1;
        this.failedAt = performance.now();
      }
      await pause(systemClock, 25);
    }
  }
}

test("a client is replaced under load: commands go on, subscriptions stay", async () => {
  const opened = await openMatches();
  const { matches, client, rebuilt } = opened;
  try {
    const writing = matches.map((match) => match.write());
    await until("everybody heard ten", () => matches.every(({ heard }) => heard.length >= 10));
    expect(await client.rebuild("a test")).toBe(true);
    expect(rebuilt).toEqual(["a test"]);
    const topThen = matches.map(({ top }) => top);
    await until(
      "everybody heard ten more",
      () => matches.every(({ heard }, at) => heard.length >= topThen[at]! + 10),
    );
    for (const match of matches) match.isOver = true;
    await Promise.all(writing);
    // What was under way on the old connections may have failed, once.
    for (const { failures } of matches) expect(failures).toBeLessThanOrEqual(1);
  } finally {
    opened.close();
  }
});

test("a slot moves to another master: its channel is heard there, and listeners look", async () => {
  const { client, keys, close, ...parts } = await openMatches();
  const broker = new RedisBroker({ client, keys, ...parts, historyOf: (channel) => channel });
  const heard: string[] = [];
  let doubts = 0;
  const name = "match:moving";
  try {
    await broker.subscribe(
      name,
      (bytes) => heard.push(textOf(bytes)),
      () => Promise.resolve(doubts++),
    );
    await broker.publish(name, [payload("before")]);
    await until("it is heard", () => heard.includes("before"));
    // Whoever is new looks once; after that only what is lost is a reason.
    await until("listeners looked", () => doubts > 0);
    await cluster.moveSlot(keys.channel(name));
    const looked = doubts;
    await until("listeners look", () => doubts > looked);
    await broker.publish(name, [payload("after")]);
    await until("it is heard again", () => heard.includes("after"));
    expect(heard).toEqual(["before", "after"]);
  } finally {
    broker.close();
    close();
  }
});

test("a master is killed: commands and subscriptions recover, and nobody tries in a loop", async () => {
  const { matches, keys, rebuilt, close } = await openMatches();
  let attempts = 0;
  /** Of connections that try by themselves, which those for subscriptions alone do. */
  let retries = 0;
  const connects = tracingChannel("ioredis:connect");
  const count = (context: unknown) => {
    attempts += 1;
    if ((context as { connectionEpoch: number }).connectionEpoch > 0) retries += 1;
  };
  connects.start.subscribe(count);
  try {
    const writing = matches.map((match) => match.write());
    await until("everybody heard ten", () => matches.every(({ heard }) => heard.length >= 10));
    const victim = await cluster.masterOf(keys.channel("match:m0"));
    attempts = retries = 0;
    const killedAt = performance.now();
    await victim.kill();
    await until("match m0 cannot be written", () => matches[0]!.failures > 0);
    await until(
      "everybody writes",
      () => matches.every(({ writtenAt, failedAt }) => writtenAt > failedAt),
    );
    const writtenAgainMs = Math.round(performance.now() - killedAt);
    const tops = matches.map(({ top }) => top);
    await until(
      "everybody hears it",
      () => matches.every(({ heard }, at) => heard.length >= tops[at]!),
    );
    const heardAgainMs = Math.round(performance.now() - killedAt);
    console.log(
      `failover: written again after ${writtenAgainMs} ms, heard after ${heardAgainMs} ms; ` +
        `${attempts} connections, ${retries} of them again for subscriptions`,
    );
    expect(attempts / heardAgainMs).toBeLessThan(0.05);
    expect(retries).toBeLessThanOrEqual(10);
    expect(rebuilt).toEqual([]);
    for (const match of matches) match.isOver = true;
    await Promise.all(writing);
    for (const match of matches) await until("nothing is missing", () => match.hasHeardAll());
    for (const { heard } of matches) expect(heard).toEqual(heard.map((_, index) => index + 1));
  } finally {
    connects.start.unsubscribe(count);
    close();
  }
});
